import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import type { Commands } from "../../../platform/commands.js";
import type { RunSessionDeps, RunSessions } from "../runSession.js";
import { registerNotebookCommands, type ResetSession } from "./notebookCommands.js";
import { Notebooks } from "./notebooks.js";

/** What notebooks work with. */
export interface NotebookDeps extends RunSessionDeps {
  readonly commands: Commands;
  readonly sessions: RunSessions;
  readonly reset: ResetSession;
  readonly logger: Logger;
}

/** A kernel for notebooks, and the commands on its sessions. */
export function registerNotebooks({ commands, sessions, reset, logger, ...deps }: NotebookDeps): Disposable {
  const owned = new DisposableStore();
  const notebooks = owned.add(new Notebooks(deps, sessions, logger));
  for (const command of registerNotebookCommands(commands, notebooks, reset)) {
    owned.add(command);
  }
  return owned;
}
