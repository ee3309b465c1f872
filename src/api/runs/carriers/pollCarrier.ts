import { deadline } from "../../../base/abort.js";
import { messageOf } from "../../../base/errors.js";
import type { Context } from "../../context.js";
import type { SessionCallOptions } from "../../options.js";
import { executeStep } from "./executeStep.js";
import { freeSession } from "./freeSession.js";
import type { RunCarrier, RunPlan, SessionState, StepOutcome } from "../runPlan.js";

/** A run over `POST {prefix}/{id}`, a request a step: every release has it, and the client makes the run's id. */
export class PollCarrier implements RunCarrier {
  readonly #context: Context;
  readonly #session: string;
  readonly #runId: string;
  readonly #call: SessionCallOptions;

  constructor(context: Context, session: string, runId: string, call: SessionCallOptions) {
    this.#context = context;
    this.#session = session;
    this.#runId = runId;
    this.#call = { ownerAccessKey: call.ownerAccessKey };
  }

  async begin(plan: RunPlan, signal: AbortSignal): Promise<StepOutcome> {
    return plan.mode === "query"
      ? this.#step({ mode: "query", code: plan.code }, signal)
      : this.#step({ mode: "batch", code: "", options: plan.options }, signal);
  }

  async proceed(signal: AbortSignal): Promise<StepOutcome> {
    return this.#step({ mode: "continue", code: "" }, signal);
  }

  async answer(text: string, signal: AbortSignal): Promise<StepOutcome> {
    return this.#step({ mode: "input", code: text }, signal);
  }

  async release(isOver: boolean): Promise<SessionState> {
    if (isOver) {
      return "free";
    }
    const limit = deadline(this.#context.transport.timeouts.runGraceMs, "run", "freeing the session");
    try {
      const run = { session: this.#session, runId: this.#runId };
      return await freeSession(this.#context, run, { ...this.#call, signal: limit.signal });
    } catch (error) {
      this.#context.transport.logger.warn(`the session may be blocked by its last run: ${messageOf(error)}`);
      return "busy";
    } finally {
      limit.clear();
    }
  }

  async #step(step: Parameters<typeof executeStep>[2], signal: AbortSignal): Promise<StepOutcome> {
    return executeStep(
      this.#context,
      this.#session,
      { ...step, runId: this.#runId },
      { ...this.#call, signal },
    );
  }
}
