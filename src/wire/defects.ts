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
    instead: "Says so at the first run. The session's terminal runs programs over ssh.",
    proof: "24.09/24.9.14-exec-broken",
  },
  batchLoses: {
    since: "24.09.7",
    does: "loses output, notices and the end of batch runs at random",
    instead: "Gives up a run that is silent for too long, frees the session and says what may be missing.",
    proof: "24.09/24.9.14-exec-batch-lost",
  },
  htmlBlocks: {
    since: "20.03",
    does: "answers 500 when a query's value has an HTML form, and keeps the session busy",
    instead: "Frees the session by an empty query with the same run id, and tells that the value was HTML.",
    proof: "23.09/exec-query-html",
  },
  completionFails: {
    since: "19.03",
    until: "25.10",
    does: "answers a completion with 500 after 10 s",
    instead: "Stops waiting after 2 s, and does not ask that server again.",
    proof: "23.09/complete",
  },
  completionEmpty: {
    since: "25.10",
    does: "answers every completion with an empty list",
    instead: "Does not ask that server again after a few empty lists.",
    proof: "26.8/c15_complete",
  },
  terminalMute: {
    since: "20.03",
    does: "opens a terminal that never shows anything, and closes it at the first key",
    instead: "Reaches the shell by ssh or ttyd through the session's TCP proxy.",
    proof: "23.09/ws-pty",
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
    instead: "Other calls act as the caller.",
    proof: "23.09/info",
  },
  uploadNames: {
    since: "24.03",
    until: "24.09.7",
    does: "refuses to upload files by their relative names",
    instead: "Sends absolute names, in the extended form of the header, to these servers alone.",
    detour: ["upload"],
    proof: "24.09/upload",
  },
  slowEnd: {
    since: "24.03",
    does: "goes on ending a session for seconds after it answered, and refuses calls meanwhile",
    instead: "Waits until the session is gone before it says so.",
    detour: ["destroy"],
    proof: "24.09/destroy",
  },
  uploadEscapes: {
    since: "22.09",
    does: "lets an upload to ../ out of the home directory, or answers 204 and writes nothing",
    instead: "Names that leave the home directory are refused before a byte is sent.",
    proof: "23.09/upload",
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
