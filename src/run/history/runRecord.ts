import * as z from "zod/mini";

/** What is kept of a run. */
export const RunRecord = z.looseObject({
  id: z.string().check(z.regex(/^[\w-]{1,64}$/)),
  /** The file's name. */
  name: z.string(),
  /** The document that ran. */
  uri: z.string(),
  languageId: z.string(),
  commandLine: z.string(),
  /** How it was changed from the language's defaults: `RunOptions`. */
  options: z.optional(
    z.object({
      clean: z.optional(z.string()),
      build: z.optional(z.string()),
      exec: z.optional(z.string()),
      args: z.optional(z.string()),
      env: z.optional(z.record(z.string(), z.string())),
    }),
  ),
  /** Names of variables of `options` whose values are secrets and not kept. */
  withheld: z.optional(z.array(z.string())),
  /** SHA-256 of the file that ran, in hex; empty where it is not known. */
  fileHash: z.string(),
  session: z.looseObject({ id: z.string(), name: z.string() }),
  /** The server, in words. */
  server: z.string(),
  /** Where the run can be found again while its session lives. */
  jobId: z.optional(z.string()),
  /** The process that follows it, and will write down its end. */
  follower: z.optional(z.number()),
  /** ISO 8601, as `endedAt`. */
  startedAt: z.string(),
  endedAt: z.optional(z.string()),
  /** A `RunOutcome`'s kind; absent while it is not known how it ended. */
  outcome: z.optional(z.string()),
  exitCode: z.optional(z.number()),
  /** Bytes of output that are kept, and whether that is all of it. */
  outputBytes: z.optional(z.number()),
  isOutputWhole: z.optional(z.boolean()),
});
export type RunRecord = z.infer<typeof RunRecord>;
