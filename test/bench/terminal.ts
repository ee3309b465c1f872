/**
 * What terminals cost beside bare ones: `npm run bench:terminal` on an engine of its own, or on the server of the `BACKEND_*`
 * variables, such as those that `npm run cluster -- up 24.09.6` prints. Both are driven in turn on the same server; what is
 * compared are differences and ratios. The exit code is 1 when a bar is missed.
 */
import { messageOf } from "../../src/base/errors.js";
import { type BenchServer, openBenchServer } from "./terminal/benchServer.js";
import { median, quantile } from "./terminal/numbers.js";
import { openOurs, sessionSsh } from "./terminal/ourEnd.js";
import { measureEcho, measureThroughput, withPair } from "./terminal/sideBySide.js";
import { type TerminalEnd, typeUntil, type Way, ways } from "./terminal/terminalEnd.js";

const keysPerRound = Number(process.env["BENCH_KEYS"] ?? 300);
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const megabytes = Number(process.env["BENCH_MEGABYTES"] ?? 20);
const floodMegabytes = 200;
const terminals = 20;

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
  await server.withSession(async (one) =>
    server.withSession(async (other) => {
      for (const way of ways) {
        await compare(server, way, [one, other]).catch((error: unknown) => {
          console.log(`| ${way} | not on this server: ${messageOf(error).replaceAll("|", "/")} | | |`);
        });
      }
    }),
  );
  await server.withSession(async (id) => measurePrompt(server, id));
  await server.withSession(async (id) => measureFlood(server, id));
  await server.withSession(async (id) => measureMany(server, id));
} finally {
  await server.end();
}
process.exitCode = isMissed ? 1 : 0;

async function compare(at: BenchServer, way: Way, sessions: readonly [string, string]): Promise<void> {
  const echoes: { readonly p50: number; readonly p99: number }[] = [];
  const ratios: number[] = [];
  await withPair(at, { way, sessions }, async (pair) => {
    for (let round = 0; round < rounds; round += 1) {
      const { ours, bare } = await measureEcho(pair, keysPerRound);
      echoes.push({ p50: ours.p50 - bare.p50, p99: ours.p99 - bare.p99 });
      const carried = await measureThroughput(pair, { megabytes, isOursFirst: round % 2 === 0 });
      ratios.push(carried.ours / carried.bare);
    }
  });
  const p50 = median(echoes.map((echo) => echo.p50));
  const p99 = median(echoes.map((echo) => echo.p99));
  const figure = `p50 ${signed(p50)} ms, p99 ${signed(p99)} ms`;
  row(`${way}: echo over a bare one`, figure, `p99 < ${bars.echoMs} ms`, p99 < bars.echoMs);
  const ratio = median(ratios);
  row(`${way}: output beside a bare one`, ratio.toFixed(2), `≥ ${bars.throughput}`, ratio >= bars.throughput);
}

async function measurePrompt(at: BenchServer, id: string): Promise<void> {
  for (const way of ["ssh", "ttyd"] as const) {
    const times: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const startedAt = performance.now();
      const end = await openOurs(at.client, id, { way, name: `prompt-${index}` });
      await typeUntil(end, "printf 'at %s\\n' prompt\r", "at prompt");
      times.push(performance.now() - startedAt);
      await end.close();
    }
    const worst = quantile(times, 1);
    row(
      `${way}: from the click to a prompt that answers, worst of 5`,
      `${worst.toFixed(0)} ms`,
      `< ${bars.promptMs} ms`,
      worst < bars.promptMs,
    );
  }
}

async function measureFlood(at: BenchServer, id: string): Promise<void> {
  const end = await openOurs(at.client, id, { way: "ssh, plain", name: "flood" });
  try {
    await typeUntil(end, "printf 'at %s\\n' prompt\r", "at prompt");
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 20);
    const flood = `yes 0123456789abcdef0123456789abcdef | head -c ${floodMegabytes}000000; printf '=the%s=\\n' end\r`;
    await typeUntil(end, flood, "=theend=");
    clearInterval(watch);
    const grown = (highest - before) / 2 ** 20;
    row(
      `${floodMegabytes} MB of output: growth of memory`,
      `${grown.toFixed(0)} MiB`,
      `< ${bars.floodMebibytes} MiB`,
      grown < bars.floodMebibytes,
    );
    const stops: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      await typeUntil(end, "yes 0123456789abcdef\r", "0123456789abcdef\r\n0123456789abcdef");
      await new Promise((resolve) => setTimeout(resolve, 300));
      stops.push(await typeUntil(end, "\x03", "^C"));
      await typeUntil(end, "printf 'at %s\\n' prompt\r", "at prompt");
    }
    const worst = quantile(stops, 1);
    row(
      "Ctrl-C in a flood, worst of 5",
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
