/** A published release of the reference client, and the engine that it is tried against. */
export interface ReferenceClient {
  /** As the package index calls it; names its file of pinned versions. */
  readonly version: string;
  /** The Python that its packages and pins fit. */
  readonly python: string;
  /** The server of the same time: what the client was written for. */
  readonly engine: readonly string[];
  readonly words: CommandWords;
  /** What becomes of `session rename`, which old clients lack, and which newer servers than 26.2 cannot read. */
  readonly rename: "missing" | "done" | "refused";
  /**
   * What becomes of the answer to `input()` in a run over requests: 26.8.1 as a server reads only `run_id`, and as a
   * client says only `runId`.
   */
  readonly answer: "taken" | "refused";
  /** The exit code of a snippet that raised an error: servers told of it from 26.1 on. */
  readonly errorExitCode: number;
  /** Whether the server tells of sessions and their ids, in events and when one is destroyed; before 20.09, of kernels. */
  readonly tellsOf: "kernel" | "session";
}

/** How the command line says what it was later to say otherwise. */
interface CommandWords {
  readonly create: readonly string[];
  /** Comes before `ls`, `upload`, `download`, `logs` and `rename`. */
  readonly session: readonly string[];
}

const newWords: CommandWords = { create: ["session", "create"], session: ["session"] };

/** From the oldest to the newest; each one a public release. */
export const referenceClients: readonly ReferenceClient[] = [
  {
    version: "20.3.10",
    python: "3.8",
    engine: ["--api", "v5.20191215", "--manager", "20.03.10"],
    words: { create: ["start"], session: [] },
    rename: "missing",
    answer: "taken",
    errorExitCode: 0,
    tellsOf: "kernel",
  },
  {
    version: "23.9.10",
    python: "3.11",
    engine: ["--api", "v7.20230615", "--manager", "23.09.10"],
    words: newWords,
    rename: "done",
    answer: "taken",
    errorExitCode: 0,
    tellsOf: "session",
  },
  {
    version: "24.9.14",
    python: "3.12",
    engine: ["--api", "v8.20240915", "--manager", "24.09.14"],
    words: newWords,
    rename: "done",
    answer: "taken",
    errorExitCode: 0,
    tellsOf: "session",
  },
  {
    version: "26.8.1",
    python: "3.13",
    engine: ["--api", "v9.20250722", "--manager", "26.8.1"],
    words: newWords,
    rename: "refused",
    answer: "refused",
    errorExitCode: 1,
    tellsOf: "session",
  },
];

/** Those that are tried: the oldest and the newest, or all of them with `REFERENCE_CLIENTS=all`. */
export const triedClients: readonly ReferenceClient[] =
  process.env["REFERENCE_CLIENTS"] === "all"
    ? referenceClients
    : referenceClients.filter((_, index) => index === 0 || index === referenceClients.length - 1);
