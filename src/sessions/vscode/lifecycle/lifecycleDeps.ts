import type * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import type { SessionSummary } from "../../../api/index.js";
import type { Logger } from "../../../base/logger.js";
import type { Commands } from "../../../platform/commands.js";
import type { FormerNames } from "../../lifecycle/formerNames.js";
import type { SessionFeed } from "../../sessionFeed.js";
import type { SessionStarter } from "../../sessionStarter.js";
import type { SessionStore } from "../../sessionStore.js";
import type { StartMemory } from "../../start/startMemory.js";

/** What the life cycle of sessions works with. */
export interface LifecycleDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly memory: StartMemory;
  readonly formerNames: FormerNames;
  /** Rows of the view: sessions, and what is under them. */
  readonly view: Pick<vscode.TreeView<unknown>, "selection" | "visible" | "onDidChangeVisibility">;
  /** Ids of sessions that this window has connections into. */
  readonly connectedSessions: () => readonly string[];
  readonly logger: Logger;
}

/** How a command was called: on a row and those selected with it, or from elsewhere. */
export interface Called {
  readonly clicked: unknown;
  readonly all: unknown;
  /** What a keybinding or another extension says beside it. */
  readonly given: unknown;
}

/** Which sessions a command is for. */
export interface Choice {
  readonly fits: (session: SessionSummary) => boolean;
  /** Over the list that is shown where no row was chosen. */
  readonly placeHolder: string;
  /** What is said where no session fits, as a sentence. */
  readonly none: string;
}
