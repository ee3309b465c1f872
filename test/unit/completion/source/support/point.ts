import type { CandidateList, CodePoint } from "../../../../../src/completion/source/completionSource.js";

/** Where `|` stands in Python code. */
export function pointAt(marked: string, languageId = "python"): CodePoint {
  const at = marked.indexOf("|");
  const lines = marked.slice(0, at).split("\n");
  const code = marked.slice(0, at) + marked.slice(at + 1);
  return { languageId, code, row: lines.length - 1, col: lines.at(-1)?.length ?? 0 };
}

export function namesOf({ candidates }: CandidateList): string[] {
  return candidates.map(({ name }) => name);
}

export const never = new AbortController().signal;
