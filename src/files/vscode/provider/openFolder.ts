import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { homeDirectory } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import { labelText } from "../../../base/shownText.js";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import type { FilePartDeps } from "../filePart.js";
import { uriOf } from "./sessionUris.js";

const ways = {
  add: { label: l10n.t("Add to This Workspace") },
  here: { label: l10n.t("Open in This Window") },
  apart: { label: l10n.t("Open in a New Window") },
} as const;

/**
 * Opens the home of a session as a folder of the workspace, or in a window.
 * @param clicked The row of a menu.
 * @throws {ConfigurationError} where the session would end by it.
 */
export async function openFolder(deps: FilePartDeps, clicked: unknown, signal: AbortSignal): Promise<void> {
  const placeHolder = l10n.t("Session whose folder to open");
  const chosen = await runningSession(deps, { clicked, placeHolder, signal });
  const place = chosen && deps.files.placeIn(chosen.session, homeDirectory);
  if (place === undefined) {
    return;
  }
  const uri = uriOf(place);
  const name = labelText(`work [${place.session}]`);
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.some((folder) => folder.uri.toString() === uri.toString())) {
    await vscode.commands.executeCommand("revealInExplorer", uri);
    return;
  }
  // With the first folder, and with the second one where there was no workspace file, VS Code starts extensions anew.
  const isKept = vscode.workspace.workspaceFile !== undefined && folders.length > 0;
  if (place.server === "local" && !isKept) {
    throw new ConfigurationError(
      "workspace",
      l10n.t(
        "Sessions of the local engine end when a window takes up its first folders. Open a workspace file (File: Save Workspace As…) before the session starts, or use “Open File of Session…”.",
      ),
    );
  }
  const { add, here, apart } = ways;
  const way =
    place.server === "local"
      ? add
      : await showQuickPick(folders.length > 0 ? [add, here, apart] : [here, apart], {
          placeHolder: l10n.t("How to open {0} of session {1}", homeDirectory, place.session),
        });
  if (way === add) {
    vscode.workspace.updateWorkspaceFolders(folders.length, 0, { uri, name });
  } else if (way !== undefined) {
    await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: way === apart });
  }
}
