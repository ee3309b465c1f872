import type { ClientChannel } from "ssh2";
import { abortable, deadline } from "../../../base/abort.js";
import { shorten } from "../../../base/text.js";
import type { SshConnection } from "../../../tunnel/sshConnection.js";
import { DapLink } from "../dap/dapLink.js";
import { announcement, startAdapterCommand } from "./adapterScript.js";
import { DebugpyStartError, NoDebugpyError, NoPythonError } from "./debugErrors.js";

/** How long debugpy may take to be there, in milliseconds: a cold disk of a cluster reads its files slowly. */
const startMs = 30_000;

/** Output before the announcement: what profiles of a shell say. */
const preambleLimitBytes = 64 * 1024;

/** What of the error output is kept for the message. */
const errorLimit = 400;

/** An adapter that runs in a session. */
export interface RunningAdapter {
  /** Not started yet: who listens starts it with `first`. */
  readonly link: DapLink;
  readonly first: Buffer;
  /** The session's home, absolute. */
  readonly home: string;
}

/** What to start, and where. */
export interface AdapterStart {
  readonly connection: SshConnection;
  /** The interpreter, by name or path. */
  readonly python: string;
  /** For messages. */
  readonly sessionName: string;
  readonly signal: AbortSignal;
}

/**
 * Starts debugpy's adapter in a session, on the input and output of an ssh channel: nothing listens for us in the session,
 * and it ends when the channel does, with the program that it debugs.
 * @throws {NoPythonError}
 * @throws {NoDebugpyError}
 * @throws {DebugpyStartError}
 * @throws {NetworkError}
 * @throws {TimeoutError} (`start`)
 */
export async function startAdapter(start: AdapterStart): Promise<RunningAdapter> {
  const { connection, python, signal } = start;
  const limit = deadline(startMs, "start", "Starting debugpy in the session");
  const either = AbortSignal.any([signal, limit.signal]);
  let channel: ClientChannel | undefined;
  try {
    channel = await connection.exec(startAdapterCommand(python), either);
    const { word, rest } = await abortable(readAnnouncement(channel), either);
    const [kind, home = ""] = /^ready (.+)$/s.exec(word)?.slice(0, 2) ?? [word];
    if (home === "") {
      throw refusal(kind, start);
    }
    return { link: new DapLink(channel), first: rest, home };
  } catch (error) {
    channel?.close();
    throw error;
  } finally {
    limit.clear();
  }
}

function refusal(word: string | undefined, { python, sessionName }: AdapterStart): Error {
  switch (word) {
    case "no-python":
      return new NoPythonError(python, sessionName);
    case "no-debugpy":
      return new NoDebugpyError(sessionName);
    default:
      return new DebugpyStartError(`${python} of session ${sessionName} does not run: it may be too old.`);
  }
}

/** Reads the first word of the script; bytes after it belong to the adapter. */
function readAnnouncement(channel: ClientChannel): Promise<{ readonly word: string; readonly rest: Buffer }> {
  let errors = "";
  channel.stderr.on("data", (bytes: Buffer) => (errors = (errors + bytes.toString()).slice(-errorLimit)));
  channel.on("error", () => undefined); // its end tells
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      seen = Buffer.concat([seen, bytes]);
      const start = seen.indexOf(announcement.start);
      const from = start + announcement.start.length;
      const end = start < 0 ? -1 : seen.indexOf(announcement.end, from);
      if (end >= 0) {
        stop();
        resolve({ word: seen.toString("utf8", from, end), rest: seen.subarray(end + 1) });
      } else if (seen.length > preambleLimitBytes) {
        onClose();
      }
    };
    const onClose = (): void => {
      stop();
      const said = shorten((errors || seen.toString()).trim(), errorLimit);
      reject(new DebugpyStartError(`debugpy could not be started in the session${said && `: ${said}`}.`));
    };
    const stop = (): void => {
      channel.pause().off("data", onData).off("close", onClose);
    };
    channel.on("data", onData).on("close", onClose);
  });
}
