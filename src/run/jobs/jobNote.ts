import type { JobNote } from "./readJobNote.js";

/** What a job is started from. */
interface JobSource {
  readonly name: string;
  readonly languageId: string;
  readonly uri: { toString(): string };
  readonly commandLine: string;
}

/** What a job tells of itself to whoever finds it in its session: one line of JSON, which `readJobNote.ts` reads. */
export function jobNote({ name, languageId, uri, commandLine }: JobSource, startedAt: Date): string {
  return JSON.stringify({
    name,
    languageId,
    uri: uri.toString(),
    commandLine,
    startedAt: startedAt.toISOString(),
  } satisfies JobNote);
}
