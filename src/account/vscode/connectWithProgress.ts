import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../../api/index.js";
import { withProgress } from "../../platform/progress.js";
import type { Account } from "../account.js";
import { targetLabel } from "../target.js";

/** The client of the server in use; where there is no connection yet, it is opened behind a notification. */
export async function connectWithProgress(account: Account, signal: AbortSignal): Promise<BackendAIClient> {
  if (account.connection.state.phase === "connected") {
    return account.client(signal);
  }
  const title = l10n.t("Connecting to {0}", targetLabel(account.defaultTarget()));
  return withProgress(title, (connecting) => account.client(connecting), signal);
}
