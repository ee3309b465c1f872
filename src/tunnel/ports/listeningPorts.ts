/** A port that a program listens on. */
export interface ListeningPort {
  readonly port: number;
  /** The socket's number in the kernel, by which its process is found. */
  readonly inode: string;
}

/** `LISTEN` in the fourth column. */
const listening = "0A";

/** Loopback and “any”, as the kernel writes addresses: groups of four bytes, each in the machine's order. */
const reachable: readonly RegExp[] = [
  /^0{8}$/,
  /^[\dA-F]{6}7F$/,
  /^0{32}$/,
  /^0{24}01000000$/,
  /^0{16}FFFF0000[\dA-F]{6}7F$/,
];

/** Reads rows of `/proc/net/tcp` and `/proc/net/tcp6`: ports that can be reached over loopback, each once. */
export function listeningPorts(rows: readonly string[]): readonly ListeningPort[] {
  const ports = new Map<number, ListeningPort>();
  for (const row of rows) {
    const [, local = "", , state, , , , , , inode = ""] = row.trim().split(/\s+/);
    const [address = "", hexPort = ""] = local.split(":");
    const port = Number.parseInt(hexPort, 16);
    if (state === listening && port > 0 && reachable.some((pattern) => pattern.test(address))) {
      ports.set(port, { port, inode });
    }
  }
  return [...ports.values()];
}

/** A port that comes back within this time is the same program started again, in milliseconds. */
const restartMs = 30_000;

/** More at once are not servers for people: kernels and job runners open ports by the handful. */
const handful = 3;

/** Which ports that a session opened at once are worth a word to a person. */
export function worthTelling(ports: readonly ListeningPort[]): readonly ListeningPort[] {
  return ports.length > handful ? [] : ports;
}

/** Tells which listening ports are news. The first look is none. */
export class PortNews {
  readonly #isOwn: (port: number) => boolean;
  /** When each port was last seen, in milliseconds of the given clock. */
  readonly #seen = new Map<number, number>();
  #previous = new Set<number>();
  #isFirst = true;

  /** @param isOwn Whether a port belongs to the session's own apps, which are no news. */
  constructor(isOwn: (port: number) => boolean) {
    this.#isOwn = isOwn;
  }

  /** The ports among `current` that started to listen since the look before. */
  update(current: readonly ListeningPort[], nowMs: number): readonly ListeningPort[] {
    for (const port of this.#previous) {
      this.#seen.set(port, nowMs);
    }
    const fresh = current.filter(({ port }) => !this.#isKnown(port, nowMs) && !this.#isOwn(port));
    this.#previous = new Set(current.map(({ port }) => port));
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst ? [] : fresh;
  }

  #isKnown(port: number, nowMs: number): boolean {
    const seenMs = this.#seen.get(port);
    return this.#previous.has(port) || (seenMs !== undefined && nowMs - seenMs < restartMs);
  }
}
