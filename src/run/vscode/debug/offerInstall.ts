import * as l10n from "@vscode/l10n";
import { withProgress } from "../../../platform/progress.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import type { Install } from "../../debug/adapter/adapterOrInstall.js";

/** Asks whether debugpy may be installed into a session, and does it behind a notification that can be cancelled. */
export async function offerInstall(
  sessionName: string,
  install: Install,
  signal: AbortSignal,
): Promise<void> {
  const question = [
    l10n.t("Session {0} has no debugpy, which debugs Python.", sessionName),
    l10n.t("Install it into the session?"),
  ].join(" ");
  const yes = l10n.t("Install");
  const detail = l10n.t(
    "It goes into ~/.backendai/debugpy of the session and changes nothing of its Python.",
  );
  const answer = await showInformationMessage(question, { modal: true, detail }, yes);
  if (answer !== yes) {
    throw new DOMException(l10n.t("Debugging was given up."), "AbortError");
  }
  await withProgress(l10n.t("Installing debugpy in {0}", sessionName), install, signal);
}
