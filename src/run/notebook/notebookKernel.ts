import * as l10n from "@vscode/l10n";
import { isAbort } from "../../base/abort.js";
import { ConfigurationError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import { type Language, languageOf } from "../plan/languages.js";
import { cellError, type CellPlace, exitError, goneOr, isGone, SessionGoneError } from "./cellFailure.js";
import { type Ask, CellRun } from "./cellRun.js";
import type { ExecutionCounts } from "./executionCounts.js";
import type { CellScreen } from "./outputs/cellOutput.js";
import { CellOutputs } from "./outputs/cellOutputs.js";

/** A cell that was asked to run. It waits until `start`; `end` is called once in any case. */
export interface KernelCell {
  readonly code: string;
  /** VS Code's id of its language. */
  readonly languageId: string;
  /**
   * It begins: its old outputs go, its clock runs.
   * @param order The number of the execution; `undefined` when nothing will be executed.
   */
  start(order: number | undefined): CellScreen;
  /** @param succeeded `undefined` for one that was not run. */
  end(succeeded: boolean | undefined): void;
}

/** What the kernel of a notebook works with. */
export interface KernelDeps {
  /** The session for a language; `undefined` when the person closed the question. */
  readonly placeFor: (language: Language, signal: AbortSignal) => Promise<CellPlace | undefined>;
  readonly counts: ExecutionCounts;
  readonly ask: Ask;
  /** An error in words. */
  readonly describe: (error: unknown) => string;
  /** Told of every failure that is not the program's, after its cell shows it. */
  readonly onFailure: (error: unknown) => void;
}

interface ActiveCell {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  place: CellPlace | undefined;
  run: CellRun | undefined;
}

/** What runs the cells of one notebook: one after the other, in the order in which they were asked for. */
export class NotebookKernel implements Disposable {
  readonly #deps: KernelDeps;
  /** Cells that wait, by request. */
  readonly #waiting = new Set<KernelCell[]>();
  #tail: Promise<void> = Promise.resolve();
  #active: ActiveCell | undefined;

  constructor(deps: KernelDeps) {
    this.#deps = deps;
  }

  /** Where the cell that runs now runs. */
  get activePlace(): CellPlace | undefined {
    return this.#active?.place;
  }

  /** Resolves when the cell that runs now has ended. */
  get activeEnd(): Promise<void> {
    return this.#active?.ended ?? Promise.resolve();
  }

  /** Runs cells after those that were asked for before; one that fails ends its request. Never rejects. */
  async execute(cells: readonly KernelCell[]): Promise<void> {
    const request = [...cells];
    this.#waiting.add(request);
    this.#tail = this.#tail.then(() => this.#work(request));
    return this.#tail;
  }

  /** As Ctrl-C: the cell that runs hears of it, those that wait are not run. Asked again, the cell hears of it again. */
  interrupt(): void {
    this.#withdraw();
    if (this.#active?.run === undefined) {
      this.#active?.abort.abort();
    } else {
      this.#active.run.interrupt();
    }
  }

  /** Interrupts, and lets go after a few seconds of a program that does not end. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#withdraw();
    this.#active?.abort.abort();
    await this.#tail;
  }

  dispose(): void {
    void this.stop();
  }

  #withdraw(): void {
    for (const request of this.#waiting) {
      endAll(request);
    }
  }

  async #work(request: KernelCell[]): Promise<void> {
    for (let cell = request.shift(); cell !== undefined; cell = request.shift()) {
      if (!(await this.#runCell(cell))) {
        endAll(request);
      }
    }
    this.#waiting.delete(request);
  }

  /** Runs a cell, or tells in it why that can't be. Whether those behind it may run. */
  async #runCell(cell: KernelCell): Promise<boolean> {
    if (cell.code.trim() === "") {
      cell.end(undefined);
      return true;
    }
    let onEnd = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      onEnd = resolve;
    });
    const active: ActiveCell = { abort: new AbortController(), ended, place: undefined, run: undefined };
    this.#active = active;
    try {
      const language = knownLanguage(cell.languageId);
      active.place = await this.#deps.placeFor(language, active.abort.signal);
      if (active.place === undefined) {
        cell.end(undefined);
        return false;
      }
      return await this.#runAt(active.place, cell, active);
    } catch (error) {
      await this.#fail(error, cell, active);
      return false;
    } finally {
      this.#active = undefined;
      onEnd();
    }
  }

  async #runAt(place: CellPlace, cell: KernelCell, active: ActiveCell): Promise<boolean> {
    const { counts, ask, onFailure } = this.#deps;
    const { signal } = active.abort;
    const outputs = new CellOutputs(cell.start(counts.next(place.session.id)));
    const run = new CellRun({
      run: place.client.runs.query(place.session.id, cell.code, { signal }),
      outputs,
      ask,
      onError: onFailure,
    });
    active.run = run;
    try {
      const end = await run.start();
      if (end.kind === "left") {
        if (await isGone(place, signal).catch(() => false)) {
          throw new SessionGoneError(place.session);
        }
        outputs.error(exitError(end.exitCode));
      }
      await outputs.finish();
      cell.end(end.kind === "withdrawn" ? undefined : end.kind === "succeeded");
      return end.kind === "succeeded";
    } catch (error) {
      if (!isAbort(error)) {
        const reason = await goneOr(error, place, signal);
        outputs.error(await cellError(reason, this.#failed(cell, active)));
        onFailure(reason);
      }
      await outputs.finish();
      cell.end(false);
      return false;
    }
  }

  /** What went wrong before the cell began. */
  async #fail(error: unknown, cell: KernelCell, active: ActiveCell): Promise<void> {
    if (isAbort(error)) {
      cell.end(undefined);
      return;
    }
    const screen = cell.start(undefined);
    await screen.append({ kind: "error", error: await cellError(error, this.#failed(cell, active)) });
    cell.end(false);
    this.#deps.onFailure(error);
  }

  #failed(cell: KernelCell, { place, abort }: ActiveCell): Parameters<typeof cellError>[1] {
    const isPython = cell.languageId === "python";
    return { place, isPython, describe: this.#deps.describe, signal: abort.signal };
  }
}

function endAll(cells: KernelCell[]): void {
  for (const cell of cells.splice(0)) {
    cell.end(undefined);
  }
}

function knownLanguage(id: string): Language {
  const language = languageOf(id);
  if (language === undefined) {
    throw new ConfigurationError(
      "language",
      l10n.t("Cells of language “{0}” can't be run. Choose Python, R or Julia.", id),
    );
  }
  return language;
}
