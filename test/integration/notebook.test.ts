import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, sample, until } from "./support.js";

describe("Notebooks, on the local engine", () => {
  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await disconnect();
  });

  it("runs all cells with nothing asked, and shows text, errors and pictures as such", async function () {
    this.timeout(40_000); // a session starts first
    const notebook = await open("all.ipynb", [
      "import sys\nprint('one')\nprint('two', file=sys.stderr)",
      "class P:\n  def _repr_svg_(self): return '<svg xmlns=\"http://www.w3.org/2000/svg\"/>'\nP()",
      "class H:\n  def _repr_html_(self): return '<b>bold</b>'\nH()",
      "1/0",
      "print('never')",
    ]);
    void vscode.commands.executeCommand("notebook.execute", {}, notebook.uri);
    const cells = notebook.getCells();
    await until("the session", () => cells[0]?.executionSummary?.executionOrder);
    await until("the failed cell", () => cells[3]?.executionSummary?.success === false || undefined);
    assert.deepEqual(
      cells.map((cell) => cell.executionSummary?.executionOrder),
      [1, 2, 3, 4, undefined],
    );
    assert.deepEqual(
      cells.slice(0, 3).map((cell) => cell.executionSummary?.success),
      [true, true, true],
    );
    const { startTime = 0, endTime = 0 } = cells[0]?.executionSummary?.timing ?? {};
    assert.ok(startTime > 0 && endTime >= startTime);
    assert.deepEqual(cells.map(shown), [
      ["application/vnd.code.notebook.stdout: one\n", "application/vnd.code.notebook.stderr: two\n"],
      ['image/svg+xml: <svg xmlns="http://www.w3.org/2000/svg"/>'],
      ["text/html: <b>bold</b>"],
      [shown(cells[3])[0]],
      [],
    ]);
    const [error = ""] = shown(cells[3]);
    assert.match(error, /^application\/vnd\.code\.notebook\.error: /);
    assert.match(error, /"name":\s*"ZeroDivisionError"/);
  });

  it("keeps variables and numbers between runs, and replaces what a cell showed", async () => {
    const notebook = await open("again.ipynb", ["n = globals().get('n', 0) + 1\nprint('run', n)"]);
    const cell = notebook.cellAt(0);
    await runCell(notebook, 0, "run 1\n");
    const first = cell.executionSummary?.executionOrder ?? 0;
    await runCell(notebook, 0, "run 2\n");
    assert.equal(cell.executionSummary?.executionOrder, first + 1);
    assert.deepEqual(shown(cell), ["application/vnd.code.notebook.stdout: run 2\n"]);
  });

  it("completes in a cell what another has defined", async () => {
    const notebook = await open("complete.ipynb", [
      "warehouse = {'bolts': 1}\nprint('ready')",
      'warehouse[""]\nwareh',
    ]);
    await runCell(notebook, 0, "ready\n");
    const { uri } = notebook.cellAt(1).document;
    for (const [line, character, expected] of [
      [0, 11, "bolts"],
      [1, 5, "warehouse"],
    ] as const) {
      await until(`${expected} to be offered`, async () => {
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
          "vscode.executeCompletionItemProvider",
          uri,
          new vscode.Position(line, character),
        );
        const ours = items.filter(({ sortText }) => sortText?.startsWith("zz") === true);
        return (
          ours.some(({ label }) => (typeof label === "string" ? label : label.label) === expected) ||
          undefined
        );
      });
    }
  });

  it("shows output while the cell runs, and interrupts it", async () => {
    const notebook = await open("long.ipynb", [
      "import time\nprint('up', flush=True)\nwhile True: time.sleep(0.05)",
      "print('never')",
    ]);
    const [cell, behind] = notebook.getCells();
    void vscode.commands.executeCommand("notebook.execute", {}, notebook.uri);
    await until("the output of the cell", () => shown(cell).join("").includes("up\n") || undefined);
    assert.equal(cell?.executionSummary?.success, undefined);
    await vscode.commands.executeCommand("notebook.cancelExecution", notebook.uri);
    await until("the end of the cell", () => cell?.executionSummary?.success === false || undefined);
    assert.match(shown(cell).join("\n"), /KeyboardInterrupt/);
    assert.deepEqual(shown(behind), []);
  });

  it("asks for a line in a box, and Escape there interrupts the cell", async () => {
    const notebook = await open("ask.ipynb", ["print('<' + input('Name? ') + '>')"]);
    const cell = notebook.cellAt(0);
    void vscode.commands.executeCommand("notebook.cell.execute", { ...range(0), document: notebook.uri });
    await until("the prompt", () => shown(cell).join("").includes("Name? ") || undefined);
    await until("the end of the cell", async () => {
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      return cell.executionSummary?.success === false || undefined;
    });
    assert.match(shown(cell).join("\n"), /KeyboardInterrupt/);
  });

  it("frees the session of a notebook that is closed while it runs", async () => {
    const notebook = await open("closed.ipynb", ["import time\nprint('up', flush=True)\ntime.sleep(600)"]);
    void vscode.commands.executeCommand("notebook.cell.execute", { ...range(0), document: notebook.uri });
    await until(
      "the output of the cell",
      () => shown(notebook.cellAt(0)).join("").includes("up\n") || undefined,
    );
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await until("the end of the notebook", () => notebook.isClosed || undefined);
    const next = await open("next.ipynb", ["print('free again')"]);
    await runCell(next, 0, "free again\n");
  });

  it("saves what Jupyter can read", async () => {
    const notebook = await open("saved.ipynb", ["print('kept')", "raise ValueError('bad')"]);
    void vscode.commands.executeCommand("notebook.execute", {}, notebook.uri);
    await until("the failed cell", () => notebook.cellAt(1).executionSummary?.success === false || undefined);
    await notebook.save();
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(notebook.uri));
    const saved = JSON.parse(text) as {
      cells: { execution_count: number; outputs: Record<string, unknown>[] }[];
    };
    assert.deepEqual(saved.cells[0]?.outputs, [{ name: "stdout", output_type: "stream", text: ["kept\n"] }]);
    assert.ok((saved.cells[0]?.execution_count ?? 0) > 0);
    const [error] = saved.cells[1]?.outputs ?? [];
    assert.deepEqual(
      [error?.["output_type"], error?.["ename"], error?.["evalue"]],
      ["error", "ValueError", "bad"],
    );
  });
});

