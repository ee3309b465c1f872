import { isAbort } from "../base/abort.js";
import { type Disposable, toDisposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import { type CommandId, commandIds } from "./commandIds.js";
import type { CommandRunner } from "./contributions/contributions.js";
import { showError } from "./messages.js";
import type { RowWalk } from "./rows/pickRow.js";

/** Rows that a command may be for. */
export interface OfferedRows<Row> extends RowWalk<Row> {
  /** The rows that are selected where the person sees them: nothing is asked where there are any. */
  selected?(): readonly Row[];
}

type Handler = (signal: AbortSignal, ...args: unknown[]) => unknown;

/**
 * Runs commands so that each behaves the same: it is logged, its signal aborts when the extension ends, its error is
 * described and shown once, and a cancelled command is silent. A command for rows of a view that is called on none asks for one.
 */
export class Commands implements CommandRunner, Disposable {
  readonly #logger: Logger;
  readonly #manifest: unknown;
  readonly #ending = new AbortController();
  readonly #handlers = new Map<string, Handler>();
  readonly #picks = new Map<string, (signal: AbortSignal) => Promise<readonly unknown[]>>();

  /** @param manifest `package.json`, whose menus say which rows a command is for. */
  constructor(logger: Logger, manifest: unknown) {
    this.#logger = logger;
    this.#manifest = manifest;
  }

  /** Says what a command does; VS Code knows it already ({@link Contributions}). */
  register(id: CommandId, handler: Handler): Disposable {
    this.#handlers.set(id, handler);
    return toDisposable(() => this.#handlers.delete(id));
  }

  /** @throws {Error} naming commands that nothing was said of. */
  assertComplete(): void {
    const missing = commandIds.filter((id) => !this.#handlers.has(id));
    if (missing.length > 0) {
      throw new Error(`Commands without a handler: ${missing.join(", ")}.`); // for programs
    }
  }

  async run(id: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(id);
    if (handler === undefined) {
      return undefined; // the window closes
    }
    this.#logger.info(`command ${id}`);
    const { signal } = this.#ending;
    try {
      const pick = args[0] === undefined ? this.#picks.get(id) : undefined;
      if (pick === undefined) {
        return await handler(signal, ...args);
      }
      const [row, ...others] = await pick(signal);
      return row === undefined ? undefined : await handler(signal, row, [row, ...others]);
    } catch (error) {
      if (!isAbort(error)) {
        // Not awaited: the command is over, whether or not anyone reads the message.
        void showError(error, id, this.#logger);
      }
      return undefined;
    }
  }

  /** Lets commands for rows ask for one, from `rows`, where they are called on none: by the palette or a key. */
  offerRows<Row>(ids: readonly CommandId[], rows: OfferedRows<Row>): void {
    for (const id of ids) {
      this.#picks.set(id, async (signal) => {
        const selected = rows.selected?.() ?? [];
        if (selected.length > 0) {
          return selected;
        }
        const [{ pickRow }, { rowCommand }] = await Promise.all([
          import("./rows/pickRow.js"),
          import("./rows/rowPatterns.js"),
        ]);
        const row = await pickRow(rows, rowCommand(this.#manifest, id), signal);
        return row === undefined ? [] : [row];
      });
    }
  }

  dispose(): void {
    this.#ending.abort();
  }
}
