import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { silentLogger } from "../../../../src/base/logger.js";
import { JobFollower } from "../../../../src/run/jobs/jobFollower.js";
import { type JobStart, startCommand } from "../../../../src/run/jobs/jobScripts.js";
import type { JobStatus } from "../../../../src/run/jobs/jobStatus.js";
import { SessionJobs } from "../../../../src/run/jobs/sessionJobs.js";
import { expectRunning } from "../../../../src/sessions/sessionPresence.js";
import { programOutput } from "../../../../src/tunnel/programOutput.js";
import type { SessionSsh } from "../../../../src/tunnel/sessionSsh.js";
import { FaultProxy } from "../../../faults/proxy/faultProxy.js";
import { openServerTarget, type ServerTarget } from "../../../support/serverTarget.js";
import { until } from "../../../support/until.js";
import { freshSsh } from "../../tunnel/support/freshSsh.js";

/** What following a job to its end gave. */
interface Followed {
  readonly out: Buffer;
  readonly err: Buffer;
  lost: number;
  resumed: number;
  status: JobStatus | undefined;
}

describe("jobs of a session", function () {
  this.timeout(120_000);
  let target: ServerTarget;
  let session: { id: string; name: string };
  let ssh: SessionSsh;
  let jobs: SessionJobs;
  let count = 0;

  before(async () => {
    target = await openServerTarget(process.env);
    const name = `jobs-${process.pid}`;
    const { id } = await target.client.sessions.create({ image: target.pythonImage, name });
    session = { id, name };
    ssh = freshSsh(target.client, id);
    jobs = new SessionJobs(ssh);
  });

  after(async () => {
    ssh?.dispose();
    await target?.client.sessions.destroy(session.id, { forced: true }).catch(() => undefined);
    await target?.end();
  });

  const start = async (script: string, options: Partial<JobStart> = {}): Promise<string> => {
    count += 1;
    const id = `job-${count}`;
    await jobs.start(
      { id, kind: "terminal", rows: 24, cols: 80, note: `{"n":${count}}`, ...options },
      script,
    );
    return id;
  };

  const follower = (id: string, over = jobs, signal = AbortSignal.timeout(60_000)): JobFollower =>
    new JobFollower({
      jobs: over,
      id,
      signal,
      logger: silentLogger,
      expectSession: (waiting) => expectRunning(target.client, session, waiting),
    });

  const follow = (from: JobFollower): { seen: Followed; end: Promise<Followed> } => {
    const pieces = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
    const seen = {
      get out() {
        return Buffer.concat(pieces.out);
      },
      get err() {
        return Buffer.concat(pieces.err);
      },
      lost: 0,
      resumed: 0,
      status: undefined as JobStatus | undefined,
    };
    const read = async (): Promise<Followed> => {
      for await (const event of from) {
        if (event.type === "output") {
          pieces[event.stream].push(event.bytes);
        } else if (event.type === "ended") {
          seen.status = event.status;
        } else {
          seen[event.type] += 1;
        }
      }
      return seen;
    };
    const end = read();
    end.catch(() => undefined); // its test waits for it later
    return { seen, end };
  };

  const all = async (id: string): Promise<Followed> => follow(follower(id)).end;

  it("show programs a terminal, and how they ended", async () => {
    const id = await start("[ -t 0 ] && [ -t 1 ] && echo yes; pwd; stty size; exit 7", {
      rows: 31,
      cols: 99,
    });
    const { out, status } = await all(id);
    const [, home] = out.toString().split("\r\n");
    assert.match(home ?? "", /work/);
    assert.equal(out.toString(), `yes\r\n${home}\r\n31 99\r\n`);
    assert.equal(status?.exitCode, 7);
    assert.deepEqual(status.sizes, { out: out.length, err: 0 });
  });

  it("keep output and errors apart with pipes", async () => {
    const id = await start("echo one; echo two >&2; [ -t 1 ] || exit 3", { kind: "pipes" });
    const { out, err, status } = await all(id);
    assert.deepEqual([out.toString(), err.toString(), status?.exitCode], ["one\n", "two\n", 3]);
  });

  for (const kind of ["terminal", "pipes"] as const) {
    it(`take what is typed: ${kind}`, async () => {
      const id = await start("printf 'name? '; read -r a; read -r b; echo \"<$a$b>\"", { kind });
      const from = follower(id);
      const { seen, end } = follow(from);
      from.write("ab\n"); // before there is a connection
      await until("the question", () => seen.out.includes("name? "));
      from.write("cd\n");
      const { out, status } = await end;
      assert.match(out.toString(), /<abcd>/);
      assert.equal(status?.exitCode, 0);
    });

    it(`are interrupted as by Ctrl-C, and killed when they mind neither: ${kind}`, async () => {
      const gentle = await start("python3 -uc 'import time\nprint(\"up\")\ntime.sleep(60)'", { kind });
      const one = follow(follower(gentle));
      await until("the program", () => one.seen.out.includes("up"));
      await jobs.signal(gentle, "INT");
      const { out, err, status } = await one.end;
      assert.match(`${out.toString()}${err.toString()}`, /KeyboardInterrupt/);
      assert.equal(status?.exitCode, 130);

      const stubborn = await start("trap '' INT TERM; echo up; while :; do sleep 1; done", { kind });
      const two = follow(follower(stubborn));
      await until("the program", () => two.seen.out.includes("up"));
      await jobs.signal(stubborn, "INT");
      await jobs.signal(stubborn, "TERM");
      assert.equal((await jobs.status(stubborn)).state, "running");
      await jobs.signal(stubborn, "KILL");
      assert.equal((await two.end).status?.exitCode, 137);
    });

    it(`lose no byte of 20 MB: ${kind}`, async () => {
      const code =
        "import sys, os\nfor i in range(200): sys.stdout.buffer.write(bytes(range(256)).replace(b'\\n', b'.') * 400)";
      const id = await start(`stty raw 2>/dev/null; python3 -c "${code}"`, { kind });
      const { out, status } = await all(id);
      const line = Buffer.from(Array.from({ length: 256 }, (_, i) => (i === 10 ? 46 : i)));
      const expected = createHash("sha256")
        .update(Buffer.concat(Array(80_000).fill(line)))
        .digest("hex");
      assert.equal(out.length, 20_480_000);
      assert.equal(createHash("sha256").update(out).digest("hex"), expected);
      assert.equal(status?.exitCode, 0);
    });
  }

  it("end at once with their program, whatever it leaves running", async () => {
    for (const kind of ["terminal", "pipes"] as const) {
      const id = await start("nohup sleep 20 > /dev/null 2>&1 & sleep 0.2; date +%s%N", { kind });
      const { out, status } = await all(id);
      const lateMs = Date.now() - Number(out.toString().trim()) / 1e6;
      assert.equal(status?.exitCode, 0);
      assert.ok(lateMs < 2000, `${kind}: ${lateMs.toFixed(0)} ms after the program`);
    }
  });

  it("are followed to their end without the pipe that tells of it, as those of another release", async () => {
    const id = await start('rm "${0%script}done"; sleep 0.2; echo last; exit 4', { kind: "pipes" });
    const { out, status } = await all(id);
    assert.deepEqual([out.toString(), status?.exitCode], ["last\n", 4]);
  });

  it("follow the size of the screen", async () => {
    const id = await start("trap 'stty size; exit' WINCH; echo up; while :; do sleep 0.1; done");
    const { seen, end } = follow(follower(id));
    await until("the program", () => seen.out.includes("up"));
    await jobs.resize(id, { rows: 11, cols: 22 });
    assert.match((await end).out.toString(), /11 22/);
  });

  it("start once, however often they are started", async () => {
    const id = await start("echo $$ >> starts; sleep 0.2");
    await jobs.start({ id, kind: "terminal", rows: 24, cols: 80, note: "" }, "echo again >> starts");
    await all(id);
    const check = await start("wc -l < starts; rm starts");
    assert.equal((await all(check)).out.toString().trim(), "1");
  });

  it("run nothing of a script that came in part, and start when the whole comes", async () => {
    const job: JobStart = { id: "in-part", kind: "pipes", rows: 24, cols: 80, note: "" };
    const script = "echo a first line\necho the last one";
    const { exitCode, errorText } = await programOutput(
      ssh,
      startCommand(job, Buffer.byteLength(script)),
      // What a connection brings that is lost in the middle: the session sees an end.
      { input: script.slice(0, 18), limitBytes: 1000, timeoutMs: 20_000 },
    );
    assert.deepEqual([exitCode, errorText.trim()], [45, "its script came in part"]);
    await jobs.start(job, script);
    assert.equal((await all(job.id)).out.toString(), "a first line\nthe last one\n");
  });

  it("are listed with their notes, and forgotten when they are over", async () => {
    const running = await start("sleep 30", { note: '{"name":"a.py"}' });
    const over = await start("exit 5");
    await all(over);
    const list = await jobs.list();
    const [a, b] = [running, over].map((id) => list.find((job) => job.id === id));
    assert.deepEqual(
      [a?.state, a?.exitCode, a?.note, a?.endedAt],
      ["running", undefined, '{"name":"a.py"}', undefined],
    );
    assert.deepEqual([b?.state, b?.exitCode, b?.kind], ["over", 5, "terminal"]);
    await jobs.remove(running);
    await jobs.remove(over);
    const left = (await jobs.list()).map((job) => job.id);
    assert.ok(left.includes(running) && !left.includes(over), "one that runs is not forgotten");
    await jobs.signal(running, "KILL");
    await assert.rejects(jobs.status(over), { code: "NO_SUCH_JOB" });
  });

  it("are lost with their runner, also where nobody reaps it", async () => {
    const lost = await start("sleep 30");
    const runnerFile = `"$HOME/.backendai/runs/${lost}/runner.pid"`;
    const parent = await start(`true & echo $! > ${runnerFile}; exec sleep 30`);
    await until("the loss", async () => (await jobs.status(lost)).state === "lost");
    await jobs.signal(parent, "KILL");
    await all(parent);
  });

  it("go on when everybody has left, and are picked up by another", async () => {
    const id = await start("for i in 1 2 3; do echo $i; sleep 0.3; done");
    const leaving = new AbortController();
    const first = follow(follower(id, jobs, leaving.signal));
    await until("the first line", () => first.seen.out.includes("1"));
    leaving.abort();
    await assert.rejects(first.end, { name: "AbortError" });
    const other = freshSsh(target.client, session.id);
    try {
      const { out, status } = await follow(follower(id, new SessionJobs(other))).end;
      assert.deepEqual([out.toString(), status?.exitCode], ["1\r\n2\r\n3\r\n", 0]);
    } finally {
      other.dispose();
    }
  });

  it("lose and double nothing when the network is cut at ten points", async () => {
    const proxy = await FaultProxy.start();
    const client = await target.connect({ proxy: proxy.url });
    const cut = freshSsh(client, session.id);
    try {
      const id = await start(
        "i=0; while [ $i -lt 1500 ]; do i=$((i + 1)); echo line $i; sleep 0.002; done; exit 9",
      );
      const { seen, end } = follow(follower(id, new SessionJobs(cut)));
      for (let n = 1; n <= 10; n += 1) {
        await until("output", () => seen.out.includes(`line ${n * 130}\r`));
        proxy.cut();
        await until("the loss", () => seen.lost === n || seen.status !== undefined);
        await until("the return", () => seen.resumed === n || seen.status !== undefined);
      }
      const { out, status, lost, resumed } = await end;
      const expected = Array.from({ length: 1500 }, (_, i) => `line ${i + 1}\r\n`).join("");
      assert.equal(out.toString(), expected);
      assert.deepEqual([status?.exitCode, lost, resumed], [9, 10, 10]);
    } finally {
      cut.dispose();
      await proxy.stop();
    }
  });

  it("say what ended when their session does", async () => {
    const { id, name } = {
      ...(await target.client.sessions.create({ image: target.pythonImage, name: `${session.name}-b` })),
      name: "b",
    };
    const own = freshSsh(target.client, id);
    try {
      const ownJobs = new SessionJobs(own);
      await ownJobs.start({ id: "x", kind: "terminal", rows: 24, cols: 80, note: "" }, "echo up; sleep 60");
      const { seen, end } = follow(
        new JobFollower({
          jobs: ownJobs,
          id: "x",
          signal: AbortSignal.timeout(60_000),
          logger: silentLogger,
          expectSession: (signal) => expectRunning(target.client, { id, name }, signal),
        }),
      );
      await until("the program", () => seen.out.includes("up"));
      await target.client.sessions.destroy(id, { forced: true });
      await assert.rejects(end, { code: "SESSION_OVER" });
    } finally {
      own.dispose();
    }
  });
});
