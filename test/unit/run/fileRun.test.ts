import assert from "node:assert/strict";
import type { SessionSsh } from "../../../src/tunnel/sessionSsh.js";
import { FaultProxy } from "../../faults/proxy/faultProxy.js";
import { openServerTarget, type ServerTarget } from "../../support/serverTarget.js";
import { until } from "../../support/until.js";
import { freshSsh } from "../tunnel/support/freshSsh.js";
import { type OpenRun, runsOf, type TestPlace } from "./support/openRun.js";

for (const carrier of ["api", "ssh"] as const) {
  describe(`FileRun by ${carrier}`, function () {
    this.timeout(60_000);
    let target: ServerTarget;
    let session: TestPlace["session"];
    let ssh: SessionSsh;
    const start = runsOf(carrier, () => ({ client: target.client, session, ssh }));
    const begin = (code: string | Uint8Array, file?: string): OpenRun =>
      start({ code, ...(file && { file }) });

    before(async () => {
      target = await openServerTarget(process.env);
      await open();
    });

    after(async () => {
      await close();
      await target?.end();
    });

    const open = async (): Promise<void> => {
      const name = `runs-${carrier}`;
      session = { ...(await target.client.sessions.create({ image: target.pythonImage, name })), name };
      ssh = freshSsh(target.client, session.id);
    };

    const close = async (): Promise<void> => {
      ssh?.dispose();
      await target?.client.sessions.destroy(session.id, { forced: true }).catch(() => undefined);
    };

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
      assert.match(shown(), /<abcd>/);
    });

    it("stops a program that computes, and one that asks", async () => {
      for (const code of ["print('up')\nwhile True: pass\n", "input('up')\n"]) {
        const { run, end, shown } = begin(code);
        await until("the program", () => shown().includes("\r\nup"));
        run.stop();
        assert.equal((await end).kind, "stopped");
        assert.match(shown(), /\^C[^]*■ stopped/);
      }
    });

    it("stops before the program began", async () => {
      const { run, end } = begin("print('never')\n");
      run.stop();
      assert.equal((await end).kind, "stopped");
    });

    it("passes on arguments, variables and exit codes", async () => {
      const code = "import os, sys\nprint(sys.argv[1:], os.environ['A'])\nsys.exit(3)\n";
      const options = { args: "one 'two three'", env: { A: "it's $HOME" } };
      const { end, shown } = start({ code, options });
      assert.deepEqual(await end, { kind: "finished", exitCode: 3 });
      assert.match(
        shown(),
        /^\$ python3 -u a\.py one 'two three' [^]*\['one', 'two three'\] it's \$HOME\r\n/,
      );
    });

    it("cleans, builds, and tells a build that fails from a program that does", async () => {
      const sh = (options: object): OpenRun =>
        start({ code: "echo ran", file: "a.sh", languageId: "shellscript", options });
      const good = sh({ clean: "echo cleaned", build: "echo built" });
      assert.deepEqual(await good.end, { kind: "finished", exitCode: 0 });
      assert.match(good.shown(), /cleaned\r\n[^]*built\r\n[^]*ran\r\n/);
      const bad = sh({ build: "echo broken; exit 7" });
      assert.deepEqual(await bad.end, { kind: "buildFailed", exitCode: 7 });
      assert.match(bad.shown(), /broken\r\n[^]*build failed, not run/);
      assert.doesNotMatch(bad.shown(), /\r\nran/);
    });

    it("keeps split UTF-8 whole and invalid UTF-8 harmless", async () => {
      const code =
        "import sys, time\nfor b in '안녕'.encode(): sys.stdout.buffer.write(bytes([b])); sys.stdout.flush(); time.sleep(0.02)\n" +
        "sys.stdout.buffer.write(b'\\xff|\\n')\n";
      const { end, shown } = begin(code);
      assert.deepEqual(await end, { kind: "finished", exitCode: 0 });
      assert.match(shown(), /안녕\ufffd\|/);
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

    it("stops a run that waits its turn without touching the one before", async () => {
      const first = begin("import time\nprint('up')\ntime.sleep(1)\nprint('whole')\n", "first.py");
      await until("the first", () => first.shown().includes("up"));
      const second = begin("print('never')\n", "second.py");
      await until("the second to wait", () => second.shown().includes("this one follows it"));
      second.run.stop();
      assert.deepEqual(await second.end, { kind: "stopped", exitCode: undefined });
      assert.deepEqual(await first.end, { kind: "finished", exitCode: 0 });
      assert.match(first.shown(), /whole/);
      assert.doesNotMatch(second.shown(), /never/);
    });

    it("touches nothing when it is stopped after its end", async () => {
      const first = begin("print('first')\n", "first.py");
      assert.deepEqual(await first.end, { kind: "finished", exitCode: 0 });
      const shown = first.shown();
      const second = begin("import time\nprint('up')\ntime.sleep(1)\nprint('whole')\n", "second.py");
      await until("the second", () => second.shown().includes("\r\nup"));
      first.run.stop();
      first.run.stop();
      assert.deepEqual(await second.end, { kind: "finished", exitCode: 0 });
      assert.match(second.shown(), /whole/);
      assert.equal(first.shown(), shown);
    });

    it("ends by force, on a second stop, a program that does not mind an interrupt, or leaves it alone", async () => {
      const stubborn =
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up')\ntime.sleep(20)\n";
      const { run, end, shown } = begin(stubborn);
      await until("the program", () => shown().includes("\r\nup"));
      run.stop();
      run.stop();
      const outcome = await end;
      if (carrier === "api") {
        assert.deepEqual(outcome, { kind: "abandoned" });
        assert.match(shown(), /left alone/);
        await close(); // it keeps the session busy
        await open();
      } else {
        assert.deepEqual(outcome, { kind: "stopped", exitCode: 137 });
      }
    });

    it("says so when the session was gone before", async () => {
      await close();
      const { end } = begin("print(1)\n");
      const outcome = await end;
      await open();
      assert.ok(outcome.kind === "failed", outcome.kind);
      assert.match(
        outcome.summary,
        /session is gone|session .* (is gone|has ended)|does not (exist|have)|refused/i,
      );
    });

    it("says so when the session ends midway, and keeps the output", async () => {
      const { end, shown } = begin("import time\nprint('up')\ntime.sleep(60)\n");
      await until("the program", () => shown().includes("\r\nup"));
      await target.client.sessions.destroy(session.id, { forced: true });
      const outcome = await end;
      await open();
      assert.notDeepEqual(outcome, { kind: "finished", exitCode: 0 });
      assert.match(shown(), /\r\nup[^]*✘ /);
    });
  });
}

