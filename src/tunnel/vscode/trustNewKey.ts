import * as l10n from "@vscode/l10n";
import { showWarningMessage } from "../../platform/shown/notifications.js";
import { type HostKeyChangedError, type HostKeys } from "../hostKeys.js";

/** Tells that a session shows another host key than before; `true` when the person trusts it, which forgets the old one. */
export async function asksToTrust(error: HostKeyChangedError, hostKeys: HostKeys): Promise<boolean> {
  const trust = l10n.t("Trust the New Key");
  const text = [
    error.message,
    l10n.t("A restarted session makes a new key; if this one was not restarted, somebody may be in between."),
  ].join(" ");
  if ((await showWarningMessage(text, trust)) !== trust) {
    return false;
  }
  hostKeys.forget(error.sessionId);
  return true;
}
