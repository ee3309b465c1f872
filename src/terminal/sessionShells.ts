import { programOutput } from "../tunnel/programOutput.js";
import type { SessionSsh } from "../tunnel/sessionSsh.js";
import { endShellCommand, listShellsCommand } from "./links/shellScript.js";

/** Output of the list that is read: a line a shell. */
const listLimitBytes = 256 * 1024;

/** How long tmux may take to answer, in milliseconds. */
const listTimeoutMs = 20_000;

/** A tmux session of a compute session. */
export interface SessionShell {
  readonly name: string;
  /** How many screens show it. */
  readonly clients: number;
  readonly lastUsed: Date;
  /** The program in front. */
  readonly program: string;
  readonly title: string;
}

/**
 * The tmux sessions of a compute session, the one used last first; none where it has no tmux.
 * @throws {SshUnavailableError} and others of `SessionSsh.acquire`.
 */
export async function listShells(ssh: SessionSsh, signal: AbortSignal): Promise<readonly SessionShell[]> {
  const text = await outputOf(ssh, listShellsCommand(), signal);
  return parseShells(text);
}

/** Ends a tmux session and what runs in it. */
export async function endShell(ssh: SessionSsh, name: string, signal: AbortSignal): Promise<void> {
  await outputOf(ssh, endShellCommand(name), signal);
}

/** Lines of name, clients, seconds since the epoch, program, title; separated by tabs. */
export function parseShells(text: string): readonly SessionShell[] {
  return text
    .split("\n")
    .flatMap((line) => {
      const [name = "", clients = "", seconds = "", program = "", ...title] = line.split("\t");
      return name === "" || !/^\d{1,12}$/.test(seconds)
        ? []
        : [
            {
              name,
              clients: Number(clients) || 0,
              lastUsed: new Date(Number(seconds) * 1000),
              program,
              title: title.join("\t"),
            },
          ];
    })
    .sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}

async function outputOf(ssh: SessionSsh, command: string, signal: AbortSignal): Promise<string> {
  const { text } = await programOutput(ssh, command, {
    signal,
    limitBytes: listLimitBytes,
    timeoutMs: listTimeoutMs,
  });
  return text;
}
