import * as vscode from "vscode";
import { labelText } from "../../base/shownText.js";

/** A terminal of the panel, whose name has no icons but its `iconPath`. Names that its pty changes to must be {@link labelText}s too. */
export function createTerminal(options: vscode.ExtensionTerminalOptions): vscode.Terminal {
  return vscode.window.createTerminal(shownTerminal(options));
}

/** The same for a terminal that VS Code creates. */
export function createTerminalProfile(options: vscode.ExtensionTerminalOptions): vscode.TerminalProfile {
  return new vscode.TerminalProfile(shownTerminal(options));
}

function shownTerminal(options: vscode.ExtensionTerminalOptions): vscode.ExtensionTerminalOptions {
  return { ...options, name: labelText(options.name) };
}
