import type { Problem } from "./records/problem.js";

/** The prefix of every `type` in a problem body. */
export const problemPrefix = "https://api.backend.ai/probs/";

/** The last part of a problem's `type`, such as `session-not-found`. */
export function problemSlug(problem: Problem): string {
  return problem.type.slice(problem.type.lastIndexOf("/") + 1);
}
