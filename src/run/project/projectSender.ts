import type { BackendAIClient } from "../../api/index.js";
import type { Logger } from "../../base/logger.js";
import { TurnQueue } from "../../base/turnQueue.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import type { SendFiles, SendOptions } from "../../files/upload/outgoingFile.js";
import { createSender } from "../../files/upload/sender.js";
import { type SessionPlace, SessionSftp } from "../../files/sftp/sessionSftp.js";
import type { ProjectFile } from "./projectFiles.js";
import { remoteStamps, type RemoteStamps } from "./remoteStamps.js";
import { type ComparedFile, hashOf, SentFiles } from "./sentFiles.js";

/** What the sender works with. */
export interface ProjectSenderParts {
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
}

/** How many files a session needed. */
export interface SentCount {
  readonly sent: number;
  readonly unchanged: number;
}

/** Sends the files of runs: those alone that a session does not have from this window as they are. */
export class ProjectSender {
  readonly #sftp: SessionSftp;
  readonly #send: SendFiles;
  readonly #sent = new SentFiles();
  /** Sends to one session follow one another: the slower one would leave older texts than the other had sent. */
  readonly #turns = new TurnQueue();
  readonly #logger: Logger;

  constructor({ tunnels, logger }: ProjectSenderParts) {
    this.#sftp = new SessionSftp(tunnels, logger);
    this.#send = createSender({ tunnels, logger, sftp: this.#sftp });
    this.#logger = logger;
  }

  /** What is new or has changed since it was sent, as far as this window knows: the session is not asked. */
  async compare(
    client: BackendAIClient,
    sessionId: string,
    files: readonly ProjectFile[],
  ): Promise<readonly ComparedFile[]> {
    return this.#sent.compare(nameOf({ client, sessionId }), files);
  }

  /**
   * Makes a session have the files. What it had from here and has no more, or has changed itself, is sent again.
   * @throws as {@link createSender}'s does; then whatever arrived counts as not sent.
   */
  async send(
    client: BackendAIClient,
    sessionId: string,
    files: readonly ProjectFile[],
    options: SendOptions,
  ): Promise<SentCount> {
    const place = { client, sessionId };
    const leave = await this.#turns.enter(nameOf(place), options.signal);
    try {
      return await this.#sendTo(place, files, options);
    } finally {
      leave();
    }
  }

  /** A session was restarted, or is over. */
  forget(client: BackendAIClient, sessionId: string): void {
    this.#sent.forget(nameOf({ client, sessionId }));
  }

  async #sendTo(
    place: SessionPlace,
    files: readonly ProjectFile[],
    options: SendOptions,
  ): Promise<SentCount> {
    const needed = await this.#needed(place, files, options.signal);
    const hashes = new Map<ProjectFile, { readonly hash: string; readonly size: number }>();
    const watched = needed.map((file) => ({
      path: file.path,
      size: file.size,
      read: async (): Promise<Uint8Array> => {
        const bytes = await file.read();
        hashes.set(file, { hash: hashOf(bytes), size: bytes.byteLength });
        return bytes;
      },
    }));
    for (const { path } of needed) {
      this.#sent.forget(nameOf(place), path);
    }
    await this.#send(place.client, place.sessionId, watched, options);
    const paths = needed.map(({ path }) => path);
    const stamps = await this.#stamps(place, paths, options.signal);
    for (const [{ path, mtimeMs }, content] of hashes) {
      this.#sent.record(nameOf(place), path, { ...content, mtimeMs, stamp: stamps?.get(path) });
    }
    return { sent: needed.length, unchanged: files.length - needed.length };
  }

  async #needed(
    place: SessionPlace,
    files: readonly ProjectFile[],
    signal: AbortSignal,
  ): Promise<readonly ProjectFile[]> {
    const name = nameOf(place);
    const compared = await this.#sent.compare(name, files);
    const same = compared.filter(({ state }) => state === "unchanged").map(({ file }) => file.path);
    const stamps = await this.#stamps(place, same, signal);
    const isThere = (path: string): boolean => {
      const [sent, now] = [this.#sent.find(name, path)?.stamp, stamps?.get(path)];
      return (
        stamps === undefined ||
        (now !== undefined &&
          (sent === undefined || (sent.size === now.size && sent.mtimeSeconds === now.mtimeSeconds)))
      );
    };
    return compared
      .filter(({ state, file }) => state !== "unchanged" || !isThere(file.path))
      .map(({ file }) => file);
  }

  async #stamps(
    place: SessionPlace,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<RemoteStamps | undefined> {
    return remoteStamps(place, paths, { sftp: this.#sftp, logger: this.#logger, signal });
  }
}

/** The same session of the same server, also after another connection to it. */
function nameOf({ client, sessionId }: SessionPlace): string {
  return `${client.endpoint} ${sessionId}`;
}
