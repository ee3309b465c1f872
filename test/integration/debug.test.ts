import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { installForTests } from "../support/pythonPackage.js";
import { disconnect, open, sample, shows, until } from "./support.js";

const type = "backendai";

/** Getting debugpy, and its first start, on a slow machine. */
const slowMs = 120_000;

describe("Debug current file, on the local engine", () => {
  const outputs: string[] = [];
  const hooks: vscode.Disposable[] = [];
  let folder: string;

  before(async function () {
    this.timeout(slowMs);
    folder = await mkdtemp(path.join(os.tmpdir(), "backendai-debugpy-"));
    const reason = await installForTests("debugpy", folder);
    if (reason !== undefined) {
      console.log(`[test] debugging is skipped: ${reason}`);
      this.skip();
    }
    process.env["PYTHONPATH"] = folder; // the engine's sessions inherit it
    await vscode.commands.executeCommand("backendai.account.connectLocal");
    const onDidSendMessage = (message: { event?: string; body?: { output?: string } }): void => {
      if (message.event === "output") {
        outputs.push(message.body?.output ?? "");
      }
    };
    hooks.push(
      vscode.debug.registerDebugAdapterTrackerFactory(type, {
        createDebugAdapterTracker: () => ({ onDidSendMessage }),
      }),
    );
  });

  afterEach(async () => {
    await vscode.debug.stopDebugging();
    await until("debugging to end", () => vscode.debug.activeDebugSession === undefined || undefined);
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    outputs.length = 0;
  });

  after(async () => {
    hooks.forEach((hook) => void hook.dispose());
    delete process.env["PYTHONPATH"];
    await disconnect();
    await rm(folder, { recursive: true, force: true });
  });

  it("stops at a breakpoint in the editor, shows values, and goes on to the exit code", async () => {
    const { uri } = await open(
      "dbg/stops.py",
      "import os\nnumber = 6 * 7\nprint('it is', number)\nos._exit(3)\n",
    );
    breakAt(uri, 3);
    await vscode.commands.executeCommand("backendai.run.debug");
    const frame = await stopped();
    assert.equal(await valueOf("number + 1", frame), "43");
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
    await frame.session.customRequest("continue", { threadId: frame.threadId });
    await shows("Debug stops.py", /it is 42[^]*exit code 3/);
    await until(
      "the exit code",
      () => /stops\.py ended with exit code 3/.test(outputs.join("")) || undefined,
    );
    assert.doesNotMatch(outputs.join(""), /it is 42/);
  }).timeout(slowMs);

  it("debugs the file in front on F5 with no launch.json, again after a restart, and stops", async () => {
    const code =
      "import os, time\nopen('stop.pid', 'w').write(os.path.abspath('stop.pid'))\nwhile True:\n    time.sleep(0.05)\n";
    const { uri } = await open("endless-debug.py", code);
    breakAt(uri, 4);
    assert.ok(await vscode.debug.startDebugging(undefined, { type, name: "", request: "" }));
    const { session } = await stopped();
    await vscode.commands.executeCommand("workbench.action.debug.restart");
    const again = await until("another stop", () => {
      const item = vscode.debug.activeStackItem;
      return item instanceof vscode.DebugStackFrame && item.session !== session ? item : undefined;
    });
    assert.match(await valueOf("__file__", again), /endless-debug\.py/);
    await vscode.debug.stopDebugging();
    await shows("Debug endless-debug.py", /■.*stopped[^]*■.*stopped/);
  }).timeout(slowMs);

  it("says what can't be debugged", async () => {
    await open("notes.txt", "no code\n");
    assert.equal(await vscode.debug.startDebugging(undefined, { type, name: "", request: "" }), false);
    const missing = { type, name: "x", request: "launch", program: sample("missing.py").fsPath };
    assert.equal(await vscode.debug.startDebugging(undefined, missing), false);
  });
});

function breakAt(uri: vscode.Uri, line: number): void {
  const place = new vscode.Location(uri, new vscode.Position(line - 1, 0));
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
}

async function stopped(): Promise<vscode.DebugStackFrame> {
  return until("a stop", () => {
    const item = vscode.debug.activeStackItem;
    return item instanceof vscode.DebugStackFrame ? item : undefined;
  });
}

async function valueOf(expression: string, { session, frameId }: vscode.DebugStackFrame): Promise<string> {
  const { result } = (await session.customRequest("evaluate", { expression, frameId, context: "watch" })) as {
    result: string;
  };
  return result;
}
