import { isReleaseAtLeast } from "./version.js";

/**
 * Something that running servers of some releases get wrong, or that depends on the installation: known before it is met.
 * The client expects it, the conformance suite does not hold it against a server, `docs/compatibility.md` explains it.
 */
export interface Defect {
  /** Manager releases: from this one on. */
  readonly since: string;
  /** The first release without it; absent while every newer one has it. */
  readonly until?: string;
  /** What servers do, as a sentence without a subject: `answers 500 after 10 s`. */
  readonly does: string;
  /** What the extension offers instead, as a sentence. */
  readonly instead: string;
  /** Calls of the reference client that can't be used there, though some of their refusals are right. */
  readonly fails?: readonly string[];
  /** Calls of the reference client that work all the same, by what `instead` says. */
  readonly detour?: readonly string[];
  /** A recording below `test/golden` that shows it, without `.json`. */
  readonly proof: string;
}

const definitions = {
  executeFails: {
    since: "24.09.11",
    until: "24.12",
    does: "answers every execute call with 500: its agent's code has a fault",
    fails: ["execute", "stream_execute"],
    instead: "Says so at the first run, in place of the server's words.",
    proof: "24.09/24.9.14-exec-broken",
  },
  batchLoses: {
    since: "24.09.7",
    does: "loses output, notices and the end of batch runs at random",
    instead: "Tells when a run has been silent for 20 s, and frees the session when it is stopped then.",
    proof: "24.09/24.9.14-exec-batch-lost",
  },
  htmlBlocks: {
    since: "20.03",
    does: "answers 500 when a query shows a value that has an HTML form, and keeps the session busy",
    instead: "Frees the session by an empty query with the same run id, and says that the value was HTML.",
    proof: "23.09/exec-query-html",
  },
  runsBlock: {
    since: "20.03",
    does: "lets a run that nobody reads to its end, or an unknown run id, block every later run of the session",
    instead:
      "Makes every run id, sends one run at a time to a session, ends runs by interrupting and reading on, and frees what is blocked by an empty query with the same id.",
    detour: ["execute", "execute(mode=query)", "stream_execute", "stream_execute(mode=query)", "interrupt"],
    proof: "23.09/exec-unknown-runid",
  },
  completionFails: {
    since: "19.03",
    until: "25.10",
    does: "answers a completion with 500 after 10 s",
    fails: ["complete", "complete(row, col, line, post)"],
    instead: "Stops waiting after 2 s, and does not ask that server again after three failures.",
    proof: "23.09/complete",
  },
  completionEmpty: {
    since: "25.10",
    does: "answers every completion with an empty list",
    fails: ["complete", "complete(row, col, line, post)"],
    instead: "Does not ask that server again after ten empty lists.",
    proof: "26.8/c15_complete",
  },
  terminalMute: {
    since: "20.03",
    does: "opens a terminal that never shows anything, and closes it at the first key",
    fails: ["stream_pty"],
    instead: "Finds it out at the first key, and remembers it.",
    proof: "23.09/ws-pty",
  },
  failedAppBlocks: {
    since: "26.1",
    does: "answers 500 for every app of a session, ssh included, once an app that can't start was asked for",
    instead: "Says so, and asks for no app by itself but ssh and the terminal. A new session is the way out.",
    proof: "26.8/c20_apps",
  },
  uploadNames: {
    since: "24.03",
    until: "24.09.7",
    does: "refuses to upload files by their relative names",
    instead: "Sends absolute names, in the extended form of the header, to these servers alone.",
    detour: ["upload", "upload(basedir)", "upload(show_progress)"],
    proof: "24.09/upload",
  },
  uploadsVanish: {
    since: "22.09",
    does: "answers 204 to uploads that it puts elsewhere, or nowhere: absolute names, and those that begin with ../",
    instead: "Sends no such names, and looks for every file after its upload.",
    proof: "26.8/c12_upload",
  },
  uploadsForeign: {
    since: "22.09",
    does: "leaves uploaded files to root where its agent runs as root, so that programs can't change them",
    instead: "Replaces them by further uploads; a program can remove them, but not write into them.",
    proof: "23.09/upload",
  },
  eventsPartial: {
    since: "23.09",
    until: "24.03",
    does: "tells of the containers of a new session, not of the session itself",
    instead: "Lists the sessions again after every event, after each reconnection, and every 30 s.",
    proof: "23.09/events-session",
  },
  slowEnd: {
    since: "24.03",
    does: "goes on ending a session for seconds after it answered, and refuses calls meanwhile",
    instead: "Shows the session as ending until it is gone.",
    proof: "24.09/destroy",
  },
  queriesUncounted: {
    since: "23.09",
    does: "does not count executions: numQueriesExecuted stays 0",
    instead: "The number is not shown.",
    proof: "23.09/info",
  },
  ownerIgnored: {
    since: "22.03",
    does: "understands owner_access_key for logs and destroy alone",
    instead:
      "A caller's own key is left out of calls on a session; calls for another owner fail as the server says.",
    proof: "23.09/info",
  },
  logOfRunner: {
    since: "20.03",
    does: "keeps what the runner says in the container's log, not what runs print",
    instead: "Shows the log as it is; the output of runs is in their own terminals.",
    proof: "23.09/logs",
  },
} as const satisfies Readonly<Record<string, Defect>>;

/** The name of a known defect. */
export type DefectName = keyof typeof definitions;

/** Every known defect. */
export const defects: Readonly<Record<DefectName, Defect>> = definitions;

/** Names of all known defects. */
export const defectNames = Object.keys(definitions) as readonly DefectName[]; // the keys of `definitions`, which `keys` forgets

/** Whether running servers of manager release `manager` are known, or by their neighbours believed, to have a defect. */
export function hasDefect(manager: string, name: DefectName): boolean {
  const { since, until } = defects[name];
  return isReleaseAtLeast(manager, since) && !(until !== undefined && isReleaseAtLeast(manager, until));
}
