import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, until } from "./support.js";

const tabName = "Backend.AI Results";

/** Shows HTML through `display`, as libraries do. */
function showing(html: string): string {
  return `class Table:\n    def _repr_html_(self): return ${JSON.stringify(html)}\ndisplay(Table())\n`;
}

/** Runs a document's code in the interpreter of a session, where pictures and tables come from. */
async function query(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  await vscode.commands.executeCommand("backendai.query.runAll");
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
  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    await closeResults();
    await disconnect();
  });

  it("open beside the editor when a run shows something, and leave the keyboard where it is", async () => {
    const document = await open("table.py", showing("<table><tr><td>1</td></tr></table>"));
    await query(document);
    const tab = await until("the results", resultsTab);
    assert.ok(tab.group.viewColumn > vscode.ViewColumn.One);
    assert.equal(vscode.window.tabGroups.activeTabGroup.viewColumn, vscode.ViewColumn.One);
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
      await query(await open("quiet.py", `${showing("<b>1</b>")}print('shown')\n`));
      await shows("(query)", /^shown$/m);
      assert.equal(resultsTab(), undefined);
    } finally {
      await configuration.update("results.open", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
