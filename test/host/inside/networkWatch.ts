/** Notes which code of the extension under test connects, listens or starts programs in this extension host, from now on. */
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

/** What was noted, and whether the extension had been activated before anybody looked. */
export interface NetworkWatch {
  readonly wasActive: boolean;
  /** A line each: what was done, and the code of the extension that did it. */
  readonly calls: readonly string[];
}

const place = Symbol.for("backendai.test.networkWatch");

/** Files of the extension in a stack. */
const own = /[\\/]dist[\\/](?:extension|rooms|part-\w+|vendor[\\/]\w+)\.cjs/;

/** Begins to watch; once in a host. */
export function watchNetwork(wasActive: boolean): void {
  const calls: string[] = [];
  const note = (what: string): void => {
    const frame = (new Error().stack ?? "").split("\n").find((line) => own.test(line));
    if (frame !== undefined) {
      calls.push(`${what} by ${frame.trim()}`);
    }
  };
  wrap(net.Socket.prototype, "connect", note);
  wrap(net.Server.prototype, "listen", note);
  wrap(childProcess, "spawn", note);
  syncBuiltinESMExports();
  Reflect.set(globalThis, place, { wasActive, calls } satisfies NetworkWatch);
}

/** What has been noted so far. */
export function networkWatch(): NetworkWatch {
  return Reflect.get(globalThis, place) as NetworkWatch;
}

function wrap(owner: object, name: string, note: (what: string) => void): void {
  const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
  Reflect.set(owner, name, function (this: unknown, ...args: unknown[]): unknown {
    note(name);
    return Reflect.apply(original, this, args);
  });
}
