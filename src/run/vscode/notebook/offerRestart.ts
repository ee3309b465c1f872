import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { within } from "../../../base/abort.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import type { NotebookKernel } from "../../notebook/notebookKernel.js";

/** A program that ends on an interrupt has ended by then, in milliseconds. */
const patienceMs = 10_000;

/**
 * Offers a restart when the cell that was interrupted still runs a while later. An answer that comes after its end does nothing: the
 * notification may stay for long, and what runs by then is not meant.
 */
export async function offerRestart(kernel: NotebookKernel, notebook: vscode.NotebookDocument): Promise<void> {
  const cell = kernel.activeEnd;
  try {
    await within(cell, patienceMs, "run", "The end of an interrupted cell"); // for programs
  } catch {
    const text = l10n.t("The cell has not ended since it was interrupted.");
    const [restart, interrupt] = [l10n.t("Restart"), l10n.t("Interrupt Again")];
    const choice = await showWarningMessage(text, restart, interrupt);
    if (kernel.activeEnd !== cell) {
      return;
    }
    if (choice === interrupt) {
      kernel.interrupt();
    } else if (choice === restart) {
      await vscode.commands.executeCommand("backendai.notebook.restart", notebook.uri);
    }
  }
}
