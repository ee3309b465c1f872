import * as z from "zod/mini";

/**
 * One piece of a run's output, in order (`protocol.md` §4.2). Newer and odd servers send other kinds: they parse as a pair
 * of strings or of a string and anything, and are for the reader to skip.
 */
export const ConsoleItem = z.tuple([z.string(), z.unknown()]);
export type ConsoleItem = z.infer<typeof ConsoleItem>;

/** One step of a run. */
export const RunStep = z.looseObject({
  status: z.string(),
  runId: z.optional(z.nullable(z.string())),
  exitCode: z.optional(z.nullable(z.number())),
  options: z.optional(z.nullable(z.looseObject({ is_password: z.optional(z.boolean()) }))),
  console: z.optional(z.nullable(z.array(ConsoleItem))),
});
export type RunStep = z.infer<typeof RunStep>;

/** The answer of `POST /session/{id}`; nested twice by `mode: "complete"` since 25.10. */
export const ExecuteResponse = z.looseObject({
  result: z.union([RunStep, z.looseObject({ result: RunStep })]),
});

/** What a batch run does; `null` or absent skips a step, `"*"` is the runtime's default (`protocol.md` §4.4). */
export interface BatchOptions {
  readonly clean?: string | null;
  readonly build?: string | null;
  readonly buildLog?: boolean;
  readonly exec?: string | null;
}

/** The answer of `POST /session/{id}/complete`; `suggestions` since 25.10. */
export const CompleteResponse = z.looseObject({
  result: z.looseObject({
    status: z.optional(z.string()),
    error: z.optional(z.nullable(z.string())),
    completions: z.optional(z.nullable(z.array(z.string()))),
    suggestions: z.optional(z.nullable(z.array(z.string()))),
  }),
});
