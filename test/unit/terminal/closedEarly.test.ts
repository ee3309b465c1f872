import assert from "node:assert/strict";
import { delay } from "../../../src/base/abort.js";
import { endShell, listShells } from "../../../src/terminal/sessionShells.js";
import type { SessionSsh } from "../../../src/tunnel/sessionSsh.js";
import { openServerTarget, type ServerTarget } from "../../support/serverTarget.js";
import { until } from "../../support/until.js";
import { freshSsh } from "../tunnel/support/freshSsh.js";
import { hasTmux } from "./support/hasTmux.js";
import { openTerminal } from "./support/openTerminal.js";

describe("a terminal by ssh that is closed before it is open", function () {
  this.timeout(60_000);
  const { signal } = new AbortController();
  let target: ServerTarget;
  let ssh: SessionSsh;
  let sessionId: string;

  before(async function () {
    if (!hasTmux()) {
      console.log("      skipped: the engine's sessions use the tmux of this computer, which has none");
      this.skip();
    }
    target = await openServerTarget({});
    const { client, pythonImage: image } = target;
    sessionId = (await client.sessions.create({ name: "early", image })).id;
    await until("the session to run", async () => {
      return (await client.sessions.summary(sessionId)).status === "RUNNING";
    });
    ssh = freshSsh(client, sessionId);
  });

  after(async () => {
    ssh?.dispose();
    await target?.end();
  });

  it("tells that its shell may be left, whenever that is", async () => {
    const left: string[] = [];
    for (let afterMs = 10; afterMs <= 400; afterMs += 10) {
      const name = `early-${String(afterMs)}`;
      const open = openTerminal(target.client, sessionId, { preference: "ssh", name });
      const { terminal } = open;
      await delay(afterMs);
      const isOpen = terminal.state.phase === "open";
      open.dispose();
      await delay(100);
      const isThere = (await listShells(ssh, signal)).some((shell) => shell.name === name);
      if (isThere && !isOpen) {
        left.push(name);
      }
      assert.equal(isThere && !terminal.mayHaveShell, false, name);
      await endShell(ssh, name, signal);
      if (left.length >= 3) {
        break;
      }
    }
    console.log(`      shells of terminals that were not open: ${left.join(" ") || "none this time"}`);
    assert.deepEqual(await listShells(ssh, signal), []);
  });

  it("does not tell so of one that was never tried by ssh", async () => {
    const open = openTerminal(target.client, sessionId, { preference: "pty" });
    const { terminal } = open;
    await until("the terminal to be open", () => terminal.state.phase === "open");
    assert.equal(terminal.mayHaveShell, false);
    open.dispose();
    assert.equal(terminal.mayHaveShell, false);
  });
});
