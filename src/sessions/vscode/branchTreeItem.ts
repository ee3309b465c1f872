import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { createTreeItem } from "../../platform/shown/treeItem.js";
import type { SessionBranchItem } from "../sessionBranches.js";

/** The row of a feature under a session. */
export function branchTreeItem(element: SessionBranchItem): vscode.TreeItem {
  const { row } = element;
  const item = createTreeItem(row);
  item.iconPath = new vscode.ThemeIcon(row.icon);
  if (row.isFolded === true) {
    item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
  }
  if (row.resource !== undefined) {
    item.resourceUri = vscode.Uri.from(row.resource);
  }
  const click = clickOf(element, item.resourceUri);
  if (click !== undefined) {
    item.command = click;
  }
  return item;
}

/** VS Code's own command knows of previews, of focus, and of a second click. */
function clickOf(element: SessionBranchItem, uri: vscode.Uri | undefined): vscode.Command | undefined {
  const { command, resource } = element.row;
  if (command === undefined) {
    return resource?.isDocument === true
      ? { command: "vscode.open", title: l10n.t("Open"), arguments: [uri] }
      : undefined;
  }
  return { command: command.id, title: command.title, arguments: [element] };
}
