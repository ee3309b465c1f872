import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { silentLogger } from "../../../src/base/logger.js";
import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import { RunHistory } from "../../../src/run/history/runHistory.js";
import { ScreenFeed } from "../../../src/run/screen/screenFeed.js";
import type { TestPlace } from "../../unit/run/support/openRun.js";
import { makeTerminal } from "../../unit/terminal/support/headlessScreen.js";
import { finished, ourRun, programIn } from "./benchPlace.js";
import { type MemoryGrowth, watchMemory } from "../support/memory.js";

/** What runs before, so that everything is loaded and the heap has its usual size; megabytes. */
const warmMegabytes = 40;

const lineBytes = 100;
const lines = (megabytes: number): number => (megabytes * 1e6) / lineBytes;

/** Numbered lines of 100 bytes with some Korean; over ssh also bytes that are no UTF-8. */
function lineOf(n: number, isText: boolean): Buffer {
  const head = Buffer.from(`${String(n).padStart(9, "0")} 안녕 `);
  return Buffer.concat([
    head,
    Buffer.from(isText ? "--" : [0xff, 0xfe]),
    Buffer.alloc(80, "x"),
    Buffer.from("\n"),
  ]);
}

const program = `import sys
count, tail = int(sys.argv[1]), ' 안녕 '.encode() + (b'--' if sys.argv[2] == 'text' else b'\\xff\\xfe') + b'x' * 80 + b'\\n'
for start in range(0, count, 1000):
    sys.stdout.buffer.write(b''.join(b'%09d' % n + tail for n in range(start, start + 1000)))
`;

/** What a flood did to this process, and to the log of the run. */
export interface FloodResult {
  readonly grown: MemoryGrowth;
  readonly seconds: number;
  /** SHA-256 of the log, and of what the program has printed; in hex. */
  readonly kept: string;
  readonly printed: string;
}

/** A program that prints much, on a screen that draws slowly, written down as it comes. */
export async function flooded(
  place: TestPlace,
  { carrier, megabytes }: { readonly carrier: Carrier; readonly megabytes: number },
): Promise<FloodResult> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
  try {
    const history = new RunHistory(folder, silentLogger);
    await flood(place, history, { id: "warm", carrier, megabytes: warmMegabytes });
    const memory = await watchMemory();
    const startedAt = performance.now();
    await flood(place, history, { id: "run", carrier, megabytes });
    const seconds = (performance.now() - startedAt) / 1000;
    const grown = memory.end();
    const kept = await hashOf(history.outputOf("run"));
    return { grown, seconds, kept, printed: expectedHash(lines(megabytes), carrier === "api") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Flood {
  readonly id: string;
  readonly carrier: Carrier;
  readonly megabytes: number;
}

/** What a window does with a run: the screen through its feed, every byte into the history. */
async function flood(
  place: TestPlace,
  history: RunHistory,
  { id, carrier, megabytes }: Flood,
): Promise<void> {
  const args = `${lines(megabytes)} ${carrier === "api" ? "text" : "bytes"}`;
  const plan = await programIn(place, program, { args });
  const terminal = makeTerminal({ scrollback: 1000 });
  const feed = new ScreenFeed(
    (text) => terminal.write(text),
    (count) => `[${count} left out]\r\n`,
  );
  terminal.onData((data) => void feed.input(data));
  feed.open();
  const entry = await history.begin({
    ...{ id, name: "flood.py", uri: "file:///flood.py", languageId: "python", commandLine: plan.commandLine },
    ...{ fileHash: "", session: place.session, server: "bench", startedAt: new Date().toISOString() },
  });
  const encoder = new TextEncoder();
  const run = ourRun(place, {
    carrier,
    plan,
    kind: "pipes",
    print: (text) => feed.push(text),
    onEvent: async (event) => {
      if (event.type === "output") {
        await entry.write(event.bytes ?? encoder.encode(event.text));
      }
    },
  });
  await finished(run);
  await entry.close({ outcome: "finished", exitCode: 0 }, undefined);
  await feed.drawn();
  terminal.dispose();
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

function expectedHash(count: number, isText: boolean): string {
  const hash = createHash("sha256");
  for (let n = 0; n < count; n += 1) {
    hash.update(lineOf(n, isText));
  }
  return hash.digest("hex");
}
