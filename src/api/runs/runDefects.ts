import { messageOf } from "../../base/errors.js";
import type { DefectName } from "../../wire/defects.js";
import { ApiError, RunFailedError, ServerDefectError, ServerError, SessionBlockedError } from "../errors.js";
import type { Findings } from "../findings.js";
import type { RunPlan } from "./runPlan.js";

/** What is known of a step that failed. */
export interface FailedStep {
  /** Whether nothing of the run was heard before. */
  readonly isFirst: boolean;
  /** Whether the session was free again at once. */
  readonly isFreed: boolean;
  /** How long it took to fail, in milliseconds. */
  readonly stepMs: number;
}

/** A query that the server's own fault ends fails at once; a server that stands still takes its time. */
const promptMs = 3000;

/**
 * A run's failure as what it is: where the server's words, or what is known of it, tell a defect or another run, that is what
 * is thrown. Other failures come back as they are.
 */
export function explainRunFailure(
  error: unknown,
  { plan, ...step }: FailedStep & { readonly plan: RunPlan },
  findings: Findings,
): unknown {
  if (!(error instanceof ServerError || error instanceof RunFailedError)) {
    return error;
  }
  const defect = toldDefect(error);
  if (defect !== undefined) {
    findings.saw(defect);
    return new ServerDefectError(defect, { cause: error });
  }
  if (step.isFirst && isBlocked(error)) {
    return new SessionBlockedError({ cause: error });
  }
  // 26.8 tells nothing: what fails at once and leaves a healthy session was HTML, as nothing else of a query was seen to do so.
  const isBare = error instanceof ApiError && error.status === 500 && error.slug === "internal-server-error";
  const isHtml = isBare && plan.mode === "query" && step.isFreed && step.stepMs < promptMs;
  return isHtml && findings.has("htmlBlocks") ? new ServerDefectError("htmlBlocks", { cause: error }) : error;
}

/** The defect that the words of the agent tell. */
function toldDefect(error: ServerError | RunFailedError): DefectName | undefined {
  const words = error instanceof ApiError ? (error.agentException ?? "") : messageOf(error);
  if (/DockerKernel.*_tasks/.test(words)) {
    return "executeFails"; // recorded on 24.09.14
  }
  return /JSONDecodeError/.test(words) ? "htmlBlocks" : undefined; // recorded on 23.09 and 24.09
}

/** Whether the agent gave up waiting for the run before. */
function isBlocked(error: ServerError | RunFailedError): boolean {
  const type = error instanceof ApiError ? error.problem?.["agent-details"]?.type : undefined;
  return type?.endsWith("/agent-timeout") ?? false;
}
