import { TurnQueue } from "../../../src/base/turnQueue.js";
import { describeError } from "../../../src/platform/describeError.js";
import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import type { ExecutionEvent } from "../../../src/run/carriers/execution.js";
import { FileRun } from "../../../src/run/fileRun.js";
import { planRun, type RunOptions, type RunPlan } from "../../../src/run/plan/runPlan.js";
import { executionOf, type TestPlace } from "../../unit/run/support/openRun.js";
import type { BenchServer } from "../support/benchServer.js";

/** A session that programs are run in, and its server. */
export interface BenchPlace extends TestPlace {
  readonly server: BenchServer;
}

/** A run of the extension that is measured. */
export interface OurRun {
  readonly carrier: Carrier;
  readonly plan: RunPlan;
  readonly kind?: "terminal" | "pipes";
  readonly print?: (text: string) => void;
  readonly onEvent?: (event: ExecutionEvent) => Promise<void> | void;
}

/** The extension's run, whole but for the files, which are there already. */
export function ourRun(place: TestPlace, { carrier, plan, kind = "terminal", ...hooks }: OurRun): FileRun {
  const { print = () => undefined, onEvent = () => undefined } = hooks;
  return new FileRun({
    commandLine: plan.commandLine,
    where: "bench",
    prepare: () => Promise.resolve(executionOf(place, { carrier, plan, kind, queue: new TurnQueue() })),
    print,
    onEvent,
    describe: (error) => describeError(error).summary,
  });
}

/** Runs to the end, which must be a good one of the program. */
export async function finished(run: FileRun): Promise<void> {
  const outcome = await run.start();
  if (outcome.kind !== "finished" || outcome.exitCode !== 0) {
    throw new Error(`The run ended as ${JSON.stringify(outcome)}.`);
  }
}

/** Puts a Python program into the session, and plans its run. */
export async function programIn(place: TestPlace, code: string, options?: RunOptions): Promise<RunPlan> {
  const file = `bench-${Math.random().toString(36).slice(2)}.py`;
  await place.client.files.upload(place.session.id, [{ path: file, content: Buffer.from(code) }]);
  return planRun("python", file, options);
}
