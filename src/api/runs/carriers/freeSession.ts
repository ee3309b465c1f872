import { ApiError, NotFoundError } from "../../errors.js";
import type { Context } from "../../context.js";
import type { SessionCallOptions } from "../../options.js";
import { interruptSession } from "../interruptSession.js";
import { executeStep } from "./executeStep.js";

/** A run that may keep its session busy. */
export interface LostRun {
  readonly session: string;
  readonly runId: string;
}

/**
 * Frees a session from a run whose end was not seen: an empty query with the same id takes its place, and is read to its end,
 * as the program may still be ending (`real-servers.md`). A session that is gone needs nothing.
 * @throws the errors of the transport, and the signal's reason, while the end has not been seen.
 */
export async function freeSession(
  context: Context,
  { session, runId }: LostRun,
  call: SessionCallOptions,
): Promise<"free" | "gone"> {
  try {
    let step = await executeStep(context, session, { mode: "query", runId }, call);
    while (step.status !== "finished" && step.status !== "exec-timeout") {
      const mode = step.status === "waiting-input" ? "input" : "continue";
      step = await executeStep(context, session, { mode, runId }, call);
    }
    return "free";
  } catch (error) {
    if (error instanceof NotFoundError) {
      return "gone";
    }
    throw error;
  }
}

/** Frees it also from a program that runs on: one that nobody could interrupt while the server did not answer. */
export async function endAndFree(context: Context, run: LostRun, call: SessionCallOptions): Promise<void> {
  try {
    await interruptSession(context, run.session, call);
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
  }
  await freeSession(context, run, call);
}
