import { constants } from "node:os";
import type { ServerChannel } from "ssh2";

/** The signals that have a name in the protocol (RFC 4254 §6.10). */
const named = new Set([
  "ABRT",
  "ALRM",
  "FPE",
  "HUP",
  "ILL",
  "INT",
  "KILL",
  "PIPE",
  "QUIT",
  "SEGV",
  "TERM",
  "USR1",
  "USR2",
]);

/** What the shell adds to the number of a signal to make an exit code of it. */
const signalBase = 128;

/** The system's name of a signal that a client asks for, such as `TERM`; `undefined` when the protocol has no such signal. */
export function signalNamed(name: string): NodeJS.Signals | undefined {
  const short = name.replace(/^SIG/, "");
  const signals = Object.keys(constants.signals);
  return named.has(short)
    ? signals.find((signal): signal is NodeJS.Signals => signal === `SIG${short}`)
    : undefined;
}

/**
 * Tells the client how a program ended, and closes the channel.
 * @param exitCode The exit code, or minus the number of the signal that ended it.
 */
export function reportEnd(channel: ServerChannel, exitCode: number): void {
  const signal = Object.entries(constants.signals).find(([, number]) => number === -exitCode)?.[0];
  const name = signal?.replace(/^SIG/, "");
  if (name !== undefined && named.has(name)) {
    channel.exit(name, false, "");
  } else {
    channel.exit(exitCode < 0 ? signalBase - exitCode : exitCode);
  }
  channel.end();
}
