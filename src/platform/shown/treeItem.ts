import * as vscode from "vscode";
import { labelText, markedText, messageText } from "../../base/shownText.js";

/** What a row of a view says. */
export interface TreeItemTexts {
  readonly id: string;
  readonly label: string;
  /** Parts of the label to be marked. */
  readonly highlights?: readonly (readonly [start: number, end: number])[];
  readonly description: string;
  readonly tooltip?: string;
  /** What a screen reader says. */
  readonly accessibleLabel: string;
  readonly contextValue: string;
}

/** A row of a view, whose texts are shown as they stand. */
export function createTreeItem(texts: TreeItemTexts): vscode.TreeItem {
  const { id, highlights, tooltip, contextValue } = texts;
  const item = new vscode.TreeItem(
    highlights === undefined
      ? labelText(texts.label)
      : {
          label: markedText(texts.label),
          highlights: highlights.map(([start, end]): [number, number] => [start, end]),
        },
  );
  item.id = id;
  item.description = labelText(texts.description);
  if (tooltip !== undefined) {
    item.tooltip = messageText(tooltip);
  }
  item.contextValue = contextValue;
  item.accessibilityInformation = { label: messageText(texts.accessibleLabel) };
  return item;
}
