import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import type { RunPlan } from "../../../src/run/plan/runPlan.js";
import { openBareSsh } from "../terminal/bareEnd.js";
import { type Done, sideBySide } from "../harness/sideBySide.js";
import { bareApiRun, bareSshRun } from "./bareRun.js";
import { type BenchPlace, finished, ourRun, programIn } from "./benchPlace.js";
import type { Report } from "../harness/report.js";

const bar = 1.1;

/** What a run costs beside one by hand. */
export async function measureOverhead(
  place: BenchPlace,
  { carrier, pairs, report }: { readonly carrier: Carrier; readonly pairs: number; readonly report: Report },
): Promise<void> {
  const plan = await programIn(place, "print('hello')\n");
  const bare = await bareWay(place, carrier);
  const byHand = async (): Promise<Done> => {
    const text = await bare.run(plan);
    if (!text.includes("hello")) {
      throw new Error(`A bare run printed “${text}”.`);
    }
    return {};
  };
  try {
    await sideBySide(report, {
      id: `${carrier}/run`,
      what: `${carrier}: a run`,
      ours: async () => finished(ourRun(place, { carrier, plan })).then(() => ({})),
      others: [{ key: "bare", name: "a bare one", once: byHand, bar: { atMost: bar } }],
      rounds: pairs,
      warm: 3,
    });
  } finally {
    await bare.close();
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
