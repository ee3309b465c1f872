import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { silentLogger } from "../../../../../src/base/logger.js";
import type { CodePoint } from "../../../../../src/completion/source/completionSource.js";
import { NoKernelError } from "../../../../../src/completion/source/kernel/kernelErrors.js";
import { KernelHelper } from "../../../../../src/completion/source/kernel/kernelHelper.js";
import { KernelSource } from "../../../../../src/completion/source/kernel/kernelSource.js";
import type { SessionSsh } from "../../../../../src/tunnel/sessionSsh.js";
import { type LocalServer, startLocalServer } from "../../../../support/localServer.js";
import { temporaryFolders } from "../../../../support/temporaryFolder.js";
import { until } from "../../../../support/until.js";
import { freshSsh } from "../../../tunnel/support/freshSsh.js";

const { signal } = new AbortController();
const point: CodePoint = { languageId: "python", code: "os.pa", row: 0, col: 5 };

/** A helper that answers each question by what `answer` makes of it, after saying hello; it hears all that it is told. */
const helperWith = (answer: string): string => `
import json, os, sys, time
print(json.dumps({"hello": {"pid": os.getpid()}}), flush=True)
heard = []
for line in sys.stdin:
    question = json.loads(line)
    heard.append(question)
    if "cancel" in question:
        continue
    ${answer}
    sys.stdout.flush()
`;

const tellHeard = `print(json.dumps({"id": question["id"], "text": json.dumps([os.getpid(), heard])}))`;

