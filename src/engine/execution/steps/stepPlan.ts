/** What one step of a batch run does: nothing, a shell command, or a word about why there is nothing to do. */
export type StepPlan =
  | { readonly kind: "skip" }
  | { readonly kind: "shell"; readonly script: string }
  | { readonly kind: "note"; readonly text: string; readonly exitCode: number };

export const skip: StepPlan = { kind: "skip" };

export function shell(script: string): StepPlan {
  return { kind: "shell", script };
}

/** A runtime's own words, as the servers give them (`protocol.md` §9.2). */
export function note(runtime: string, text: string, exitCode: number): StepPlan {
  return { kind: "note", text: `${runtime}-kernel: ${runtime}-kernel: ${text}\n`, exitCode };
}