describe("FileRun by ssh alone", function () {
  this.timeout(60_000);
  let target: ServerTarget;
  let session: TestPlace["session"];
  let ssh: SessionSsh;
  const start = runsOf("ssh", () => ({ client: target.client, session, ssh }));

  before(async () => {
    target = await openServerTarget(process.env);
    const name = "runs-alone";
    session = { ...(await target.client.sessions.create({ image: target.pythonImage, name })), name };
    ssh = freshSsh(target.client, session.id);
  });

  after(async () => {
    ssh?.dispose();
    await target?.client.sessions.destroy(session.id, { forced: true }).catch(() => undefined);
    await target?.end();
  });

  it("tells errors from output with pipes, and takes lines at any time", async () => {
    const streams: string[] = [];
    const code =
      "import sys\nprint('out')\nprint('err', file=sys.stderr)\nfor line in sys.stdin: print('<' + line.strip() + '>')\n";
    const { run, end, shown } = start({
      code,
      kind: "pipes",
      onEvent: (event) => streams.push(...(event.type === "output" ? [event.stream] : [])),
    });
    await until("the program", () => shown().includes("out") && shown().includes("err"));
    run.input("one\rtwo\r");
    await until("the answers", () => shown().includes("<one>") && shown().includes("<two>"));
    run.stop();
    assert.deepEqual(await end, { kind: "stopped", exitCode: 130 });
    assert.ok(streams.includes("stdout") && streams.includes("stderr"));
  });

  it("goes on when it is left, and says so", async () => {
    const { run, end, shown } = start({ code: "import time\nprint('up')\ntime.sleep(60)\n" });
    await until("the program", () => shown().includes("\r\nup"));
    assert.ok(run.jobId);
    run.leave();
    assert.deepEqual(await end, { kind: "left" });
    assert.match(shown(), /goes on in the session/);
  });

  it("takes a run back that waits its turn when its terminal is closed, and asks the session nothing", async () => {
    const first = start({ code: "import time\nprint('up')\ntime.sleep(1)\n", file: "first.py" });
    await until("the first", () => first.shown().includes("\r\nup"));
    const second = start({ code: "print('never')\n", file: "second.py" });
    await until("the second to wait", () => second.shown().includes("this one follows it"));
    second.run.abandon();
    assert.deepEqual(await second.end, { kind: "stopped", exitCode: undefined });
    assert.deepEqual(await first.end, { kind: "finished", exitCode: 0 });
    assert.doesNotMatch(second.shown(), /failed|never/);
  });

  it("ends a program whose terminal was closed while there was no connection", async () => {
    const proxy = await FaultProxy.start();
    const client = await target.connect({ proxy: proxy.url });
    const own = freshSsh(client, session.id);
    try {
      const begin = runsOf("ssh", () => ({ client, session, ssh: own }));
      const { run, end, shown } = begin({ code: "import time\nprint('up')\ntime.sleep(60)\n" });
      await until("the program", () => shown().includes("\r\nup"));
      proxy.inject({ matches: () => true, fault: { request: ({ link }) => link.reset() } });
      proxy.cut();
      run.abandon();
      await until("the attempt to fail", () => shown().includes("kill failed"));
      proxy.heal();
      const outcome = await end;
      assert.ok(outcome.kind === "stopped" && [130, 143].includes(outcome.exitCode ?? 0), outcome.kind);
    } finally {
      own.dispose();
      await proxy.stop();
    }
  });

  it("tells on lines of their own that the connection was lost and is back", async () => {
    const { end, shown } = start({
      code: "import time\nprint('up', end='', flush=True)\ntime.sleep(2)\nprint('down')\n",
    });
    await until("the program", () => shown().includes("\r\nup"));
    const lease = await ssh.acquire();
    lease.connection.close();
    lease.dispose();
    assert.deepEqual(await end, { kind: "finished", exitCode: 0 });
    assert.match(shown(), /up\r\n\[the connection was lost[^]*\[connected again[^]*down\r\n/);
  });
});
