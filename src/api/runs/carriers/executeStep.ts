import { type BatchOptions, ExecuteResponse, type RunStep } from "../../../wire/records/run.js";
import { type Context, sessionRequest } from "../../context.js";
import type { SessionCallOptions } from "../../options.js";

/** One request of a run. */
export interface ExecuteOptions {
  readonly mode: "query" | "batch" | "continue" | "input" | "complete";
  /** The code of a query, the line of an input; empty otherwise. */
  readonly code?: string | undefined;
  /** Of our own making: 32 hex digits. A server-made one may get lost in an error, and the session with it. */
  readonly runId?: string | undefined;
  readonly options?: BatchOptions | Readonly<Record<string, unknown>> | undefined;
}

/** `POST {prefix}/{id}` (`protocol.md` §4.1): sends the run's id under both keys, as no release reads both. */
export async function executeStep(
  context: Context,
  session: string,
  { mode, code = "", runId, options }: ExecuteOptions,
  call: SessionCallOptions,
): Promise<RunStep> {
  const json = { mode, code, runId: runId ?? null, run_id: runId ?? null, options };
  const spec = sessionRequest(context, { ...call, method: "POST", id: session, json });
  const { result } = await context.transport.json(ExecuteResponse, spec);
  return isStep(result) ? result : result.result;
}

function isStep(result: RunStep | { readonly result: RunStep }): result is RunStep {
  return "status" in result;
}
