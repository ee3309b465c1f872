import assert from "node:assert/strict";
import { ConfigurationError, NotFoundError } from "../../../../src/api/index.js";
import { resetInterpreter } from "../../../../src/run/query/resetInterpreter.js";
import { startLocalServer } from "../../../support/localServer.js";
import { openQuerySession, type QuerySession } from "./support/querySession.js";

const never = new AbortController().signal;

describe("resetInterpreter", function () {
  let session: QuerySession;

  this.timeout(120_000);

  before(async () => {
    session = await openQuerySession();
  });

  after(() => session.end());

  it("forgets variables, modules, environment and folder, and ends child processes; files stay", async () => {
    await session.ask(
      "import os, subprocess, sys, wave\nx = 41\nos.chdir('/')\nos.environ['LEFT'] = '1'\n" +
        "with open(os.path.expanduser('~/kept.txt'), 'w') as f: f.write('kept')\n" +
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])",
    );
    const child = (await session.ask("print(child.pid)")).trim();
    await resetInterpreter(session.client, session.id, never);
    const left = await session.ask(
      "import os, sys\nprint('x' in globals(), 'wave' in sys.modules, os.getcwd() != '/', os.environ.get('LEFT'))\n" +
        "print(open(os.path.expanduser('~/kept.txt')).read())\n" +
        `print(os.path.exists('/proc/${child}/fd') and open('/proc/${child}/stat').read().split()[2] not in 'ZX')`,
    );
    assert.deepEqual(left.trim().split("\n"), ["False False True None", "kept", "False"]);
  });

  it("leaves an interpreter that computes, keeps state, asks and prints errors, time after time", async () => {
    for (let round = 0; round < 3; round += 1) {
      assert.match(await session.ask("print('y' in globals())\ny = 1"), /^False/);
      assert.equal((await session.ask("y + 1")).trim(), "2");
      assert.match(await session.ask("1 / 0"), /ZeroDivisionError/);
      assert.match(await session.ask("import os\n_ = os.system('echo from a child')"), /from a child/);
      await resetInterpreter(session.client, session.id, never);
    }
  });

  it("waits for the run before it", async () => {
    const run = session.ask("import time\ntime.sleep(0.7)\nprint('whole')");
    await resetInterpreter(session.client, session.id, never);
    assert.match(await run, /whole/);
  });

  it("stops waiting when it is called off", async () => {
    const controller = new AbortController();
    const run = session.ask("import time\ntime.sleep(2)\nprint('whole')");
    const reset = resetInterpreter(session.client, session.id, controller.signal);
    controller.abort();
    await assert.rejects(reset, { name: "AbortError" });
    assert.match(await run, /whole/);
  });
});

describe("resetInterpreter, on an engine", () => {
  it("resets JavaScript", async () => {
    const server = await startLocalServer();
    const { client } = server;
    try {
      const { id } = await client.sessions.create({ image: "nodejs", name: "node-1" });
      const ask = async (code: string): Promise<string> => {
        let output = "";
        for await (const event of client.runs.start(id, { mode: "query", code })) {
          output += event.type === "output" ? event.text : "";
        }
        return output;
      };
      await ask("globalThis.x = 1");
      assert.match(await ask("console.log(typeof x)"), /number/);
      await resetInterpreter(client, id, never);
      assert.match(await ask("console.log(typeof x)"), /undefined/);
    } finally {
      await server.stop();
    }
  });

  it("says that a session is gone", async () => {
    const server = await startLocalServer();
    const { client } = server;
    try {
      await assert.rejects(
        resetInterpreter(client, "6f2c3ab2-0000-4000-8000-000000000001", never),
        NotFoundError,
      );
    } finally {
      await server.stop();
    }
  });

  it("restarts the session for other languages, and says so where no session restarts", async () => {
    const older = await startLocalServer({ manager: "24.09.6" });
    const newer = await startLocalServer();
    try {
      const { id } = await older.client.sessions.create({ image: "c", name: "other-1" });
      await resetInterpreter(older.client, id, never);
      assert.equal((await older.client.sessions.info(id)).status, "RUNNING");
      const other = await newer.client.sessions.create({ image: "c", name: "other-1" });
      await assert.rejects(resetInterpreter(newer.client, other.id, never), ConfigurationError);
    } finally {
      await Promise.all([older.stop(), newer.stop()]);
    }
  });
});
