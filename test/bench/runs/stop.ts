import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import { until } from "../../support/until.js";
import { median, msWords, quantile } from "../harness/numbers.js";
import { type BenchPlace, ourRun, programIn } from "./benchPlace.js";
import { onRequest, onSshCommand } from "./networkHooks.js";
import type { Report } from "../harness/report.js";

const barMs = 50;

/** One that is silent, and one that floods: the interrupt has to get past its output. */
const programs = [
  "import time\nprint('up')\ntime.sleep(60)\n",
  "print('up')\nwhile True: print('0123456789abcdef' * 4)\n",
];

/** From `stop()` until the interrupt is with the network. */
export async function measureStop(
  place: BenchPlace,
  { carrier, count, report }: { readonly carrier: Carrier; readonly count: number; readonly report: Report },
): Promise<void> {
  const plans = await Promise.all(programs.map(async (code) => programIn(place, code)));
  const times: number[] = [];
  let stoppedAt = Number.NaN;
  let isHanded = false;
  const handed = (): void => {
    if (!isHanded) {
      isHanded = true;
      times.push(performance.now() - stoppedAt);
    }
  };
  const hook = carrier === "api" ? onRequest("/interrupt", handed) : onSshCommand(" INT", handed);
  try {
    for (let index = 0; index < count; index += 1) {
      let isUp = false;
      const plan = plans[index % plans.length]!;
      const run = ourRun(place, { carrier, plan, onEvent: ({ type }) => void (isUp ||= type === "output") });
      const end = run.start();
      await until("the program", () => isUp);
      isHanded = false;
      stoppedAt = performance.now();
      run.stop();
      const { kind } = await end;
      if (kind !== "stopped" || !isHanded) {
        throw new Error(`A run that was stopped ended as ${kind}.`);
      }
    }
  } finally {
    hook.dispose();
  }
  const p99 = quantile(times, 0.99);
  report.figure({
    id: `${carrier}/stop`,
    what: `${carrier}: from stop to the interrupt's bytes, p99 of ${times.length}`,
    value: p99,
    unit: "ms",
    sides: `median ${msWords(median(times))}`,
    bar: { atMost: barMs },
  });
}
