/**
 * What terminals cost beside bare ones: `npm run bench:terminal` on an engine of its own, or on the server of the `BACKEND_*`
 * variables, such as those that `npm run cluster -- up 24.09.6` prints. Both are driven in turn on the same server; what is
 * compared are differences and ratios. The exit code is 1 when a bar is missed.
 */
import { delay } from "../../src/base/abort.js";
import { messageOf } from "../../src/base/errors.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";
import { type BenchServer, openBenchServer } from "./terminal/benchServer.js";
import { median, quantile } from "./terminal/numbers.js";
import { openOurs } from "./terminal/ourEnd.js";
import {
  type EchoTimes,
  leaveTmux,
  measureEcho,
  measureOutput,
  type Pair,
  withPair,
} from "./terminal/sideBySide.js";
import { prompt, type TerminalEnd, typeUntil, type Way, ways } from "./terminal/terminalEnd.js";

const keysPerRound = Number(process.env["BENCH_KEYS"] ?? 400);
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5);
const megabytes = Number(process.env["BENCH_MEGABYTES"] ?? 50);
const floodMegabytes = 200;
const terminals = 20;
const repetitions = 5;

/** Bars: milliseconds, a ratio, mebibytes. */
const bars = { echoMs: 2, throughput: 0.9, promptMs: 1000, stopMs: 200, floodMebibytes: 64 };

let isMissed = false;

function row(what: string, figure: string, bar: string, isMet: boolean): void {
  isMissed ||= !isMet;
  console.log(`| ${what} | ${figure} | ${bar} | ${isMet ? "met" : "**missed**"} |`);
}

const server = await openBenchServer(process.env);
try {
  console.log(`${server.words}\n\n| what | figure | bar | |\n| --- | --- | --- | --- |`);
  await server.withSession(async (id) => measureFlood(server, id)); // first, while memory has not grown for anything else
  await server.withSession(async (id) => measureStop(server, id));
  const found = await server.withSession(async (id) => measurePrompts(server, id));
  await server.withSession(async (one) =>
    server.withSession(async (other) => {
      for (const way of ways.filter((each) => found.has(each))) {
        await compare(server, way, [one, other]).catch((error: unknown) =>
          row(`${way} beside a bare one`, wordsOf(error), "works", false),
        );
      }
    }),
  );
  await server.withSession(async (id) => measureMany(server, id));
} finally {
  await server.end();
}
process.exitCode = isMissed ? 1 : 0;

async function compare(at: BenchServer, way: Way, sessions: readonly [string, string]): Promise<void> {
  await withPair(at, { way, sessions }, async (pair) => {
    await compareEcho(way, pair);
    if (way === "ssh") {
      return; // what tmux sends of it is next to nothing, over the link that "ssh, plain" has
    }
    if (way === "ttyd") {
      await leaveTmux(pair);
    }
    await compareOutput(way, pair);
  });
}

async function compareEcho(way: Way, pair: Pair): Promise<void> {
  const times: EchoTimes = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    const { ours, bare } = await measureEcho(pair, keysPerRound);
    times.ours.push(...ours);
    times.bare.push(...bare);
  }
  const over = (part: number): number => quantile(times.ours, part) - quantile(times.bare, part);
  const [p50, p99] = [over(0.5), over(0.99)];
  const figure = `p50 ${signed(p50)} ms, p99 ${signed(p99)} ms`;
  row(`${way}: echo over a bare one`, figure, `p99 < ${bars.echoMs} ms`, p99 < bars.echoMs);
}

async function compareOutput(way: Way, pair: Pair): Promise<void> {
  const total = { ours: 0, bare: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const { ours, bare } = await measureOutput(pair, megabytes);
    total.ours += ours;
    total.bare += bare;
  }
  const ratio = total.bare / total.ours;
  const [ours, bare] = [total.ours, total.bare].map((s) => ((rounds * megabytes) / s).toFixed(0));
  row(
    `${way}: ${megabytes} MB beside a bare one`,
    `${ratio.toFixed(2)} (${ours} and ${bare} MB/s)`,
    `≥ ${bars.throughput}`,
    ratio >= bars.throughput,
  );
}

/** Which ways there are; the server's own terminal is known to be mute on some. */
async function measurePrompts(at: BenchServer, id: string): Promise<ReadonlySet<Way>> {
  const found = new Set<Way>(ways);
  for (const way of ways) {
    try {
      await measurePrompt(at, id, way);
    } catch (error) {
      found.delete(way);
      if (way === "pty" && at.client.findings.of("terminalMute") !== "absent") {
        console.log(`| ${way} | none on this server: ${wordsOf(error)} | | |`);
      } else {
        row(`${way}: a prompt`, wordsOf(error), `< ${bars.promptMs} ms`, false);
      }
    }
  }
  return found;
}

