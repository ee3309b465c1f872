/** A group of figures: a program of its own, so that no other's memory and warmth is in them. */
export interface Group {
  /** Below `test/bench`. */
  readonly file: string;
  /** What it is about, as a heading. */
  readonly title: string;
  /** Longest that it may take, in minutes. */
  readonly minutes: number;
}

/** All of them, in the order of the table. */
export const groups = {
  calls: { file: "calls.ts", title: "Calls", minutes: 5 },
  connect: { file: "connect.ts", title: "Connecting", minutes: 5 },
  runs: { file: "runs.ts", title: "Runs", minutes: 15 },
  clients: { file: "clients.ts", title: "Runs beside the reference client", minutes: 15 },
  terminal: { file: "terminal.ts", title: "Terminals", minutes: 15 },
  files: { file: "files.ts", title: "Files", minutes: 20 },
  transfers: { file: "transfers.ts", title: "Transfers", minutes: 20 },
  completion: { file: "completion.ts", title: "Completion", minutes: 5 },
  sessions: { file: "sessions.ts", title: "Ten thousand sessions", minutes: 5 },
  throughput: { file: "throughput.ts", title: "Output of programs", minutes: 15 },
  size: { file: "size.ts", title: "Size and activation", minutes: 10 },
} as const satisfies Readonly<Record<string, Group>>;

export type GroupName = keyof typeof groups;
