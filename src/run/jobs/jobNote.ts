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

/** What a job is started from. */
interface JobSource {
  readonly name: string;
  readonly languageId: string;
  readonly uri: { toString(): string };
  readonly plan: { readonly commandLine: string };
}

/** The line for a job. */
export function jobNote({ name, languageId, uri, plan }: JobSource, startedAt: Date): string {
  return JSON.stringify({
    name,
    languageId,
    uri: uri.toString(),
    commandLine: plan.commandLine,
    startedAt: startedAt.toISOString(),
  } satisfies JobNote);
}

/** Reads such a line; `undefined` for one of somebody else. */
export function parseJobNote(line: string): JobNote | undefined {
  try {
    return JobNote.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
