import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";

const patienceMs = 40_000;
const pollMs = 40;

/** Asks `probe` again and again until it has something; fails with what it was waiting for. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    const value = await probe();
    if (value !== undefined && value !== false) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  assert.fail(`waited ${String(patienceMs / 1000)} s for ${what}`);
}

/** Leaves the server, and with the local engine its sessions: questions can't be answered here. */
export async function disconnect(): Promise<void> {
  await vscode.commands.executeCommand("backendai.account.disconnect", { ask: false });
}

/** A file of the sample workspace. */
export function sample(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "the samples are open");
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Writes a file into the sample workspace and opens it in an editor. */
export async function open(name: string, content?: string): Promise<vscode.TextDocument> {
  const uri = sample(name);
  if (content !== undefined) {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  }
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** The terminal of a file's runs, whatever mark its name bears. */
export function terminalOf(file: string): vscode.Terminal | undefined {
  return vscode.window.terminals.find((terminal) => terminal.name.endsWith(path.posix.basename(file)));
}

/** All that the terminal shows, scrollback included. */
export async function terminalText(terminal: vscode.Terminal): Promise<string> {
  terminal.show(false);
  await until("the terminal in front", () => vscode.window.activeTerminal === terminal || undefined);
  await vscode.commands.executeCommand("workbench.action.terminal.selectAll");
  await vscode.commands.executeCommand("workbench.action.terminal.copySelection");
  await vscode.commands.executeCommand("workbench.action.terminal.clearSelection");
  return (await vscode.env.clipboard.readText()).replaceAll("\r\n", "\n");
}

/** Waits until the terminal of `file` shows `expected`; returns all that it shows. */
export async function shows(file: string, expected: RegExp): Promise<string> {
  let shown = "";
  return until(`${String(expected)} in the terminal of ${file}`, async () => {
    const terminal = terminalOf(file);
    shown = terminal ? await terminalText(terminal) : "";
    return expected.test(shown) ? shown : undefined;
  }).catch((error: unknown) => {
    assert.fail(`${String(error)}; it shows:\n${shown}`);
  });
}

/** Runs the file as a person would from the editor's title. */
export async function run(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("backendai.run.file", uri);
}

/** Files of this extension's `dist` that the extension host has loaded. */
export function loadedBundles(): readonly string[] {
  return Object.keys(require.cache).filter((file) => /[\\/]dist[\\/](vendor[\\/])?[\w-]+\.cjs$/.test(file));
}
