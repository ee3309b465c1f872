import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { BranchRow, SessionBranchItem } from "../sessionBranches.js";

/** The row of a feature under a session. */
export function branchTreeItem(element: SessionBranchItem): vscode.TreeItem {
  const { row } = element;
  const item = treeItem(row);
  item.tooltip = row.tooltip;
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

/** What rows of all kinds have. */
export function treeItem(
  node: Pick<BranchRow, "id" | "label" | "description" | "contextValue" | "accessibleLabel">,
): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label);
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.accessibleLabel };
  return item;
}