describe("KernelSource over ssh", () => {
  let local: LocalServer;
  let sessionId: string;
  let ssh: SessionSsh;
  let source: KernelSource | undefined;
  let caughtUp = 0;
  const makeFolder = temporaryFolders();

  const sourceOf = (script?: string, idleMs?: number): KernelSource => {
    const catchUp = (): Promise<void> => {
      caughtUp += 1;
      return Promise.resolve();
    };
    source = new KernelSource({ ssh, isExpected: () => true, catchUp, logger: silentLogger, script, idleMs });
    return source;
  };

  before(async () => {
    local = await startLocalServer();
    const [image] = await local.client.images.list();
    sessionId = (await local.client.sessions.create({ image: image?.reference ?? "" })).id;
  });

  beforeEach(() => {
    caughtUp = 0;
    ssh = freshSsh(local.client, sessionId);
  });

  afterEach(() => {
    source?.dispose();
    ssh.dispose();
  });

  after(async () => local.stop());

  it("says once and quickly that the local engine has no kernel, and asks it no more until it restarts", async () => {
    const found = sourceOf();
    assert.ok(found.isAvailable);
    await assert.rejects(found.complete(point, signal), isNoKernel("none"));
    assert.ok(!found.isAvailable);
    ssh.dispose(); // who asked now would fail otherwise
    await assert.rejects(found.complete(point, signal), isNoKernel("none"));
    await assert.rejects(found.signature("os.path", point, signal), isNoKernel("none"));
    found.restarted();
    assert.ok(found.isAvailable);
  });

  it("finds the kernel that the runner of a session has started, and not that of somebody's console", async () => {
    const folder = await makeFolder();
    const file = path.join(folder, "kernel.json");
    const ports = { shell_port: 1, iopub_port: 2, ip: "127.0.0.1", transport: "tcp", key: "" };
    await writeFile(file, JSON.stringify(ports));
    const idle = "import sys, time; time.sleep(60)";
    const console_ = spawn("python3", ["-c", idle, "--existing", file]);
    try {
      await once(console_, "spawn");
      await assert.rejects(KernelHelper.start(ssh, { signal }), isNoKernel("none"));
    } finally {
      console_.kill();
    }
    // Its interpreter is the last hope where no other has pyzmq.
    const start = `import subprocess, sys; subprocess.run(["python3", "-c", ${JSON.stringify(idle)}, "-f", sys.argv[-1]])`;
    const runner = spawn("python3", ["-c", start, "-m", "ai.backend.kernel", file], { detached: true });
    try {
      const found = await until("another answer", async () =>
        KernelHelper.start(ssh, { signal }).then(
          (helper) => {
            helper.dispose();
            return "found";
          },
          (error: unknown) => {
            assert.ok(error instanceof NoKernelError);
            return error.reason !== "none" && error.reason !== "starting" && error.reason;
          },
        ),
      );
      assert.ok(found === "found" || found === "noZmq", found);
    } finally {
      process.kill(-(runner.pid ?? 0), "SIGKILL");
    }
  });

  it("reads answers among what a profile prints", async () => {
    const answer = `print("hello?\\n{\\n[]\\nnull"); print(json.dumps({"id": 99, "text": "x"})); ${tellHeard}`;
    const helper = await KernelHelper.start(ssh, { script: `print("Welcome\\n{}")\n${helperWith(answer)}` });
    const told = await helper.ask({ ask: "inspect", code: "é", at: 1 }, signal);
    assert.match(
      told.kind === "text" ? (told.text ?? "") : "",
      /"ask": "inspect", "code": "\\u00e9", "at": 1/,
    );
    helper.dispose();
  });

  it("takes a question back that is given up or late, and goes on", async () => {
    const answer = `if question["code"] != "slow": ${tellHeard}`;
    const helper = await KernelHelper.start(ssh, { script: helperWith(answer) });
    const abort = new AbortController();
    const slow = helper.ask({ ask: "inspect", code: "slow", at: 4 }, abort.signal);
    const late = helper.ask({ ask: "inspect", code: "slow", at: 4 }, signal);
    abort.abort();
    await assert.rejects(slow, { name: "AbortError" });
    await assert.rejects(late, { code: "TIMEOUT", phase: "run", ms: 2000 });
    const told = await helper.ask({ ask: "inspect", code: "x", at: 1 }, signal);
    assert.match(told.kind === "text" ? (told.text ?? "") : "", /"cancel": 1.*"cancel": 2/);
    helper.dispose();
  });

  for (const [what, answer, message] of [
    ["a line without end", `os.write(1, b"x" * (5 * 1024 * 1024)); time.sleep(60)`, /too long/],
    [
      "much that can't be understood",
      `print("\\n".join(["?"] * 300), flush=True); time.sleep(60)`,
      /can't be understood/,
    ],
    ["an error", `print(json.dumps({"id": question["id"], "error": "KeyError: 'x'"}))`, /KeyError: 'x'/],
    ["its own failure", `raise Exception("no luck")`, /no luck/],
  ] as const) {
    it(`answers ${what} with words`, async () => {
      const asked = sourceOf(helperWith(answer)).complete(point, signal);
      await assert.rejects(asked, { code: "KERNEL_ANSWER", message });
    });
  }

  it("says that the session is busy while the kernel is not asked, and helps the server once", async () => {
    const answer = `print(json.dumps({"id": question["id"], question["code"]: True}))`;
    const found = sourceOf(helperWith(answer));
    const busy = { code: "SESSION_BUSY" };
    await assert.rejects(found.complete({ ...point, code: "busy", col: 4 }, signal), busy);
    assert.equal(caughtUp, 0);
    await assert.rejects(found.complete({ ...point, code: "full", col: 4 }, signal), busy);
    await assert.rejects(found.describe("full", point, signal), busy);
    assert.equal(caughtUp, 1);
    await assert.rejects(found.describe("gone", point, signal), isNoKernel("ended"));
    assert.ok(found.isAvailable, "another may come");
  });

  it("asks for dotted names alone", async () => {
    const found = sourceOf(helperWith(`raise Exception("asked")`));
    for (const name of ["", "f(1)", "a..b", "a.", "x y", "x\nimport os", `a${".b".repeat(300)}`]) {
      assert.equal(await found.describe(name, point, signal), undefined, name);
    }
  });

  it("ends its program when idle, shares one among all who ask, and starts another when that has gone", async () => {
    const found = sourceOf(helperWith(tellHeard), 300);
    const pidOf = async (): Promise<number> => {
      const text = (await found.describe("x", point, signal))?.documentation ?? "";
      return Number(/\d+/.exec(text)?.[0]);
    };
    const pids = await Promise.all([pidOf(), pidOf(), pidOf()]);
    assert.equal(new Set(pids).size, 1);
    await until("its end", () => !isRunning(pids[0] ?? 0));
    const next = await pidOf();
    assert.notEqual(next, pids[0]);
    process.kill(next, "SIGKILL");
    await until("its end", () => !isRunning(next));
    await until("another", async () => (await pidOf().catch(() => next)) !== next);
  });

  it("tells a lost connection, and tries again later only", async () => {
    const found = sourceOf(helperWith("pass"));
    const asked = found.complete(point, signal);
    asked.catch(() => undefined);
    await until("a connection", () => ssh.isOpen);
    await new Promise((resolve) => setTimeout(resolve, 500));
    ssh.dispose();
    await assert.rejects(asked, { code: "NETWORK" });
  });

  it("gives up for who aborts, and for all when it ends", async () => {
    const found = sourceOf("import time; time.sleep(60)");
    const abort = new AbortController();
    const [one, other] = [found.complete(point, abort.signal), found.complete(point, signal)];
    abort.abort();
    await assert.rejects(one, { name: "AbortError" });
    found.dispose();
    await assert.rejects(other, { name: "AbortError" });
    await assert.rejects(found.complete(point, AbortSignal.abort()), { name: "AbortError" });
  });
});

function isNoKernel(reason: string): (error: unknown) => boolean {
  return (error) => error instanceof NoKernelError && error.reason === reason;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
