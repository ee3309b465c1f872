import type { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { TurnQueue } from "../../../../src/base/turnQueue.js";
import { describeError } from "../../../../src/platform/describeError.js";
import { ApiExecution } from "../../../../src/run/carriers/apiExecution.js";
import type { Carrier } from "../../../../src/run/carriers/carrierChoice.js";
import type { Execution, ExecutionEvent } from "../../../../src/run/carriers/execution.js";
import { JobExecution } from "../../../../src/run/carriers/jobExecution.js";
import { FileRun } from "../../../../src/run/fileRun.js";
import { SessionJobs } from "../../../../src/run/jobs/sessionJobs.js";
import {
  batchOf,
  planRun,
  type RunOptions,
  type RunPlan,
  scriptOf,
} from "../../../../src/run/plan/runPlan.js";
import type { RunOutcome } from "../../../../src/run/screen/runScreen.js";
import { expectRunning } from "../../../../src/sessions/sessionPresence.js";
import type { SessionSsh } from "../../../../src/tunnel/sessionSsh.js";

/** Where a test runs programs. */
export interface TestPlace {
  readonly client: BackendAIClient;
  readonly session: { readonly id: string; readonly name: string };
  readonly ssh: SessionSsh;
}

/** What a test runs, and how. */
export interface TestRun {
  readonly code: string | Uint8Array;
  readonly file?: string;
  readonly languageId?: string;
  readonly options?: RunOptions;
  readonly kind?: "terminal" | "pipes";
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Gets what is printed, colours and all. */
  readonly print?: (text: string) => void;
}

/** A run under way. */
export interface OpenRun {
  readonly run: FileRun;
  /** What stands on the screen, without colours. */
  readonly shown: () => string;
  readonly end: Promise<RunOutcome>;
}

let count = 0;

/** What carries a run of a test, and on what. */
export interface Carried {
  readonly carrier: Carrier;
  readonly plan: RunPlan;
  readonly kind: "terminal" | "pipes";
  readonly queue: TurnQueue;
}

/** An execution as the product makes it. */
export function executionOf({ client, session, ssh }: TestPlace, carried: Carried): Execution {
  const { carrier, plan, kind, queue } = carried;
  if (carrier === "api") {
    return new ApiExecution(client, session.id, batchOf(plan));
  }
  count += 1;
  return new JobExecution({
    jobs: new SessionJobs(ssh),
    id: `test-${process.pid}-${count}`,
    logger: silentLogger,
    expectSession: async (signal) => expectRunning(client, session, signal),
    start: {
      script: scriptOf(plan),
      kind,
      size: { rows: 24, cols: 80 },
      note: "{}",
      queue,
      sessionId: session.id,
    },
  });
}

/** Begins runs of a place, those of one carrier one after the other. */
export function runsOf(carrier: Carrier, place: () => TestPlace): (test: TestRun) => OpenRun {
  const queue = new TurnQueue();
  return ({ code, file = "a.py", languageId = "python", options, kind = "terminal", onEvent, print }) => {
    const at = place();
    const plan = planRun(languageId, file, options);
    const content = typeof code === "string" ? new TextEncoder().encode(code) : code;
    let text = "";
    const run = new FileRun({
      commandLine: plan.commandLine,
      where: "runs-1 on test",
      prepare: async (signal) => {
        const files = [{ path: plan.remotePath, content, size: content.byteLength }];
        await at.client.files.upload(at.session.id, files, { signal });
        return executionOf(at, { carrier, plan, kind, queue });
      },
      print: (piece) => {
        text += piece;
        print?.(piece);
      },
      describe: (error) => describeError(error).summary,
      ...(onEvent && { onEvent }),
    });
    return { run, end: run.start(), shown: () => text.replaceAll(/\x1b\[[\d;?]*[mh]/g, "") };
  };
}
