import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { runTool } from "../../../scripts/support/tasks.js";

/** Starts a process in a group of its own, which holds the pipes and prints its number, and then does something else. */
function nodeThat(does: string): string[] {
  const start = `const child = require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit", detached: true });
    child.unref(); console.log(child.pid);`;
  return ["node", "-e", `${start} ${does}`];
}

describe("tools of scripts", function () {
  this.timeout(60_000);

  it("end with what they started, whatever group that has", async function () {
    if (process.platform !== "linux") {
      this.skip(); // other systems do not tell who started whom
    }
    const { ok, output, givenUp } = await runTool(nodeThat("setInterval(() => {}, 1000)"), {
      deadlineMs: 3_000,
    });
    assert.deepEqual([ok, givenUp?.includes("took longer than 3 s")], [false, true]);
    assert.ok(!isRunning(Number(output)), `${output} still runs`);
  });

  it("are over when they have ended, though something holds their pipes", async () => {
    const { ok, output, seconds } = await runTool(nodeThat(""), { deadlineMs: 50_000 });
    process.kill(Number(output), "SIGKILL");
    assert.ok(ok);
    assert.ok(seconds < 40, `took ${seconds} s`);
  });

  it("may put their things away", async () => {
    const tidy = `process.on("SIGTERM", () => setTimeout(() => { console.log("tidy"); process.exit(); }, 1000));`;
    const tool = ["node", "-e", `${tidy} setInterval(() => {}, 1000)`];
    const { ok, output } = await runTool(tool, { deadlineMs: 2_000 });
    assert.deepEqual([ok, output], [false, "tidy\n"]);
  });

  it("that do not exist have failed", async () => {
    const { ok, output } = await runTool(["no-such-tool"], { deadlineMs: 2_000 });
    assert.ok(!ok);
    assert.match(output, /ENOENT/);
  });
});

/** One that has ended may wait to be buried by its parent. */
function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
