import { delay } from "../../../src/base/abort.js";
import { openBare } from "./bareEnd.js";
import type { BenchServer } from "../support/benchServer.js";
import { openOurs } from "./ourEnd.js";
import { prompt, type TerminalEnd, typeUntil, type Way } from "./terminalEnd.js";

/** Two terminals of the same kind, each in a session of its own that nobody else shows. */
export interface Pair {
  readonly ours: TerminalEnd;
  readonly bare: TerminalEnd;
}

/** Opens both, does something with them at their prompts, and closes them. */
export async function withPair<T>(
  server: BenchServer,
  { way, sessions }: { readonly way: Way; readonly sessions: readonly [string, string] },
  work: (pair: Pair) => Promise<T>,
): Promise<T> {
  const name = `bench-${Math.random().toString(36).slice(2)}`;
  const [ourSession, bareSession] = sessions;
  const ours = await openOurs(server.client, ourSession, { way, name });
  try {
    const bare = await openBare(server, bareSession, { way, name });
    try {
      for (const end of [ours, bare]) {
        await typeUntil(end, ...prompt);
      }
      return await work({ ours, bare });
    } finally {
      await bare.close();
    }
  } finally {
    await ours.close();
  }
}

/** Milliseconds from each key to its echo. */
export interface EchoTimes {
  readonly ours: number[];
  readonly bare: number[];
}

/** A program that echoes each key at once, beside no prompt; Ctrl-C ends it. */
const echoing = "stty -icanon -echo min 1; printf 'ready%s\\n' now; cat; stty sane\r";

/** Keys that are in no escape sequence. */
const keys = ["~", "^", "|", "_"];

/** Types one key here, then one there, with pauses as they come. */
export async function measureEcho({ ours, bare }: Pair, count: number): Promise<EchoTimes> {
  for (const end of [ours, bare]) {
    await typeUntil(end, echoing, "readynow");
  }
  const times: EchoTimes = { ours: [], bare: [] };
  for (let index = -20; index < count; index += 1) {
    const key = keys[Math.abs(index) % keys.length] ?? "~";
    const order = index % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
    for (const which of order) {
      await delay(Math.random() * 8);
      const ms = await typeUntil(which === "ours" ? ours : bare, key, key);
      if (index >= 0) {
        times[which].push(ms);
      }
    }
  }
  for (const end of [ours, bare]) {
    end.type("\x03");
    await delay(300); // a terminal throws away what is typed right behind it
    await typeUntil(end, "stty sane; printf 'at %s\\n' prompt\r", "at prompt");
  }
  return times;
}

/**
 * Has both leave tmux, which sends no more than a screen can show: what ttyd is connected to is a plain shell from then on.
 */
export async function leaveTmux({ ours, bare }: Pair): Promise<void> {
  const leave = `"$(command -v tmux || echo /opt/kernel/tmux)" detach-client -E "printf 'left%s\\n' tmux; exec bash -l"\r`;
  for (const end of [ours, bare]) {
    await typeUntil(end, leave, "lefttmux");
    await typeUntil(end, ...prompt);
  }
}

/** Seconds. */
export interface Durations {
  ours: number;
  bare: number;
}

/** Output is carried in pieces of that many megabytes: short enough that whatever else the computer does disturbs both. */
const pieceMegabytes = 5;

/** Lets both carry the same output, one piece here, then one there. */
export async function measureOutput({ ours, bare }: Pair, megabytes: number): Promise<Durations> {
  const line = "0123456789abcdef".repeat(4).slice(1);
  const carry = `stty -onlcr; yes ${line} | head -c ${pieceMegabytes * 1e6}; stty onlcr; printf '=the%s=\\n' end\r`;
  const seconds: Durations = { ours: 0, bare: 0 };
  for (let piece = -2; piece < megabytes / pieceMegabytes; piece += 1) {
    const order = piece % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
    for (const which of order) {
      const ms = await typeUntil(which === "ours" ? ours : bare, carry, "=theend=");
      seconds[which] += piece < 0 ? 0 : ms / 1000;
    }
  }
  return seconds;
}
