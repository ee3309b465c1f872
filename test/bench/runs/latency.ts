import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import { median, msWords, quantile } from "../harness/numbers.js";
import { type BenchPlace, finished, ourRun, programIn } from "./benchPlace.js";
import { onSocketText, withHeardOutput } from "./networkHooks.js";
import type { Report } from "../harness/report.js";

const barMs = 50;

/** Numbered lines: a few at a time, as programs print that a person watches, and as many as go. */
const programs = [
  [
    "steady",
    "a line every 5 ms",
    "import time\nfor n in range(800):\n    print(f'#{n};')\n    time.sleep(0.005)\n",
  ],
  ["flood", "200 000 lines at once", "for n in range(200_000): print(f'#{n}; 0123456789abcdef')\n"],
] as const;

/** When numbered lines came, and how long after it they were printed. */
class Arrivals {
  readonly waits: number[] = [];
  readonly #arrived: { readonly line: number; readonly at: number }[] = [];

  arrive(text: string): void {
    const line = lastLine(text);
    if (line !== undefined) {
      this.#arrived.push({ line, at: performance.now() });
    }
  }

  print(text: string): void {
    const line = lastLine(text);
    while (line !== undefined && (this.#arrived[0]?.line ?? Number.POSITIVE_INFINITY) <= line) {
      this.waits.push(performance.now() - (this.#arrived.shift()?.at ?? Number.NaN));
    }
  }
}

function lastLine(text: string): number | undefined {
  const found = /.*#(\d+);/s.exec(text.slice(-200))?.[1];
  return found === undefined ? undefined : Number(found);
}

/** From the arrival of output in this process until it is handed to the screen. */
export async function measureLatency(
  place: BenchPlace,
  { carrier, report }: { readonly carrier: Carrier; readonly report: Report },
): Promise<void> {
  for (const [key, words, code] of programs) {
    const plan = await programIn(place, code);
    const arrivals = new Arrivals();
    const hook = onSocketText((text) => arrivals.arrive(text.slice(0, text.lastIndexOf(";") + 1)));
    const ssh = withHeardOutput(place.ssh, (bytes) => arrivals.arrive(bytes.toString("latin1")));
    try {
      await finished(ourRun({ ...place, ssh }, { carrier, plan, print: (text) => arrivals.print(text) }));
    } finally {
      hook.dispose();
    }
    const { waits } = arrivals;
    const p99 = quantile(waits, 0.99);
    report.figure({
      id: `${carrier}/arrival-to-print/${key}`,
      what: `${carrier}: from arrival to print, ${words}, p99 of ${waits.length}`,
      value: p99,
      unit: "ms",
      sides: `median ${msWords(median(waits))}`,
      bar: { atMost: barMs },
    });
  }
}
