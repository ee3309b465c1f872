import * as l10n from "@vscode/l10n";
import { readFile, readlink } from "node:fs/promises";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { ClientChannel } from "ssh2";
import { abortable } from "../../base/abort.js";
import { BackendAIError } from "../../base/errors.js";
import type { SshConnection } from "../sshConnection.js";
import { type ListeningPort, listeningPorts } from "./listeningPorts.js";
import { endOfRows, socketsCommand, unchanged, unknowable, watchCommand } from "./watchScript.js";

/** The session's system does not tell which ports its programs listen on. */
export class PortsUnknownError extends BackendAIError {
  readonly code = "PORTS_UNKNOWN";

  constructor() {
    super(l10n.t("The session's system has no /proc/net/tcp."));
  }
}

/** The ports at one moment. */
export interface PortsAt {
  readonly ports: readonly ListeningPort[];
  readonly isOfThisComputer: boolean;
}

/**
 * The ports that a session's programs listen on: at once, and again whenever they have changed. Returns when the connection
 * or the program on the other side ends.
 * @throws {PortsUnknownError}
 * @throws {NetworkError}
 */
export async function* followPorts(
  connection: SshConnection,
  { pauseSeconds, signal }: { readonly pauseSeconds: number; readonly signal: AbortSignal },
): AsyncGenerator<PortsAt, void, undefined> {
  const channel = await connection.exec(watchCommand(pauseSeconds));
  const close = (): void => channel.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    signal.throwIfAborted();
    const here = await thisComputer();
    let place: string | undefined;
    let rows: string[] = [];
    for await (const line of linesOf(channel)) {
      if (place === undefined) {
        place = line;
      } else if (line === endOfRows) {
        yield { ports: listeningPorts(rows), isOfThisComputer: place === here };
        rows = [];
      } else if (line !== unchanged) {
        rows.push(line);
      }
      if (place === unknowable) {
        throw new PortsUnknownError();
      }
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/**
 * Those of `ports` that processes of the session hold, on a computer that sessions share.
 * @throws {NetworkError}
 */
export async function portsOfSession(
  connection: SshConnection,
  ports: readonly ListeningPort[],
  signal: AbortSignal,
): Promise<readonly ListeningPort[]> {
  if (ports.length === 0) {
    return [];
  }
  const channel = await connection.exec(socketsCommand());
  channel.stderr.resume();
  const held = new Set((await abortable(text(channel), signal)).split("\n").map((line) => line.trim()));
  return ports.filter(({ inode }) => held.has(`socket:[${inode}]`));
}

function linesOf(channel: ClientChannel): AsyncIterable<string> {
  channel.stderr.resume();
  return createInterface({ input: channel, crlfDelay: Infinity });
}

/** This machine and network namespace, as `watchCommand` names those of a session; `undefined` where there is no `/proc`. */
async function thisComputer(): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await readlink("/proc/self/ns/net")}`;
  } catch {
    return undefined;
  }
}
