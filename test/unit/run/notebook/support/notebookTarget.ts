import { NotebookKernel, type KernelCell } from "../../../../../src/run/notebook/notebookKernel.js";
import type { CellPlace } from "../../../../../src/run/notebook/cellFailure.js";
import type { Ask } from "../../../../../src/run/notebook/cellRun.js";
import { ExecutionCounts } from "../../../../../src/run/notebook/executionCounts.js";
import { messageOf } from "../../../../../src/base/errors.js";
import { RecordingScreen } from "./recordingScreen.js";

/** A cell that keeps what becomes of it. */
export interface RecordedCell extends KernelCell {
  readonly screen: RecordingScreen;
  readonly order: number | undefined;
  /** `waiting`, `running`, or how it ended. */
  readonly state: "waiting" | "running" | "succeeded" | "failed" | "not run";
}

/** A cell with code of Python, or of another language. */
export function cellOf(code: string, languageId = "python"): RecordedCell {
  const screen = new RecordingScreen();
  const cell = {
    code,
    languageId,
    screen,
    order: undefined as number | undefined,
    state: "waiting" as RecordedCell["state"],
    start: (order: number | undefined) => {
      cell.order = order;
      cell.state = "running";
      return screen;
    },
    end: (succeeded: boolean | undefined) => {
      cell.state = succeeded === undefined ? "not run" : succeeded ? "succeeded" : "failed";
    },
  };
  return cell;
}

/** A kernel for tests, and what it told. */
export interface RecordedKernel {
  readonly kernel: NotebookKernel;
  readonly failures: unknown[];
  /** Runs cells with that code and waits for their end. */
  readonly run: (...codes: readonly string[]) => Promise<readonly RecordedCell[]>;
}

/** A kernel whose cells all run in one place. */
export function kernelAt(
  placeFor: () => Promise<CellPlace | undefined>,
  { ask, counts = new ExecutionCounts() }: { ask?: Ask; counts?: ExecutionCounts } = {},
): RecordedKernel {
  const failures: unknown[] = [];
  const kernel = new NotebookKernel({
    placeFor,
    counts,
    ask: ask ?? (() => Promise.reject(new Error("nobody was to be asked"))),
    describe: messageOf,
    onFailure: (error) => failures.push(error),
  });
  return {
    kernel,
    failures,
    run: async (...codes) => {
      const cells = codes.map((code) => cellOf(code));
      await kernel.execute(cells);
      return cells;
    },
  };
}
