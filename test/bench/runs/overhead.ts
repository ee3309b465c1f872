import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import type { RunPlan } from "../../../src/run/plan/runPlan.js";
import { openBareSsh } from "../terminal/bareEnd.js";
import { quantile } from "../terminal/numbers.js";
import { bareApiRun, bareSshRun } from "./bareRun.js";
import { type BenchPlace, finished, ourRun, programIn } from "./benchPlace.js";
import type { Report } from "./report.js";

const bar = 1.1;

/** Milliseconds of a run each. */
interface Times {
  readonly ours: number[];
  readonly bare: number[];
}

/** What a run costs beside one by hand: ours and a bare one in turn, the first one alternating. */
export async function measureOverhead(
  place: BenchPlace,
  { carrier, pairs, report }: { readonly carrier: Carrier; readonly pairs: number; readonly report: Report },
): Promise<void> {
  const plan = await programIn(place, "print('hello')\n");
  const bare = await bareWay(place, carrier);
  const ways = {
    ours: async () => finished(ourRun(place, { carrier, plan })),
    bare: async () => {
      const text = await bare.run(plan);
      if (!text.includes("hello")) {
        throw new Error(`A bare run printed “${text}”.`);
      }
    },
  };
  const times: Times = { ours: [], bare: [] };
  try {
    for (let pair = -3; pair < pairs; pair += 1) {
      for (const which of pair % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const)) {
        const startedAt = performance.now();
        await ways[which]();
        if (pair >= 0) {
          times[which].push(performance.now() - startedAt);
        }
      }
    }
  } finally {
    await bare.close();
  }
  tell(times, carrier, report);
}

function tell({ ours, bare }: Times, carrier: Carrier, report: Report): void {
  const medians = [quantile(ours, 0.5), quantile(bare, 0.5)] as const;
  const means = [mean(ours), mean(bare)] as const;
  for (const [what, [our, their]] of [
    ["median", medians],
    ["mean", means],
  ] as const) {
    const ratio = our / their;
    report.row(
      `${carrier}: a run over a bare one, ${what} of ${ours.length}`,
      `${ratio.toFixed(3)} (${our.toFixed(1)} and ${their.toFixed(1)} ms)`,
      `≤ ${bar}`,
      ratio <= bar,
    );
  }
}

async function bareWay(
  { server, session }: BenchPlace,
  carrier: Carrier,
): Promise<{ readonly run: (plan: RunPlan) => Promise<string>; readonly close: () => Promise<void> }> {
  if (carrier === "api") {
    return { run: async (plan) => bareApiRun(server, session.id, plan), close: () => Promise.resolve() };
  }
  const { connection, close } = await openBareSsh(server, session.id);
  return { run: async (plan) => bareSshRun(connection, plan), close };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
