import { messageOf } from "../../src/base/errors.js";
import { addCounts, broken, type Counts, none } from "./counts.js";
import type { Part, PartName } from "./parts.js";
import { PartReport } from "./partReport.js";
import { runTool } from "./tasks.js";

/** How often a line tells what runs. */
const heartbeatMs = 60_000;

/** What is run, and how. */
export interface RowsOptions {
  readonly rows: readonly (readonly PartName[])[];
  readonly parts: Readonly<Partial<Record<PartName, Part>>>;
  /** Rows that run at the same time. With one, output is shown as it comes, else when its part has ended. */
  readonly lanes: number;
  /** Ends everything, for the reason that it aborts with. */
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
}

/** Runs rows of parts. What hangs is given up at its deadline and is a failure; the rest goes on. Never rejects. */
export async function runRows({ rows, parts, lanes, signal, print }: RowsOptions): Promise<Counts> {
  const waiting = rows.filter((row) => row.length > 0);
  const isShownLive = lanes === 1 || waiting.length === 1;
  const running = new Set<PartReport>();
  let total = none;
  const heartbeat = setInterval(() => {
    print(`… ${[...running].map((report) => report.state()).join("; ")}\n`);
  }, heartbeatMs);
  const lane = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      for (const name of row) {
        const part = parts[name];
        if (part === undefined) {
          throw new Error(`No such part: ${name}`);
        }
        const report = new PartReport(name, isShownLive, print);
        running.add(report);
        const counts = await runPart(name, part, report, signal);
        running.delete(report);
        report.end(counts);
        total = addCounts(total, counts);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  clearInterval(heartbeat);
  return total;
}

async function runPart(
  name: PartName,
  { deadlineMs, run }: Part,
  report: PartReport,
  signal: AbortSignal,
): Promise<Counts> {
  const endsAt = performance.now() + deadlineMs;
  let givenUp: string | undefined;
  try {
    const counts = await run(async (command, options = {}) => {
      const output = report.newOutput();
      const ended = await runTool(command, {
        ...options,
        signal,
        deadlineMs: Math.max(0, Math.round(endsAt - performance.now())),
        onOutput: (text) => output.add(text),
      });
      givenUp ??= ended.givenUp;
      output.end(ended.givenUp === undefined ? "" : `\nGiven up: ${ended.givenUp}\n`);
      return ended;
    });
    // A tool may end well when it is given up, with less done than there was to do.
    return givenUp !== undefined && counts.failed === 0 ? addCounts(counts, broken(name, givenUp)) : counts;
  } catch (error) {
    report.newOutput().end(String(error));
    return broken(name, messageOf(error));
  }
}
