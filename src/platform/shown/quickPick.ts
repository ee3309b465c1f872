import * as vscode from "vscode";
import { messageText } from "../../base/shownText.js";
import { type PickItem, shownItems } from "./pickItems.js";
import { questionTexts } from "./questionTexts.js";

export type { PickItem } from "./pickItems.js";

/** What a person is asked, and how the answer is looked for. */
export interface PickOptions {
  readonly title?: string;
  readonly placeHolder?: string;
  readonly matchOnDescription?: boolean;
  readonly matchOnDetail?: boolean;
  readonly ignoreFocusOut?: boolean;
}

/**
 * Has a person choose one of some entries; all texts are shown as they stand.
 * @returns The entry as it was given; `undefined` when the question was closed.
 */
export async function showQuickPick<T extends PickItem>(
  items: readonly T[],
  options: PickOptions,
): Promise<T | undefined> {
  const shown = shownItems(items);
  const chosen = await vscode.window.showQuickPick(shown, shownOptions(options));
  return chosen && items[shown.indexOf(chosen)];
}

/** Like {@link showQuickPick}, for any number of entries; those that are `picked` are chosen from the start. */
export async function showManyPick<T extends PickItem>(
  items: readonly T[],
  options: PickOptions,
): Promise<T[] | undefined> {
  const shown = shownItems(items);
  const chosen = await vscode.window.showQuickPick(shown, { ...shownOptions(options), canPickMany: true });
  return chosen && items.filter((_, index) => chosen.some((item) => item === shown[index]));
}

function shownOptions({ title, placeHolder, ...rest }: PickOptions): vscode.QuickPickOptions {
  return { ...rest, ...questionTexts({ title, placeHolder }) };
}

interface PickTexts<T> {
  readonly title: string;
  readonly placeholder: string | undefined;
  readonly items: readonly T[];
}

/** A quick pick whose texts {@link setPick} alone changes. */
export type ShownQuickPick<T extends PickItem> = Omit<
  vscode.QuickPick<T>,
  "title" | "placeholder" | "items"
> & {
  readonly items: readonly T[];
};

/** A quick pick that changes while it is on show; whoever creates it disposes of it. */
export function createQuickPick<T extends PickItem>(): ShownQuickPick<T> {
  return vscode.window.createQuickPick<T>();
}

/** Changes texts of a quick pick; they are shown as they stand. Its items are copies afterwards, in the same order. */
export function setPick<T extends PickItem>(box: ShownQuickPick<T>, texts: Partial<PickTexts<T>>): void {
  const { title, placeholder, items } = texts;
  Object.assign(box, {
    ...(title !== undefined && { title: messageText(title) }),
    ...(placeholder !== undefined && { placeholder: messageText(placeholder) }),
    ...(items !== undefined && { items: shownItems(items) }),
  });
}
