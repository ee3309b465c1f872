import * as vscode from "vscode";
import { labelText, messageText } from "../../base/shownText.js";

/** A question in the middle of the window, with what there is to know before it is answered. */
export interface Modal {
  readonly modal: boolean;
  readonly detail?: string;
}

type Rest = readonly [Modal, ...string[]] | readonly string[];

/**
 * A notification without links, whatever its text is made of: names and words of servers are in most of them.
 * A {@link Modal} comes before the buttons.
 * @returns The button that was pressed.
 */
export async function showInformationMessage(text: string, ...rest: Rest): Promise<string | undefined> {
  return show(vscode.window.showInformationMessage, text, rest);
}

/** Like {@link showInformationMessage}, for what may go wrong. */
export async function showWarningMessage(text: string, ...rest: Rest): Promise<string | undefined> {
  return show(vscode.window.showWarningMessage, text, rest);
}

/** Like {@link showInformationMessage}, for what went wrong. */
export async function showErrorMessage(text: string, ...rest: Rest): Promise<string | undefined> {
  return show(vscode.window.showErrorMessage, text, rest);
}

async function show(
  notify: typeof vscode.window.showErrorMessage,
  text: string,
  rest: readonly (Modal | string)[],
): Promise<string | undefined> {
  const modal = rest.find((part) => typeof part === "object");
  const detail = modal?.detail !== undefined && { detail: messageText(modal.detail) };
  const items = rest
    .filter((part) => typeof part === "string")
    .map((button) => ({ title: labelText(button), button }));
  return (await notify(messageText(text), { ...modal, ...detail }, ...items))?.button;
}
