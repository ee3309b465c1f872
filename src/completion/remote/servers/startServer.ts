import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { abortable, anySignal, deadline, within } from "../../../base/abort.js";
import { readAnnouncement } from "../../../tunnel/announcement.js";
import { endOf, type ProgramEnd } from "../../../tunnel/programEnd.js";
import { programOutput } from "../../../tunnel/programOutput.js";
import type { SessionSsh, SshLease } from "../../../tunnel/sessionSsh.js";
import type { LanguageServer, ServedLanguage } from "./languageServers.js";
import { LanguageServerStartError, NoLanguageServerError } from "./serverErrors.js";
import { endServerCommand, startServerCommand } from "./serverScripts.js";

/** Looking for a server asks interpreters that a cold disk of a cluster reads slowly, in milliseconds. */
const findMs = 60_000;

/** How long a server that has lost its input may take to end, in milliseconds. */
const farewellMs = 1500;

/** How long it may take to have the session end one that does not, in milliseconds. */
const endMs = 5000;

/** A server that runs in a session. Who started it ends it. */
export interface ServerProcess {
  readonly server: LanguageServer;
  /** The session's home as its programs know it, absolute. */
  readonly home: string;
  /** Speaks the protocol both ways; paused: who has begun to listen resumes it. */
  readonly channel: ClientChannel;
  readonly errors: Readable;
  /** An end without exit code and signal is a lost connection. */
  readonly ended: Promise<ProgramEnd>;
  /** Takes its input away, and has it ended where that is not enough. Never rejects; takes a few seconds at most. */
  end(): Promise<void>;
}

/** What to start, and where. */
export interface ServerStart {
  readonly ssh: SessionSsh;
  readonly language: ServedLanguage;
  /** For messages. */
  readonly sessionName: string;
  readonly signal: AbortSignal;
}

/**
 * Starts the first server that a session has for a language: one question over ssh finds it and becomes it.
 * @throws {NoLanguageServerError} with what could be installed.
 * @throws {LanguageServerStartError}
 * @throws {NetworkError}
 * @throws {TimeoutError} (`start`)
 * @throws {SshUnavailableError} and others of `SessionSsh.acquire`.
 */
export async function startServer(start: ServerStart): Promise<ServerProcess> {
  const { ssh, language, signal } = start;
  const mark = randomUUID();
  const limit = deadline(findMs, "start", l10n.t("Looking for a language server for {0}", language.name));
  const either = anySignal(signal, limit.signal);
  let lease: SshLease | undefined;
  let channel: ClientChannel | undefined;
  try {
    lease = await ssh.acquire(either);
    channel = await lease.connection.exec(startServerCommand(language, mark), either);
    const ended = endOf(channel);
    const { word, rest } = await abortable(readAnnouncement(channel, silence), either);
    const { server, processId, home } = readyServer(word, start);
    if (rest.length > 0) {
      channel.unshift(rest);
    }
    const owned = { ssh, lease, channel, ended, endCommand: endServerCommand(processId, mark) };
    return { server, home, channel, errors: channel.stderr, ended, end: async () => endServer(owned) };
  } catch (error) {
    channel?.close();
    lease?.dispose();
    throw error;
  } finally {
    limit.clear();
  }
}

function silence(said: string): Error {
  return new LanguageServerStartError(
    said === ""
      ? l10n.t("No language server could be started in the session.")
      : l10n.t("No language server could be started in the session: {0}.", said),
  );
}

interface ReadyServer {
  readonly server: LanguageServer;
  readonly processId: number;
  readonly home: string;
}

function readyServer(word: string, { language, sessionName }: ServerStart): ReadyServer {
  const [, index = "", processId = "", home = ""] = /^ready (\d+) (\d+) (\/.*)$/s.exec(word) ?? [];
  const server = language.servers[Number(index)];
  if (index !== "" && server !== undefined) {
    return { server, processId: Number(processId), home };
  }
  const installers = word.split(" ").slice(1);
  const installations = language.servers.flatMap(({ installation }) => installation ?? []);
  throw new NoLanguageServerError(
    language,
    sessionName,
    // What a language's own interpreter brings needs no other one.
    installations.filter(({ by }) => installers.includes(by)).sort(byInterpreter),
  );
}

function byInterpreter(a: { readonly by: string }, b: { readonly by: string }): number {
  return Number(b.by === "pip") - Number(a.by === "pip");
}

interface OwnedServer {
  readonly ssh: SessionSsh;
  readonly lease: SshLease;
  readonly channel: ClientChannel;
  readonly ended: Promise<ProgramEnd>;
  readonly endCommand: string;
}

async function endServer({ ssh, lease, channel, ended, endCommand }: OwnedServer): Promise<void> {
  try {
    channel.end();
    channel.resume(); // its last words have no reader, and its end comes behind them
    // for programs
    await within(ended, farewellMs, "total", "The end of a language server").catch(async () => {
      if (lease.connection.isOpen) {
        await programOutput(ssh, endCommand, { limitBytes: 0, timeoutMs: endMs });
      }
    });
  } catch {
    // The session ends it, or it was gone before.
  } finally {
    channel.close();
    lease.dispose();
  }
}
