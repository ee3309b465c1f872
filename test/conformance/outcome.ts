import { abortable, deadline } from "../../src/base/abort.js";
import type { DefectName } from "../../src/wire/defects.js";
import { ServerDefectError, UnsupportedError } from "../../src/api/index.js";
import { rejection } from "./assertions.js";
import { applicability, type ConformanceCase, NotApplicable } from "./conformanceCase.js";
import { CaseContext } from "./context.js";
import type { OpenTarget } from "./targets.js";

/** How a case went on a target. */
export type Outcome =
  /** `firstFailure`: why it had to be tried twice. */
  | { readonly status: "passed"; readonly firstFailure?: unknown }
  | { readonly status: "skipped"; readonly reason: string; readonly defect?: DefectName | undefined }
  | { readonly status: "failed"; readonly error: unknown };

/** Time for one case, unless it says otherwise: busy machines start interpreters slowly. */
const usualMs = 30_000;
/** Containers take longer to come and to go than processes. */
const realFactor = 4;

/** Runs one case, with its deadline, and cleans up after it. Never rejects. */
export async function runCase(test: ConformanceCase, target: OpenTarget): Promise<Outcome> {
  const applies = applicability(test, target.client.dialect, target.isReal);
  if (applies.kind === "skipped") {
    return { status: "skipped", reason: applies.reason, defect: applies.defect };
  }
  const timeoutMs = (test.timeoutMs ?? usualMs) * (target.isReal ? realFactor : 1);
  const limit = deadline(timeoutMs, "total", "The case");
  const context = new CaseContext(target, limit.signal);
  try {
    await abortable(attempt(test, context, applies.kind), limit.signal);
    await context.close();
    return { status: "passed" };
  } catch (error) {
    await target.replaceShared(); // it may be blocked by what was left undone
    await context.close().catch(() => undefined); // the case failed already
    return excuseOf(error, target) ?? { status: "failed", error };
  } finally {
    limit.clear();
  }
}

/** Why a case that did not pass can't pass there. */
function excuseOf(error: unknown, { isReal }: OpenTarget): Outcome | undefined {
  if (error instanceof NotApplicable) {
    return { status: "skipped", reason: error.message };
  }
  // Whatever needs a program to run can't be tried where none does.
  const isHelpless = isReal && error instanceof ServerDefectError && error.defect === "executeFails";
  return isHelpless ? { status: "skipped", reason: error.message, defect: error.defect } : undefined;
}

async function attempt(test: ConformanceCase, context: CaseContext, kind: "runs" | "refused"): Promise<void> {
  if (kind === "runs") {
    await test.run(context);
  } else if (test.lacks !== undefined) {
    await rejection(test.lacks.refused(context), UnsupportedError);
  }
}
