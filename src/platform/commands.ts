import * as vscode from "vscode";
import { isAbort } from "../base/abort.js";
import type { Disposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { CommandId } from "./commandIds.js";
import { showError } from "./messages.js";

/**
 * Registers commands so that each behaves the same: it is logged, its signal aborts when the extension ends, its error is
 * described and shown once, and a cancelled command is silent.
 */
export class Commands implements Disposable {
  readonly #logger: Logger;
  readonly #ending = new AbortController();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  register(id: CommandId, handler: (signal: AbortSignal, ...args: unknown[]) => unknown): Disposable {
    return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      this.#logger.info(`command ${id}`);
      try {
        return await handler(this.#ending.signal, ...args);
      } catch (error) {
        if (!isAbort(error)) {
          // Not awaited: the command is over, whether or not anyone reads the message.
          void showError(error, id, this.#logger);
        }
        return undefined;
      }
    });
  }

  dispose(): void {
    this.#ending.abort();
  }
}
