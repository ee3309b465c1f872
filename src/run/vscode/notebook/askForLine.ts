import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import type { Ask } from "../../notebook/cellRun.js";

/** Asks in the box at the top of the window; Escape closes the question. */
export const askForLine: Ask = async ({ prompt, isPassword }, signal) => {
  const closing = new vscode.CancellationTokenSource();
  const close = (): void => closing.cancel();
  signal.addEventListener("abort", close, { once: true });
  try {
    return await showInputBox(
      {
        title: l10n.t("Input for the cell (Escape interrupts it)"),
        prompt: prompt === "" ? l10n.t("The cell waits for a line.") : prompt,
        password: isPassword,
        ignoreFocusOut: true,
      },
      closing.token,
    );
  } finally {
    signal.removeEventListener("abort", close);
    closing.dispose();
  }
};
