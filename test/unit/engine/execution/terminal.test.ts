import assert from "node:assert/strict";
import { TerminalUnavailableError } from "../../../../src/engine/execution/index.js";
import { loadNodePty } from "../../../../src/engine/execution/terminal/nodePty.js";
import { eventually, TestSession } from "./harness.js";

describe("the session's terminal", () => {
  let session: TestSession;
  beforeEach(() => (session = new TestSession({ environment: { PS1: "$ " } })));
  afterEach(() => session.end());

  it("is one login shell in the session's home for everyone who opens it", async () => {
    const first = session.execution.openTerminal();
    const second = session.execution.openTerminal();
    let seen = "";
    const listening = second.onData((bytes) => (seen += bytes.toString("latin1")));
    first.resize(33, 99);
    first.write(Buffer.from('stty size; pwd; echo $TERM; echo "=$((40+2))="\n'));
    await eventually(() => seen.includes("=42="), "the shell's answer");
    assert.match(seen, /33 99/);
    assert.ok(seen.includes(session.folder) && seen.includes("xterm-256color"));
    listening.dispose();
  });

  it("tells its end and has another shell afterwards", async () => {
    const terminal = session.execution.openTerminal();
    const exit = new Promise<number>((resolve) => terminal.onExit(resolve));
    terminal.write(Buffer.from("exit 3\n"));
    assert.equal(await exit, 3);
    terminal.write(Buffer.from("ignored\n"));
    terminal.resize(10, 10);
    assert.notEqual(session.execution.openTerminal(), terminal);
  });

  it("ends with the session", async () => {
    const terminal = session.execution.openTerminal();
    const exit = new Promise<number>((resolve) => terminal.onExit(resolve));
    await session.execution.dispose();
    await exit;
  });

  it("prefers the node-pty that the environment names, and copes with a bad name", () => {
    process.env["BACKENDAI_NODE_PTY"] = "/nowhere/node-pty";
    try {
      assert.equal(typeof loadNodePty().spawn, "function");
    } finally {
      delete process.env["BACKENDAI_NODE_PTY"];
    }
    assert.equal(new TerminalUnavailableError("x").code, "TERMINAL_UNAVAILABLE");
  });
});
