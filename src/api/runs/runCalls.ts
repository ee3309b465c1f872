import { randomBytes } from "node:crypto";
import type { RunStep } from "../../wire/records/run.js";
import { type Context, sessionRequest } from "../context.js";
import type { SessionCallOptions } from "../options.js";
import { executeStep, type ExecuteOptions } from "./executeStep.js";
import { PollCarrier } from "./pollCarrier.js";
import { Run } from "./run.js";
import { explainRunFailure } from "./runDefects.js";
import type { RunPlan } from "./runPlan.js";
import { RunQueue } from "./runQueue.js";
import { StreamCarrier } from "./streamCarrier.js";

/** How to run. */
export interface StartOptions extends SessionCallOptions {
  /** `poll`, the default, frees a blocked session; `stream` reports every 0.2 s instead of every 2 s. */
  readonly carrier?: "poll" | "stream" | undefined;
  /**
   * Milliseconds without output after which the run counts as lost: `TimeoutError` (`run`). Without it a silent program is
   * waited for until `signal`; `maybeLost` tells of servers that lose the end of runs.
   */
  readonly idleMs?: number | undefined;
}

/** Running code in sessions (`protocol.md` §4). */
export class RunCalls {
  readonly #context: Context;
  readonly #queue = new RunQueue();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * A run as events: `for await (const event of client.runs.start(id, { mode: "query", code }))`. Nothing is sent before
   * it is iterated. Runs of one session follow one another. Aborting the signal interrupts the program, reads to its end and
   * rejects with the reason. Any manager; over a websocket as well (§5.1).
   * While iterating: `NotFoundError`, `ServerError` and `ServerDefectError` (the session is freed before they are thrown),
   * `RunFailedError`, and the errors of the transport.
   */
  start(id: string, plan: RunPlan, options: StartOptions = {}): Run {
    const context = this.#context;
    const runId = randomBytes(16).toString("hex");
    const { signal, ownerAccessKey } = options;
    return new Run({
      id: runId,
      plan,
      carrier:
        options.carrier === "stream"
          ? new StreamCarrier(context, id)
          : new PollCarrier(context, id, runId, { ownerAccessKey }),
      isQueueBusy: () => this.#queue.isBusy(id),
      enter: async (waiting) => this.#queue.enter(id, waiting),
      interrupt: async () =>
        context.transport.run(
          sessionRequest(context, { method: "POST", id, tail: "/interrupt", ownerAccessKey }),
        ),
      explain: (error) => explainRunFailure(error, plan, context.findings),
      doubtMs:
        plan.mode === "batch" && context.findings.has("batchLoses")
          ? context.transport.timeouts.runDoubtMs
          : undefined,
      graceMs: context.transport.timeouts.runGraceMs,
      idleMs: options.idleMs,
      logger: context.transport.logger,
      signal,
    });
  }

  /**
   * One bare step. `POST {prefix}/{id}`, any manager (§4.1). Prefer {@link start}: a `continue` with an id that is not alive
   * blocks the session, and so does a run that is left without its `finished`.
   */
  async execute(id: string, options: ExecuteOptions, call: SessionCallOptions = {}): Promise<RunStep> {
    return executeStep(this.#context, id, options, call);
  }
}
