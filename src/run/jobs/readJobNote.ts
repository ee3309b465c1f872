import * as z from "zod/mini";

/** What a job tells of itself to whoever finds it in its session: one line of JSON. */
export const JobNote = z.looseObject({
  name: z.string(),
  languageId: z.string(),
  /** The document on the computer that started it. */
  uri: z.string(),
  commandLine: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type JobNote = z.infer<typeof JobNote>;

/** Reads what `jobNote` wrote; `undefined` for one of somebody else. */
export function parseJobNote(line: string): JobNote | undefined {
  try {
    return JobNote.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
