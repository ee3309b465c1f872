import assert from "node:assert/strict";
import type { SessionSummary } from "../../../src/api/index.js";
import { describeError } from "../../../src/platform/describeError.js";
import { FileRun } from "../../../src/run/fileRun.js";
import { planRun } from "../../../src/run/plan/runPlan.js";
import type { RunOutcome } from "../../../src/run/screen/runScreen.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { session as record } from "../../support/records.js";
import { until } from "../../support/until.js";

describe("FileRun, on a real engine", () => {
  let server: LocalServer;
  let session: SessionSummary;

  before(async () => {
    server = await startLocalServer();
  });

  after(() => server.stop());

  beforeEach(async () => {
    const created = await server.client.sessions.create({ image: "python", name: "runs-1" });
    session = record({ id: created.id, name: created.name });
  });

  afterEach(() => server.client.sessions.destroy(session.id).catch(() => undefined));

  function begin(
    code: string | Uint8Array,
    file = "a.py",
  ): { run: FileRun; shown: () => string; end: Promise<RunOutcome> } {
    let shown = "";
    const run = new FileRun({
      client: server.client,
      session,
      plan: planRun("python", file),
      content: typeof code === "string" ? new TextEncoder().encode(code) : code,
      where: "runs-1 on test",
      print: (text) => (shown += text),
      describe: (error) => describeError(error).summary,
    });
    return { run, end: run.start(), shown: () => shown.replaceAll(/\x1b\[[\d;]*m/g, "") };
  }

  it("prints the command, the output and the end, in that order", async () => {
    const { end, shown } = begin("print('one')\nprint('two', end='')\n");
    assert.deepEqual(await end, { kind: "finished", exitCode: 0 });
    assert.match(
      shown(),
      /^\$ python3 -u a\.py {2}· runs-1 on test\r\none\r\ntwo\r\n✔ exit code 0 · \d+\.\d s · Enter runs again\r\n\r\n$/,
    );
  });

  it("answers with what was typed ahead", async () => {
    const { run, end, shown } = begin("print('<' + input('? ') + input('! ') + '>')\n");
    run.input("ab\rcd\r");
    assert.deepEqual(await end, { kind: "finished", exitCode: 0 });
    assert.match(shown(), /\? ab\r\n! cd\r\n<abcd>/);
  });

  it("stops a program that computes, and one that asks", async () => {
    for (const code of ["print('up')\nwhile True: pass\n", "input('up')\n"]) {
      const { run, end, shown } = begin(code);
      await until("the program", () => shown().includes("\r\nup"));
      run.input("\x03");
      assert.equal((await end).kind, "stopped");
      assert.match(shown(), /\^C[^]*■ stopped/);
    }
  });

  it("stops before the program began", async () => {
    const { run, end } = begin("print('never')\n");
    run.stop();
    assert.equal((await end).kind, "stopped");
  });

  it("says so when the session ends midway, and keeps the output", async () => {
    const { end, shown } = begin("import time\nprint('up')\ntime.sleep(60)\n");
    await until("the program", () => shown().includes("\r\nup"));
    await server.client.sessions.destroy(session.id, { forced: true });
    const outcome = await end;
    assert.notDeepEqual(outcome, { kind: "finished", exitCode: 0 });
    assert.match(shown(), /\r\nup[^]*✘ /);
  });

  it("says so when the session was gone before", async () => {
    await server.client.sessions.destroy(session.id);
    const { end } = begin("print(1)\n");
    assert.deepEqual(await end, { kind: "failed", summary: "The session is gone." });
  });

  it("refuses a file over the limit before a byte is sent", async () => {
    const { end } = begin(new Uint8Array(1024 * 1024), "big.py");
    const outcome = await end;
    assert.ok(outcome.kind === "failed");
    assert.match(outcome.summary, /big\.py is too large to be sent \(1\.0 MB\)/);
    assert.deepEqual(
      (await server.client.files.list(session.id, ".")).entries.map((e) => e.name).includes("big.py"),
      false,
    );
  });

  it("keeps split UTF-8 whole and invalid UTF-8 harmless", async () => {
    const code =
      "import sys, time\nfor b in '안녕'.encode(): sys.stdout.buffer.write(bytes([b])); sys.stdout.flush(); time.sleep(0.02)\n" +
      "sys.stdout.buffer.write(b'\\xff|\\n')\n";
    const { end, shown } = begin(code);
    assert.deepEqual(await end, { kind: "finished", exitCode: 0 });
    assert.match(shown(), /안녕\ufffd\|/);
  });

  it("stops a run that waits its turn without touching the one before", async () => {
    const first = begin("import time\nprint('up')\ntime.sleep(0.6)\nprint('whole')\n", "first.py");
    await until("the first", () => first.shown().includes("up"));
    const second = begin("print('never')\n", "second.py");
    await until("the second to wait", () => second.shown().includes("this one follows it"));
    second.run.stop();
    assert.deepEqual(await second.end, { kind: "stopped", exitCode: undefined });
    assert.deepEqual(await first.end, { kind: "finished", exitCode: 0 });
    assert.match(first.shown(), /whole/);
    assert.doesNotMatch(second.shown(), /never/);
  });

  it("leaves alone, on a second stop, a program that does not end on an interrupt", async () => {
    const stubborn =
      "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('up')\ntime.sleep(60)\n";
    const { run, end, shown } = begin(stubborn);
    await until("the program", () => shown().includes("\r\nup"));
    run.input("\x03");
    run.input("\x03");
    assert.deepEqual(await end, { kind: "abandoned" });
    assert.match(shown(), /left alone/);
  });

  it("takes two runs in one session one after the other", async () => {
    const first = begin("import time\nprint('up')\ntime.sleep(0.3)\nprint('first')\n", "first.py");
    await until("the first", () => first.shown().includes("\r\nup"));
    const second = begin("print('second')\n", "second.py");
    const order: string[] = [];
    await Promise.all([
      first.end.then(() => order.push("first")),
      second.end.then(() => order.push("second")),
    ]);
    assert.deepEqual(order, ["first", "second"]);
    assert.match(second.shown(), /\r\nsecond\r\n/);
  });
});
