import { describeError } from "../../platform/describeError.js";

/** An error in one line for a terminal: its cause, and the way out if there is one. */
export function wordsFor(error: unknown): string {
  const { summary, detail } = describeError(error);
  return detail === undefined ? summary : `${summary} ${detail}`;
}
