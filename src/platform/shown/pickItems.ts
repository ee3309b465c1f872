import type * as vscode from "vscode";
import { detailText, labelText } from "../../base/shownText.js";

/** An entry of a quick pick. Its texts are shown as they stand: icons come from `icon` alone. */
export interface PickItem extends vscode.QuickPickItem {
  /** The name of a codicon, to the left of the label. */
  readonly icon?: string;
}

/** The same entries for VS Code, in the same order; names of servers, sessions and files in them stay text. */
export function shownItems<T extends PickItem>(items: readonly T[]): T[] {
  return items.map((item) => {
    const { label, description, detail, icon } = item;
    const text = labelText(label);
    return {
      ...item,
      label: icon === undefined ? text : `$(${icon}) ${text}`,
      ...(description !== undefined && { description: labelText(description) }),
      ...(detail !== undefined && { detail: detailText(detail) }),
    };
  });
}
