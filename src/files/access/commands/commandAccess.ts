import * as l10n from "@vscode/l10n";
import { createHash, randomBytes } from "node:crypto";
import { posix } from "node:path";
import { homeDirectory } from "../../../api/files/remoteName.js";
import { gathered } from "../../sftp/pieces.js";
import type { SessionPlace } from "../../sftp/sessionSftp.js";
import { apiFailure } from "../api/apiErrors.js";
import { checkedPath } from "../checkedPath.js";
import type { FileContent, MoveOptions, OperationOptions, ReadOptions, WriteOptions } from "../fileAccess.js";
import { FileAccessError } from "../fileAccessError.js";
import type { SessionCommands } from "./sessionCommands.js";

/** What goes through the server's file calls at a time, in bytes: below their 1 MiB with room for a tar's head. */
const pieceBytes = 768 * 1024;

/** Pieces of one command: 12 MiB of the session's disk beside the file. */
const piecesAtOnce = 16;

/** For tidying up after a failure or an abort, in milliseconds. */
const tidyMs = 60_000;

/**
 * What the server's file calls lack, by small commands in the session's interpreter: other names, deleting, folders, copies, and
 * files of any size, in pieces that are joined, or split, inside the session and verified by their SHA-256.
 */
export class CommandAccess {
  readonly #place: SessionPlace;
  readonly #commands: SessionCommands;

  constructor(place: SessionPlace, commands: SessionCommands) {
    this.#place = place;
    this.#commands = commands;
  }

  async rename(from: string, to: string, { overwrite, signal }: MoveOptions): Promise<void> {
    const [source, target] = [checkedPath(from), checkedPath(to)];
    expectOutside(source, target);
    await this.#commands.run(
      { name: "rename", arguments: [source, target, overwrite] },
      { path: source, signal },
    );
  }

  async copy(from: string, to: string, { overwrite, signal }: MoveOptions): Promise<void> {
    const [source, target] = [checkedPath(from), checkedPath(to)];
    expectOutside(source, target);
    await this.#commands.run(
      { name: "copy", arguments: [source, target, overwrite] },
      { path: source, signal },
    );
  }

  async remove(
    path: string,
    { recursive, signal }: OperationOptions & { readonly recursive: boolean },
  ): Promise<void> {
    const checked = checkedPath(path);
    await this.#commands.run({ name: "remove", arguments: [checked, recursive] }, { path: checked, signal });
  }

  async makeDirectory(path: string, { signal }: OperationOptions): Promise<void> {
    const checked = checkedPath(path);
    await this.#commands.run({ name: "make", arguments: [checked] }, { path: checked, signal });
  }

  /** Twelve MiB of it at a time lie in pieces beside the home's files, hidden, while they are fetched. */
  async *read(path: string, { range, signal }: ReadOptions): AsyncGenerator<Uint8Array> {
    const checked = checkedPath(path);
    const folder = hiddenFolder();
    try {
      let first: { readonly size: number; readonly mtime: number } | undefined;
      let next = range?.start ?? 0;
      let end = range?.end ?? Number.MAX_SAFE_INTEGER;
      while (next < end) {
        const until = Math.min(end, next + pieceBytes * piecesAtOnce);
        const asked = { name: "split", arguments: [checked, folder, next, until, pieceBytes] } as const;
        const [names, sha256, size, mtime] = (await this.#commands.run(asked, {
          path: checked,
          signal,
        })) as Split;
        first ??= { size, mtime };
        end = Math.min(end, first.size);
        if (first.size !== size || first.mtime !== mtime) {
          throw new FileAccessError(
            "changed",
            checked,
            l10n.t("{0} was changed in the session while it was read. Read it again.", checked),
          );
        }
        const hash = createHash("sha256");
        for (const name of names) {
          const bytes = await this.#fetch(posix.join(folder, name), signal);
          hash.update(bytes);
          next += bytes.length;
          yield bytes;
        }
        if (hash.digest("hex") !== sha256) {
          throw new FileAccessError(
            "lost",
            checked,
            l10n.t("{0} did not come as the session has it.", checked),
          );
        }
        await this.#drop(folder);
        if (names.length === 0) {
          return;
        }
      }
    } finally {
      await this.#drop(folder).catch(() => undefined);
    }
  }

  /** Sent in pieces into a hidden folder of the home, joined beside the old file, verified, and put in its place at once. */
  async write(path: string, content: FileContent, options: WriteOptions): Promise<void> {
    const checked = checkedPath(path);
    const { signal, create = true, overwrite = true, expected, onProgress } = options;
    const folder = hiddenFolder();
    await this.#commands.run({ name: "make", arguments: [folder] }, { path: checked, signal });
    try {
      const hash = createHash("sha256");
      const names: string[] = [];
      let sent = 0;
      for await (const piece of gathered(content.open(0), pieceBytes)) {
        const name = String(sent);
        hash.update(piece);
        await this.#send(posix.join(folder, name), piece, signal);
        names.push(name);
        sent += piece.length;
        onProgress?.(Math.min(sent, content.size));
      }
      if (sent !== content.size) {
        throw new FileAccessError(
          "changed",
          checked,
          l10n.t("What was to be written to {0} has changed meanwhile.", checked),
        );
      }
      const seen = expected && [expected.size, Math.floor(expected.mtimeMs / 1000)];
      const rules = { create, overwrite, expected: seen ?? null };
      const joined = {
        name: "join",
        arguments: [folder, checked, names, hash.digest("hex"), rules],
      } as const;
      await this.#commands.run(joined, { path: checked, signal });
    } finally {
      await this.#drop(folder).catch(() => undefined);
    }
  }

  async #fetch(path: string, signal: AbortSignal): Promise<Buffer> {
    const { client, sessionId } = this.#place;
    try {
      return await client.files.downloadSingle(sessionId, posix.relative(homeDirectory, path), { signal });
    } catch (error) {
      throw apiFailure(error, path);
    }
  }

  async #send(path: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
    const { client, sessionId } = this.#place;
    try {
      await client.files.upload(sessionId, [{ path: posix.relative(homeDirectory, path), content: bytes }], {
        signal,
      });
    } catch (error) {
      throw apiFailure(error, path);
    }
  }

  async #drop(folder: string): Promise<void> {
    const signal = AbortSignal.timeout(tidyMs);
    await this.#commands.run({ name: "remove", arguments: [folder, true] }, { path: folder, signal });
  }
}

/** What `split` answers: names, SHA-256 of all pieces, size and time of the file. */
type Split = readonly [names: readonly string[], sha256: string, size: number, mtime: number];

/** In the home, which the server's file calls reach, whatever the file is. */
function hiddenFolder(): string {
  return `${homeDirectory}/.backendai-${randomBytes(6).toString("hex")}.part`;
}

function expectOutside(from: string, to: string): void {
  if (to.startsWith(`${from}/`)) {
    throw new FileAccessError("invalid", to, l10n.t("{0} can't be put into itself.", from));
  }
}
