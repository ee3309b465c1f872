import type { Account } from "../account/account.js";
import type { Disposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Tally } from "../base/tally.js";
import type { Commands } from "../platform/commands.js";
import type { LoggedProblem } from "../platform/logChannel.js";
import type { SessionStore } from "../sessions/sessionStore.js";

/** What support works with. */
export interface SupportDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly tally: Tally;
  /** What went wrong lately. */
  readonly problems: readonly LoggedProblem[];
  /** Where VS Code keeps the files of the extension's log channels in this window. */
  readonly logFolder: string;
  readonly extensionVersion: string;
  readonly logger: Logger;
}

/** What helps people to help. It is loaded when somebody asks for it. */
export function registerSupport(deps: SupportDeps): Disposable {
  return deps.commands.register("backendai.support.export", async (signal, given) => {
    const { exportBundle } = await import("./vscode/exportBundle.js");
    return exportBundle(deps, given, signal);
  });
}
