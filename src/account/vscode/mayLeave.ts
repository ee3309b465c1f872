import * as l10n from "@vscode/l10n";
import { showWarningMessage } from "../../platform/shown/notifications.js";
import type { Account } from "../account.js";

/** Sessions of the local engine end with it, and their files with them: that is not done in passing. */
export async function mayLeave({ connection: { state } }: Account, liveSessions: number): Promise<boolean> {
  if (state.phase !== "connected" || state.target.kind !== "local" || liveSessions === 0) {
    return true;
  }
  const question =
    liveSessions === 1
      ? l10n.t("Leave the local engine? Its 1 session will end.")
      : l10n.t("Leave the local engine? Its {0} sessions will end.", liveSessions);
  const detail = l10n.t("Running programs end, and the files of these sessions are deleted.");
  const leave = l10n.t("Leave");
  return (await showWarningMessage(question, { modal: true, detail }, leave)) === leave;
}
