import type * as vscode from "vscode";
import { isAbort, signalOf } from "../../base/abort.js";
import type { Logger } from "../../base/logger.js";
import { showError } from "../../platform/messages.js";
import { createTerminalProfile } from "../../platform/shown/terminal.js";
import { requestFor, type TerminalCommandDeps } from "./terminalCommands.js";

/** Session terminals in VS Code's own list of terminals, so that “+ ▾” and split terminals offer them. */
export class TerminalProfileProvider implements vscode.TerminalProfileProvider {
  readonly #deps: TerminalCommandDeps & { readonly logger: Logger };

  constructor(deps: TerminalCommandDeps & { readonly logger: Logger }) {
    this.#deps = deps;
  }

  async provideTerminalProfile(token: vscode.CancellationToken): Promise<vscode.TerminalProfile | undefined> {
    const { signal, release } = signalOf(token);
    try {
      const request = await requestFor(this.#deps, signal);
      return request && createTerminalProfile(this.#deps.terminals.options(request));
    } catch (error) {
      if (!isAbort(error)) {
        void showError(error, "terminal profile", this.#deps.logger); // for programs
      }
      return undefined;
    } finally {
      release();
    }
  }
}
