/**
 * Where a job is: running, over, over after a build that failed, over without a word (its session ended it), or ended because its
 * output was too much.
 */
export type JobState = "running" | "over" | "unbuilt" | "lost" | "full";

const states: readonly JobState[] = ["running", "over", "unbuilt", "full"];

/** What a session knows of one of its jobs. */
export interface JobStatus {
  /** Whether its program sees a terminal, where output and errors are one, or pipes. */
  readonly kind: "terminal" | "pipes";
  readonly state: JobState;
  /** The shell's: 128 and more for a signal. `undefined` while it runs and when it was lost. */
  readonly exitCode: number | undefined;
  /** Bytes of output and of errors so far. */
  readonly sizes: { readonly out: number; readonly err: number };
}

/** A job as a session lists it. */
export interface ListedJob extends JobStatus {
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  /** The line it was started with. */
  readonly note: string;
}

/** Reads `kind state code out err`; `undefined` for anything else. */
export function parseStatus(text: string): JobStatus | undefined {
  const match = /^(terminal|pipes) (\w+) (-|lost|\d{1,3}) (\d+) (\d+)\s*$/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, kind, word, code = "", out, err] = match;
  const state = code === "lost" ? "lost" : states.find((known) => known === word);
  if (state === undefined) {
    return undefined;
  }
  const exitCode = /^\d/.test(code) ? Number(code) : undefined;
  return {
    kind: kind === "terminal" ? "terminal" : "pipes",
    state,
    exitCode,
    sizes: { out: Number(out), err: Number(err) },
  };
}

/** Reads the list of a session's jobs, the newest first; lines that are none are left out. */
export function parseJobs(text: string): readonly ListedJob[] {
  return text
    .split("\n")
    .flatMap((line): ListedJob[] => {
      const [id = "", statusText = "", started = "", ended = "", ...note] = line.split("\t");
      const status = parseStatus(statusText);
      if (status === undefined || !/^\d+$/.test(started)) {
        return [];
      }
      const endedAt = /^\d+$/.test(ended) ? new Date(Number(ended) * 1000) : undefined;
      return [{ ...status, id, startedAt: new Date(Number(started) * 1000), endedAt, note: note.join("\t") }];
    })
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
}
