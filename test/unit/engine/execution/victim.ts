/** An engine to be killed: starts a runner with children and a batch step, prints their process ids, and stays. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { eventually, TestSession, textOf } from "./harness.js";

const session = new TestSession();
const code = `import subprocess, os
a = subprocess.Popen(["sleep", "60"]); b = subprocess.Popen(["sleep", "60"], start_new_session=True)
print(os.getpid(), a.pid, b.pid)`;
const { console: items } = await session.run(code);
await session.batch({ exec: "echo $$ > pid; exec sleep 60" }, "b");
const file = path.join(session.folder, "pid");
await eventually(() => {
  try {
    return readFileSync(file, "utf8").includes("\n");
  } catch {
    return false;
  }
}, "the batch step");
process.stdout.write(`${textOf(items).trim()} ${readFileSync(file, "utf8").trim()}\n`);
setInterval(() => undefined, 1000);
