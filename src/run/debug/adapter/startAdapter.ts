import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { abortable, deadline } from "../../../base/abort.js";
import { readAnnouncement } from "../../../tunnel/announcement.js";
import type { SshConnection } from "../../../tunnel/sshConnection.js";
import { DapLink } from "../dap/dapLink.js";
import { startAdapterCommand } from "./adapterScript.js";
import { DebugpyStartError, NoDebugpyError, NoPythonError } from "./debugErrors.js";

/** How long debugpy may take to be there, in milliseconds: a cold disk of a cluster reads its files slowly. */
const startMs = 30_000;

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
  const limit = deadline(startMs, "start", l10n.t("Starting debugpy in the session"));
  const either = AbortSignal.any([signal, limit.signal]);
  let channel: ClientChannel | undefined;
  try {
    channel = await connection.exec(startAdapterCommand(python), either);
    const { word, rest } = await abortable(readAnnouncement(channel, silence), either);
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
      return new DebugpyStartError(
        l10n.t("{0} of session {1} does not run: it may be too old.", python, sessionName),
      );
  }
}

function silence(said: string): Error {
  return new DebugpyStartError(
    said === ""
      ? l10n.t("debugpy could not be started in the session.")
      : l10n.t("debugpy could not be started in the session: {0}.", said),
  );
}
