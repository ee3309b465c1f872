import assert from "node:assert/strict";
import { statSync } from "node:fs";
import * as vscode from "vscode";
import { commandIds } from "../../src/platform/commandIds.js";
import { loadedBundles, until } from "./support.js";

describe("activation", () => {
  const extension = vscode.extensions.getExtension("backendai.backendai-sessions");

  it("registers every command and loads nothing heavy", async () => {
    assert.ok(extension);
    await extension.activate();
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      commandIds.filter((id) => !registered.includes(id)),
      [],
    );
    assert.deepEqual(
      loadedBundles().filter((file) => /vendor/.test(file)),
      [],
      "undici, ws and tar are for those who connect",
    );
  });

  it("reads less than 400 kB, and nothing that is for later", async () => {
    // Milliseconds depend on what else the machine does; what is read does not. They are printed for who wants to know.
    const loaded = loadedBundles();
    assert.ok(loaded.some((file) => file.endsWith("extension.cjs")));
    assert.deepEqual(
      loaded.filter((file) => !/[\\/](extension|part-\w+)\.cjs$/.test(file)),
      [],
    );
    const bytes = loaded.reduce((sum, file) => sum + statSync(file).size, 0);
    assert.ok(bytes < 400_000, `${bytes} bytes are read`);
    console.log(`    ${bytes} bytes in ${loaded.length} files`);
    console.log(`    ${await activationCost()}`);
  });
});

/** The row of "Developer: Startup Performance" for this extension, which has Load Code and Call Activate in milliseconds. */
async function activationCost(): Promise<string> {
  await vscode.commands.executeCommand("perfview.show");
  const row = await until("the row of this extension", () => {
    const document = vscode.workspace.textDocuments.find((candidate) => candidate.uri.scheme === "perf");
    const lines = document?.getText().split("\n");
    return lines?.find((line) => line.includes("backendai-sessions"));
  });
  await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  const [loadMs = "?", activateMs = "?"] = [...row.matchAll(/\|\s*(\d+)\s*(?=\|)/g)].map((match) => match[1]);
  return `load code ${loadMs} ms, call activate ${activateMs} ms`;
}
