import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Engine } from "../../src/engine/index.js";
import { startShowingEngine } from "../support/showingServer.js";
import { open, run, shows, until } from "./support.js";

const tabName = "Backend.AI Results";

/** Shows HTML through `display`, as libraries do. */
function showing(html: string): string {
  return `class Table:\n    def _repr_html_(self): return ${JSON.stringify(html)}\ndisplay(Table())\n`;
}

function variablesOf({ endpoint, accessKey, secretKey }: Engine): Readonly<Record<string, string>> {
  return { BACKEND_ENDPOINT: endpoint, BACKEND_ACCESS_KEY: accessKey, BACKEND_SECRET_KEY: secretKey };
}

function resultsTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap((group) => [...group.tabs])
    .find(({ label, input }) => label === tabName && input instanceof vscode.TabInputWebview);
}

async function closeResults(): Promise<void> {
  const tab = resultsTab();
  if (tab !== undefined) {
    await vscode.window.tabGroups.close(tab);
  }
}

describe("Results of runs", () => {
  let engine: Engine;

  before(async () => {
    engine = await startShowingEngine();
    for (const [name, value] of Object.entries(variablesOf(engine))) {
      process.env[name] = value;
    }
    await vscode.commands.executeCommand("backendai.account.connectEnvironment");
  });

  after(async () => {
    await closeResults();
    await vscode.commands.executeCommand("backendai.account.disconnect");
    for (const name of Object.keys(variablesOf(engine))) {
      Reflect.deleteProperty(process.env, name);
    }
    await engine.close();
  });

  it("open beside the editor when a run shows something, and leave the keyboard where it is", async () => {
    const document = await open("table.py", showing("<table><tr><td>1</td></tr></table>"));
    await run(document.uri);
    const tab = await until("the results", resultsTab);
    assert.ok(tab.group.viewColumn > vscode.ViewColumn.One);
    assert.equal(vscode.window.tabGroups.activeTabGroup.viewColumn, vscode.ViewColumn.One);
    await shows("table.py", /exit code 0/);
  });

  it("stay closed for a run that only prints, and come by command", async () => {
    await closeResults();
    await run((await open("prints.py", "print('text')\n")).uri);
    await shows("prints.py", /exit code 0/);
    assert.equal(resultsTab(), undefined);
    await vscode.commands.executeCommand("backendai.results.show");
    await until("the results", () => resultsTab()?.isActive === true || undefined);
  });

  it("do not open by themselves where the setting says so", async () => {
    await closeResults();
    const configuration = vscode.workspace.getConfiguration("backendai");
    await configuration.update("results.open", false, vscode.ConfigurationTarget.Global);
    try {
      await run((await open("quiet.py", showing("<b>1</b>"))).uri);
      await shows("quiet.py", /exit code 0/);
      assert.equal(resultsTab(), undefined);
    } finally {
      await configuration.update("results.open", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
