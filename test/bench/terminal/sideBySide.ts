import { delay } from "../../../src/base/abort.js";
import { openBare } from "./bareEnd.js";
import type { BenchServer } from "./benchServer.js";
import { quantile } from "./numbers.js";
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

/** Milliseconds from a key to its echo. */
export interface EchoTimes {
  readonly ours: { readonly p50: number; readonly p99: number };
  readonly bare: { readonly p50: number; readonly p99: number };
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
  const times = { ours: [] as number[], bare: [] as number[] };
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
  const both = (list: number[]): EchoTimes["ours"] => ({
    p50: quantile(list, 0.5),
    p99: quantile(list, 0.99),
  });
  return { ours: both(times.ours), bare: both(times.bare) };
}

/** Megabytes a second. */
export interface Throughput {
  readonly ours: number;
  readonly bare: number;
}

/** Lets both carry the same output in turn, one at a time. */
export async function measureThroughput(
  { ours, bare }: Pair,
  { megabytes, isOursFirst }: { readonly megabytes: number; readonly isOursFirst: boolean },
): Promise<Throughput> {
  const seconds = { ours: 0, bare: 0 };
  const turns = isOursFirst ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
  const line = "0123456789abcdef".repeat(4).slice(1);
  const carry = (size: number): string =>
    `stty -onlcr; yes ${line} | head -c ${String(size)}; stty onlcr; printf '=the%s=\\n' end\r`;
  for (const size of [megabytes / 10, megabytes]) {
    for (const which of turns) {
      const ms = await typeUntil(which === "ours" ? ours : bare, carry(size * 1e6), "=theend=");
      seconds[which] = ms / 1000; // the first is a warm-up
    }
  }
  return { ours: megabytes / seconds.ours, bare: megabytes / seconds.bare };
}
