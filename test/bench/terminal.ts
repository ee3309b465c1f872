/**
 * What terminals cost beside bare ones: `npm run bench:terminal` on an engine of its own, or on the server of the `BACKEND_*`
 * variables, such as those that `npm run cluster -- up 24.09.6` prints. Both are driven in turn on the same server; what is
 * compared are differences and ratios. The exit code is 1 when a bar is missed.
 */
import { delay } from "../../src/base/abort.js";
import { messageOf } from "../../src/base/errors.js";
import { type BenchServer, openBenchServer } from "./terminal/benchServer.js";
import { median, quantile } from "./terminal/numbers.js";
import { openOurs, sessionSsh } from "./terminal/ourEnd.js";
import { measureEcho, measureThroughput, withPair } from "./terminal/sideBySide.js";
import { prompt, type TerminalEnd, typeUntil, type Way, ways } from "./terminal/terminalEnd.js";

const keysPerRound = Number(process.env["BENCH_KEYS"] ?? 300);
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

/** Echo: the median of the rounds. Output: the best round of each, the one that others on the computer disturbed least. */
async function compare(at: BenchServer, way: Way, sessions: readonly [string, string]): Promise<void> {
  const echoes: { readonly p50: number; readonly p99: number }[] = [];
  const best = { ours: 0, bare: 0 };
  await withPair(at, { way, sessions }, async (pair) => {
    for (let round = 0; round < rounds; round += 1) {
      const { ours, bare } = await measureEcho(pair, keysPerRound);
      echoes.push({ p50: ours.p50 - bare.p50, p99: ours.p99 - bare.p99 });
      const carried = await measureThroughput(pair, { megabytes, isOursFirst: round % 2 === 0 });
      best.ours = Math.max(best.ours, carried.ours);
      best.bare = Math.max(best.bare, carried.bare);
    }
  });
  const p50 = median(echoes.map((echo) => echo.p50));
  const p99 = median(echoes.map((echo) => echo.p99));
  const figure = `p50 ${signed(p50)} ms, p99 ${signed(p99)} ms`;
  row(`${way}: echo over a bare one`, figure, `p99 < ${bars.echoMs} ms`, p99 < bars.echoMs);
  const ratio = best.ours / best.bare;
  row(
    `${way}: ${megabytes} MB beside a bare one`,
    `${ratio.toFixed(2)} (${best.ours.toFixed(1)} of ${best.bare.toFixed(1)} MB/s)`,
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

/** On a screen that draws: what is faster has to wait somewhere. */
async function measureFlood(at: BenchServer, id: string): Promise<void> {
  const end = await openOurs(at.client, id, { way: "ssh, plain", name: "flood", isDrawn: true });
  try {
    await typeUntil(end, ...prompt);
    const flood = (size: number): [string, string] => [
      `yes 0123456789abcdef0123456789abcdef | head -c ${size}000000; printf '=the%s=\\n' end\r`,
      "=theend=",
    ];
    await typeUntil(end, ...flood(floodMegabytes / 10)); // code is compiled, and the screen's lines are there
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 20);
    try {
      await typeUntil(end, ...flood(floodMegabytes));
    } finally {
      clearInterval(watch);
    }
    const grown = (highest - before) / 2 ** 20;
    row(
      `${floodMegabytes} MB drawn: growth of memory`,
      `${grown.toFixed(0)} MiB`,
      `< ${bars.floodMebibytes} MiB`,
      grown < bars.floodMebibytes,
    );
    const stops: number[] = [];
    for (let index = 0; index < repetitions; index += 1) {
      await typeUntil(end, "yes 0123456789abcdef\r", "0123456789abcdef\r\n0123456789abcdef");
      await delay(1000);
      stops.push(await typeUntil(end, "\x03", "^C"));
      await typeUntil(end, ...prompt);
    }
    const worst = quantile(stops, 1);
    row(
      `Ctrl-C in a flood until it is drawn, worst of ${repetitions}`,
      `${worst.toFixed(0)} ms`,
      `< ${bars.stopMs} ms`,
      worst < bars.stopMs,
    );
  } finally {
    await end.close();
  }
}

async function measureMany(at: BenchServer, id: string): Promise<void> {
  const shared = sessionSsh(at.client, id);
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
