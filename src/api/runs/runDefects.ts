import { messageOf } from "../../base/errors.js";
import type { DefectName } from "../../wire/defects.js";
import { ApiError, RunFailedError, ServerDefectError, ServerError } from "../errors.js";
import type { Findings } from "../findings.js";
import type { RunPlan } from "./runPlan.js";

/**
 * A run's failure as what it is: where the server's words, or what is known of it, tell a defect, that is what is thrown, and
 * it is remembered. Other failures come back as they are.
 */
export function explainRunFailure(error: unknown, plan: RunPlan, findings: Findings): unknown {
  const defect = defectOf(error, plan, findings);
  if (defect === undefined) {
    return error;
  }
  findings.saw(defect);
  return new ServerDefectError(defect, { cause: error });
}

function defectOf(error: unknown, plan: RunPlan, findings: Findings): DefectName | undefined {
  if (!(error instanceof ServerError || error instanceof RunFailedError)) {
    return undefined;
  }
  const words = error instanceof ApiError ? (error.agentException ?? "") : messageOf(error);
  if (/DockerKernel.*_tasks/.test(words)) {
    return "executeFails"; // recorded on 24.09.14
  }
  if (plan.mode !== "query" || !findings.has("htmlBlocks")) {
    return undefined;
  }
  // 23.09 and 24.09 name the exception; 26.8 tells nothing, and nothing else of a query was seen to fail so.
  const isBare = error instanceof ApiError && error.status === 500 && error.slug === "internal-server-error";
  return /JSONDecodeError/.test(words) || isBare ? "htmlBlocks" : undefined;
}
