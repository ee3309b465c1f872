import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, terminalOf, until } from "./support.js";

/** The problems that runs have put to a document: source, line from 1, the text that is marked, message. */
function problemsOf(uri: vscode.Uri, text: string): readonly string[] {
  const lines = text.split("\n");
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source?.endsWith("(Backend.AI)"))
    .map(({ source, range, message }) => {
      const marked = (lines[range.start.line] ?? "").slice(range.start.character, range.end.character);
      return `${source ?? ""} ${String(range.start.line + 1)} [${marked}] ${message}`;
    });
}

async function untilProblems(uri: vscode.Uri, text: string, count: number): Promise<readonly string[]> {
  return until(`${String(count)} problems of ${uri.path}`, () => {
    const found = problemsOf(uri, text);
    return found.length === count ? found : undefined;
  });
}

describe("Problems of runs, on the local engine", () => {
  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    await disconnect();
  });

  it("shows an uncaught exception at its line, until the file is run again", async () => {
    const text = "def f(x):\n    return 1 / x\n\nf(0)\n";
    const { uri } = await open("problem.py", text);
    await run(uri);
    await shows("problem.py", /✘ exit code 1/);
    const [found] = await untilProblems(uri, text, 1);
    assert.match(found ?? "", /^python \(Backend\.AI\) 2 \[.*1 \/ x\] ZeroDivisionError: division by zero$/);
    await open("problem.py", "print('fine')\n");
    await run(uri);
    await shows("problem.py", /fine[^]*exit code 0/);
    await untilProblems(uri, text, 0);
  });

  it("shows errors and warnings of a compiler with their codes, and takes them away with the terminal", async () => {
    const text = "int main(void) {\n\tint unused; return oops;\n}\n";
    const { uri } = await open("problem.c", text);
    await run(uri);
    await shows("problem.c", /build failed, not run/);
    const found = await untilProblems(uri, text, 2);
    assert.match(found[0] ?? "", /^gcc \(Backend\.AI\) 2 \[oops\] .oops. undeclared/);
    assert.match(found[1] ?? "", /^gcc \(Backend\.AI\) 2 \[unused\] unused variable/);
    const codes = vscode.languages.getDiagnostics(uri).map(({ code }) => code);
    assert.ok(codes.includes("-Wunused-variable"));
    terminalOf("problem.c")?.dispose();
    await untilProblems(uri, text, 0);
  });

  it("shows those of a document that was never saved, until it is closed", async () => {
    const text = "import json\njson.loads('{')\n";
    const { uri } = await vscode.workspace.openTextDocument({ language: "python", content: text });
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand("backendai.run.file");
    const [found] = await untilProblems(uri, text, 1);
    assert.match(found ?? "", / 2 \[json\.loads\('\{'\)\] json\.decoder\.JSONDecodeError/);
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await untilProblems(uri, text, 0);
  });

  it("shows nothing where the setting is off", async () => {
    const configuration = vscode.workspace.getConfiguration("backendai");
    const text = "raise SystemError('bad')\n";
    const { uri } = await open("silent.py", text);
    await run(uri);
    await untilProblems(uri, text, 1);
    await configuration.update("run.problems", false, vscode.ConfigurationTarget.Global);
    try {
      await untilProblems(uri, text, 0);
      await run(uri);
      await shows("silent.py", /exit code 1[^]*exit code 1/);
      assert.deepEqual(problemsOf(uri, text), []);
    } finally {
      await configuration.update("run.problems", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
