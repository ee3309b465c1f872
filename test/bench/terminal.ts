/** What terminals cost beside bare ones: both are driven in turn on the same server; what is compared are differences and ratios. */
import { delay } from "../../src/base/abort.js";
import { messageOf } from "../../src/base/errors.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";
import { type BenchServer, openBenchServer } from "./support/benchServer.js";
import { median, msWords, quantile } from "./harness/numbers.js";
import { Report } from "./harness/report.js";
import { watchMemory } from "./support/memory.js";
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

/** What a terminal of ours stands beside. */
const bareName = "the same by bare ws and ssh2";

/** Bars: milliseconds, a ratio, megabytes. */
const bars = { echoMs: 2, throughput: 0.9, promptMs: 1000, stopMs: 200, floodMegabytes: 64 };

const server = await openBenchServer();
const report = new Report(server.words);
try {
  await server.withSession(async (id) => measureFlood(server, id)); // first, while memory has not grown for anything else
  await server.withSession(async (id) => measureStop(server, id));
  const found = await server.withSession(async (id) => measurePrompts(server, id));
  await server.withSession(async (one) =>
    server.withSession(async (other) => {
      for (const way of ways.filter((each) => found.has(each))) {
        await compare(server, way, [one, other]).catch((error: unknown) =>
          report.failure(`${way} beside a bare one`, error),
        );
      }
    }),
  );
  await server.withSession(async (id) => measureMany(server, id));
} finally {
  await server.end();
}

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
  for (const [key, part, bar] of [
    ["p50", 0.5, undefined],
    ["p99", 0.99, { atMost: bars.echoMs }],
  ] as const) {
    const [ours, bare] = [quantile(times.ours, part), quantile(times.bare, part)];
    report.figure({
      id: `${way}/echo/${key}`,
      what: `${way}: a key's echo, ${key} over a bare one`,
      against: bareName,
      value: ours - bare,
      unit: "ms",
      sides: `${msWords(ours)} and ${msWords(bare)}`,
      ...(bar && { bar }),
    });
  }
}

async function compareOutput(way: Way, pair: Pair): Promise<void> {
  const total = { ours: 0, bare: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const { ours, bare } = await measureOutput(pair, megabytes);
    total.ours += ours;
    total.bare += bare;
  }
  const [ours, bare] = [total.ours, total.bare].map((s) => ((rounds * megabytes) / s).toFixed(0));
  report.figure({
    id: `${way}/throughput`,
    what: `${way}: throughput of ${megabytes} MB, part of a bare one's`,
    against: bareName,
    value: total.bare / total.ours,
    unit: "×",
    sides: `${ours} and ${bare} MB/s`,
    bar: { atLeast: bars.throughput },
  });
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
        console.log(`(${way}: none on this server: ${messageOf(error)})`);
      } else {
        report.failure(`${way}: a prompt`, error);
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
  report.figure({
    id: `${way}/prompt`,
    what: `${way}: from the click to a prompt that answers, worst of ${repetitions}`,
    value: quantile(times, 1),
    unit: "ms",
    bar: { atMost: bars.promptMs },
  });
}

/** On a screen that draws, and is slower than the network: the rest of the flood has to wait somewhere. */
async function measureFlood(at: BenchServer, id: string): Promise<void> {
  const end = await openOurs(at.client, id, { way: "ssh, plain", name: "flood", isDrawn: true });
  try {
    await typeUntil(end, ...prompt);
    const half = await growthBy(async () => typeUntil(end, ...flood(floodMegabytes / 2)));
    const whole = await growthBy(async () => typeUntil(end, ...flood(floodMegabytes)));
    report.figure({
      id: "flood/memory",
      what: `${floodMegabytes} MB drawn: most heap and external memory over that of half as much`,
      value: whole - half,
      unit: "MB",
      bar: { atMost: bars.floodMegabytes },
    });
  } finally {
    await end.close();
  }
}

/** Most memory in use meanwhile over that before, in mebibytes. What the system has given depends on when garbage was collected. */
async function growthBy(work: () => Promise<unknown>): Promise<number> {
  const memory = await watchMemory();
  let heap = 0;
  try {
    await work();
  } finally {
    ({ heap } = memory.end());
  }
  return heap;
}

function flood(size: number): readonly [string, string] {
  const line = "0123456789abcdef0123456789abcdef";
  return [`yes ${line} | head -c ${size}000000; printf '=the%s=\\n' end\r`, "=theend="];
}

/** Until the flood has come to its end; how long it takes to draw the rest is the screen's business, and has no bar. */
async function measureStop(at: BenchServer, id: string): Promise<void> {
  const [arrived, drawn] = [await stopTimes(at, id, false), await stopTimes(at, id, true)];
  report.figure({
    id: "stop",
    what: `Ctrl-C in a flood, worst of ${repetitions}`,
    value: quantile(arrived, 1),
    unit: "ms",
    bar: { atMost: bars.stopMs },
  });
  report.figure({
    id: "stop/drawn",
    what: "Ctrl-C in a flood until xterm.js in this process has drawn all before it, median",
    value: median(drawn),
    unit: "ms",
  });
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
  report.figure({
    id: "many",
    what: `${terminals} terminals at once, each its own answer: the last one`,
    value: quantile(times, 1),
    unit: "ms",
  });
}
