import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { setStatusBarMessage } from "../../../platform/shown/statusBar.js";
import { formatSessionLink } from "../../link/sessionLink.js";
import { serverInLink } from "../../link/linkTarget.js";
import { pickSession } from "../pickSession.js";
import type { LinkDeps } from "./registerLinks.js";

/** Puts a link to a session on the clipboard: the clicked one, or the one that the person picks. */
export async function copyLink(deps: LinkDeps, clicked: unknown, signal: AbortSignal): Promise<void> {
  const chosen = await pickSession(deps, { clicked, placeHolder: l10n.t("Link to which session?"), signal });
  const { state } = deps.account.connection;
  if (chosen === undefined || state.phase !== "connected") {
    return;
  }
  const link = formatSessionLink(
    { session: chosen.session.id, server: serverInLink(state.target), file: undefined, action: undefined },
    { scheme: vscode.env.uriScheme, extensionId: deps.extensionId },
  );
  await vscode.env.clipboard.writeText(link);
  setStatusBarMessage(l10n.t("Link to session {0} copied", chosen.session.name), 4000);
}
