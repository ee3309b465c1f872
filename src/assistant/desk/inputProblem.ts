import * as z from "zod/mini";

/** What is wrong with an input, without what was given: a schema's own words know no language here. */
export function inputProblem(error: unknown): string {
  const issues = error instanceof z.core.$ZodError ? error.issues : [];
  const words = issues.map((issue) => `${issue.path.join(".") || "the input"} ${wordsOf(issue)}`);
  return words.length === 0
    ? "it does not have the shape that the schema asks for."
    : `${words.slice(0, 5).join("; ")}.`;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be of type ${issue.expected}`;
    case "unrecognized_keys":
      return `may not have ${issue.keys.slice(0, 5).join(", ")}`;
    case "too_big":
      return `may be ${String(issue.maximum)} at most`;
    case "too_small":
      return `must be ${String(issue.minimum)} at least`;
    case "invalid_format":
      return `must match ${issue.pattern ?? issue.format}`;
    default:
      return "is not as the schema asks for";
  }
}