async function measurePrompt(at: BenchServer, id: string, way: Way): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < repetitions; index += 1) {
    const startedAt = performance.now();
    const end = await openOurs(at.client, id, { way, name: `prompt-${index}` });
    try {
      await typeUntil(end, ...prompt);
      times.push(performance.now() - startedAt);
    } finally {
      await end.close();
    }
  }
  const worst = quantile(times, 1);
  row(
    `${way}: from the click to a prompt that answers, worst of ${repetitions}`,
    `${worst.toFixed(0)} ms`,
    `< ${bars.promptMs} ms`,
    worst < bars.promptMs,
  );
}

/** On a screen that draws, and is slower than the network: the rest of the flood has to wait somewhere. */
async function measureFlood(at: BenchServer, id: string): Promise<void> {
  const end = await openOurs(at.client, id, { way: "ssh, plain", name: "flood", isDrawn: true });
  try {
    await typeUntil(end, ...prompt);
    const before = await peakOf(async () => typeUntil(end, ...flood(floodMegabytes / 2)));
    const grown = (await peakOf(async () => typeUntil(end, ...flood(floodMegabytes)))) - before;
    row(
      `${floodMegabytes} MB drawn: memory over that of half as much`,
      `${grown.toFixed(0)} MiB`,
      `< ${bars.floodMebibytes} MiB`,
      grown < bars.floodMebibytes,
    );
  } finally {
    await end.close();
  }
}

/** Most memory that the process has meanwhile, in mebibytes. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  let highest = 0;
  const look = (): number => (highest = Math.max(highest, process.memoryUsage().rss / 2 ** 20));
  const watch = setInterval(look, 20);
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  return look();
}

function flood(size: number): readonly [string, string] {
  const line = "0123456789abcdef0123456789abcdef";
  return [`yes ${line} | head -c ${size}000000; printf '=the%s=\\n' end\r`, "=theend="];
}

/** Until the flood has come to its end; how long it takes to draw the rest is the screen's business, and has no bar. */
async function measureStop(at: BenchServer, id: string): Promise<void> {
  const [arrived, drawn] = [await stopTimes(at, id, false), await stopTimes(at, id, true)];
  const worst = quantile(arrived, 1);
  row(
    `Ctrl-C in a flood, worst of ${repetitions}`,
    `${worst.toFixed(0)} ms`,
    `< ${bars.stopMs} ms`,
    worst < bars.stopMs,
  );
  const figure = `${median(drawn).toFixed(0)} ms, worst ${quantile(drawn, 1).toFixed(0)} ms`;
  console.log(`| Ctrl-C in a flood until xterm.js in this process has drawn all before it | ${figure} | | |`);
}

async function stopTimes(at: BenchServer, id: string, isDrawn: boolean): Promise<number[]> {
  const end = await openOurs(at.client, id, { way: "ssh, plain", name: "stop", isDrawn });
  const times: number[] = [];
  try {
    await typeUntil(end, ...prompt);
    for (let index = 0; index < repetitions; index += 1) {
      await typeUntil(end, "yes 0123456789abcdef\r", "0123456789abcdef\r\n0123456789abcdef");
      await delay(1000);
      times.push(await typeUntil(end, "\x03", "^C"));
      await typeUntil(end, ...prompt);
    }
  } finally {
    await end.close();
  }
  return times;
}

async function measureMany(at: BenchServer, id: string): Promise<void> {
  const shared = freshSsh(at.client, id);
  const ends: TerminalEnd[] = await Promise.all(
    Array.from({ length: terminals }, (_, index) =>
      openOurs(at.client, id, { way: "ssh", name: `many-${index}`, shared }),
    ),
  );
  const times = await Promise.all(
    ends.map((end, index) => typeUntil(end, `printf 'I am %s.\\n' ${index}\r`, `I am ${index}.`)),
  );
  await Promise.all(ends.map(async (end) => end.close()));
  shared.dispose();
  row(
    `${terminals} terminals at once, each its own answer`,
    `${times.length} answered, the last after ${quantile(times, 1).toFixed(0)} ms`,
    `all ${terminals}`,
    times.length === terminals,
  );
}

function signed(value: number): string {
  return `${value >= 0 ? "+" : ""}${value.toFixed(2)}`;
}

function wordsOf(error: unknown): string {
  return messageOf(error).replaceAll(/[|\s]+/g, " ");
}