/** Opens a new notebook of Python cells in an editor. */
async function open(name: string, cells: readonly string[]): Promise<vscode.NotebookDocument> {
  const content = {
    cells: cells.map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: { language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 2,
  };
  const uri = sample(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(content)));
  // Not by `openNotebookDocument`, which would keep it open after its editor is closed.
  await vscode.commands.executeCommand("vscode.openWith", uri, "jupyter-notebook");
  return until(`the notebook ${name} in front`, () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    return notebook?.uri.toString() === uri.toString() ? notebook : undefined;
  });
}

function range(index: number): {
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
} {
  return { ranges: [{ start: index, end: index + 1 }] };
}

async function runCell(notebook: vscode.NotebookDocument, index: number, expected: string): Promise<void> {
  void vscode.commands.executeCommand("notebook.cell.execute", { ...range(index), document: notebook.uri });
  await until(`${JSON.stringify(expected)} in the cell`, () => {
    const cell = notebook.cellAt(index);
    return (shown(cell).join("").endsWith(expected) && cell.executionSummary?.success === true) || undefined;
  });
}

/** What a cell shows: type and text of each output. */
function shown(cell: vscode.NotebookCell | undefined): readonly string[] {
  return (cell?.outputs ?? []).flatMap((output) =>
    output.items.map((item) => `${item.mime}: ${new TextDecoder().decode(item.data)}`),
  );
}
