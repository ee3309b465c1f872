import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { eventually, isAlive, TestSession, textOf } from "./harness.js";

/** Starts a background process in the group, and one that leaves group and session; prints their ids. */
const leaveProcesses = `
import subprocess, sys, os
a = subprocess.Popen(["sleep", "60"])
b = subprocess.Popen(["sleep", "60"], start_new_session=True)
print(os.getpid(), a.pid, b.pid)
`;

describe("the end of a session", () => {
  it("ends runner, background processes and daemons within 3 s", async () => {
    const session = new TestSession();
    const pids = textOf((await session.run(leaveProcesses)).console)
      .trim()
      .split(" ")
      .map(Number);
    session.write("ignore.sh", "trap '' TERM INT HUP; echo $$ > pid; while :; do sleep 0.1; done");
    await session.batch({ exec: "sh ignore.sh" }, "b");
    await eventually(() => hasText(path.join(session.folder, "pid")), "the script's pid");
    pids.push(Number(readFileSync(path.join(session.folder, "pid"), "utf8")));
    assert.ok(pids.length === 4 && pids.every(isAlive));
    const started = Date.now();
    await session.execution.dispose();
    assert.ok(Date.now() - started < 3000);
    await eventually(() => !pids.some(isAlive), "all processes gone");
    await session.end();
  });

  it("ends everything when the engine is killed", async () => {
    const child = spawn(
      process.execPath,
      ["--import=tsx", fileURLToPath(new URL("victim.ts", import.meta.url))],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await eventually(() => output.includes("\n"), "the engine's processes");
    const pids = output.trim().split(" ").map(Number);
    assert.ok(pids.length >= 4 && pids.every(isAlive), output);
    child.kill("SIGKILL");
    await once(child, "exit");
    await eventually(() => !pids.some(isAlive), "all processes gone");
  });
});

function hasText(file: string): boolean {
  try {
    return readFileSync(file, "utf8").includes("\n");
  } catch {
    return false;
  }
}
