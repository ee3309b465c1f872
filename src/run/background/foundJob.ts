import type { JobNote } from "../jobs/readJobNote.js";
import type { ListedJob } from "../jobs/jobStatus.js";

/** A job of a session of the connected server, with what it tells of itself. */
export interface FoundJob {
  readonly session: { readonly id: string; readonly name: string };
  readonly job: ListedJob;
  readonly note: JobNote;
}
