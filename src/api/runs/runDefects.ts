import { messageOf } from "../../base/errors.js";
import type { DefectName } from "../../wire/defects.js";
import { ApiError, RunFailedError, ServerDefectError, ServerError, SessionBlockedError } from "../errors.js";
import type { Findings } from "../findings.js";
import { isStumble } from "../transport/errorMapping.js";
import type { RunPlan, SessionState } from "./runPlan.js";

/** What is known of a step that failed. */
export interface FailedStep {
  /** Whether nothing of the run was heard before. */
  readonly isFirst: boolean;
  /** What the session was afterwards. */
  readonly session: SessionState;
  /** How long it took to fail, in milliseconds; `undefined` when nothing was sent. */
  readonly stepMs: number | undefined;
}

/** What was run, and where. */
export interface FailedRun {
  readonly plan: RunPlan;
  readonly findings: Findings;
  /** Whether the server's agents say what failed (`real-servers.md`). */
  readonly isExplained: boolean;
}

/** HTML fails at once; a run that was kept waiting fails after 2 s and more. */
const promptMs = 1500;

/**
 * A run's failure as what it is: where the server's words, or what is known of it, tell a defect or another run, that is what
 * is thrown. Other failures come back as they are.
 */
export function explainRunFailure(error: unknown, step: FailedStep, run: FailedRun): unknown {
  if (!(error instanceof ServerError || error instanceof RunFailedError)) {
    return error;
  }
  const words = error instanceof ApiError ? (error.agentException ?? "") : agentWords(error);
  if (/DockerKernel.*_tasks/.test(words)) {
    return defect("executeFails", error, run); // recorded on 24.09.14
  }
  if (run.plan.mode === "query" && /JSONDecodeError/.test(words)) {
    return defect("htmlBlocks", error, run); // recorded on 23.09 and 24.09
  }
  if (step.isFirst && isBlocked(error)) {
    return new SessionBlockedError({ cause: error });
  }
  return isLikeHtml(error, step, run) ? new ServerDefectError("htmlBlocks", { cause: error }) : error;
}

function defect(name: DefectName, cause: Error, { findings }: FailedRun): ServerDefectError {
  findings.saw(name);
  return new ServerDefectError(name, { cause });
}

/** The agent's words in an error frame, which says other things of malformed requests. */
function agentWords(error: RunFailedError): string {
  return /KernelExecutionFailed: (.*)/.exec(messageOf(error))?.[1] ?? "";
}

/** Whether the agent gave up waiting for the run before. */
function isBlocked(error: ServerError | RunFailedError): boolean {
  if (error instanceof RunFailedError) {
    return agentWords(error).startsWith("None"); // seen on 23.09 and 24.09.6
  }
  return error.problem?.["agent-details"]?.type?.endsWith("/agent-timeout") ?? false;
}

/** Where agents tell nothing, a query that fails at once and leaves a healthy session was HTML, as far as was seen. */
function isLikeHtml(error: ServerError | RunFailedError, step: FailedStep, run: FailedRun): boolean {
  const isPrompt = step.stepMs !== undefined && step.stepMs < promptMs && step.session === "free";
  return (
    isStumble(error) &&
    isPrompt &&
    run.plan.mode === "query" &&
    !run.isExplained &&
    run.findings.has("htmlBlocks")
  );
}
