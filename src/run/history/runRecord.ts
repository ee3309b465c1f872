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
  /** SHA-256 of the file that ran, in hex. */
  fileHash: z.string(),
  session: z.looseObject({ id: z.string(), name: z.string() }),
  /** The server, in words. */
  server: z.string(),
  /** Where the run can be found again while its session lives. */
  jobId: z.optional(z.string()),
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
