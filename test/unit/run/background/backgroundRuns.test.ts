import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConnectionStore, type Connector } from "../../../../src/account/connectionStore.js";
import { delay } from "../../../../src/base/abort.js";
import { Emitter } from "../../../../src/base/event.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { BackgroundRuns, type EndedRun } from "../../../../src/run/background/backgroundRuns.js";
import { RunHistory } from "../../../../src/run/history/runHistory.js";
import type { RunRecord } from "../../../../src/run/history/runRecord.js";
import { jobNote } from "../../../../src/run/jobs/jobNote.js";
import { SessionJobs } from "../../../../src/run/jobs/sessionJobs.js";
import { HostKeys } from "../../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../../src/tunnel/sessionTunnels.js";
import { openServerTarget, type ServerTarget } from "../../../support/serverTarget.js";
import { until } from "../../../support/until.js";
import { memoryStore } from "../../tunnel/support/memoryStore.js";

describe("BackgroundRuns", function () {
  this.timeout(90_000);
  let target: ServerTarget;
  let session: { id: string; name: string };
  let folder: string;
  let history: RunHistory;
  let connection: ConnectionStore;
  let tunnels: SessionTunnels;
  let background: BackgroundRuns;
  let ended: EndedRun[];
  let isFollowed: boolean;
  let count = 0;

  before(async () => {
    target = await openServerTarget(process.env);
    const name = `behind-${process.pid}`;
    session = { ...(await target.client.sessions.create({ image: target.pythonImage, name })), name };
  });

  after(async () => {
    await target?.client.sessions.destroy(session.id, { forced: true }).catch(() => undefined);
    await target?.end();
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "behind-"));
    history = new RunHistory(folder, silentLogger);
    const open: Connector = () =>
      Promise.resolve({
        client: target.client,
        onDidClose: new Emitter<Error>().event,
        close: () => Promise.resolve(),
      });
    connection = new ConnectionStore(open, silentLogger);
    const hostKeys = new HostKeys(memoryStore(), silentLogger);
    tunnels = new SessionTunnels({ connection, hostKeys, logger: silentLogger });
    ended = [];
    isFollowed = false;
    background = new BackgroundRuns({
      connection,
      tunnels,
      history,
      server: () => "test",
      isFollowed: () => isFollowed,
      logger: silentLogger,
    });
    background.onDidEnd((end) => ended.push(end));
  });

  afterEach(async () => {
    background.dispose();
    await connection.disconnect();
    tunnels.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const connect = async (): Promise<void> => {
    await connection.connect({ kind: "local" });
  };

  /** A run that was left in the session, as another window or an earlier one would have left it. */
  const leave = async (script: string): Promise<RunRecord> => {
    count += 1;
    const jobId = `behind-${process.pid}-${count}`;
    const ssh = tunnels.ssh(target.client, session.id);
    const source = { name: "a.py", languageId: "python", uri: "file:///a.py", commandLine: "python3 a.py" };
    const start = {
      id: jobId,
      kind: "terminal",
      rows: 24,
      cols: 80,
      note: jobNote(source, new Date()),
    } as const;
    await new SessionJobs(ssh).start(start, script);
    const record: RunRecord = {
      ...source,
      id: `run-${count}`,
      fileHash: "",
      session,
      server: "test",
      startedAt: new Date().toISOString(),
    };
    const entry = await history.begin(record);
    await entry.close(undefined, jobId);
    return record;
  };

  const recordOf = async (id: string): Promise<RunRecord | undefined> =>
    (await history.list()).find((record) => record.id === id);

  it("tells when a run has ended that nobody followed, once, and writes it down", async () => {
    await connect();
    const { id } = await leave("sleep 1; exit 7");
    background.watch();
    await until("the run", () => background.found.some(({ job }) => job.state === "running"));
    await until("its end", () => ended.length > 0);
    assert.deepEqual([ended[0]?.record.id, ended[0]?.exitCode], [id, 7]);
    const record = await recordOf(id);
    assert.deepEqual([record?.outcome, record?.exitCode], ["finished", 7]);
    assert.ok(record?.endedAt !== undefined && record.endedAt >= record.startedAt.slice(0, 19));
    background.watch();
    await connect();
    assert.equal(ended.length, 1);
  });

  it("tells of an end once, however often it is asked to look meanwhile", async () => {
    await connect();
    await leave("exit 4");
    for (let asked = 0; asked < 3; asked += 1) {
      background.watch();
      await delay(20);
    }
    await until("its end", () => ended.length > 0);
    await delay(1500);
    assert.equal(ended.length, 1);
  });

  it("leaves a run alone that somebody follows by the time its session has answered", async () => {
    await connect();
    const record = await leave("exit 5");
    background.watch();
    await delay(20);
    const entry = await history.begin({ ...record, jobId: (await recordOf(record.id))?.jobId });
    isFollowed = true;
    await delay(2000);
    assert.equal(ended.length, 0);
    await entry.close({ outcome: "finished", exitCode: 5 }, undefined);
  });

  it("finds out, on the next connection, what ended while there was none", async () => {
    await connect();
    const { id } = await leave("exit 3");
    await connection.disconnect();
    await connect();
    await until("its end", () => ended.length > 0);
    assert.equal((await recordOf(id))?.exitCode, 3);
  });

  it("tells of a run whose session is gone that it is lost", async () => {
    await connect();
    const record: RunRecord = {
      id: "gone",
      name: "a.py",
      languageId: "python",
      uri: "file:///a.py",
      commandLine: "python3 a.py",
      fileHash: "",
      session: { id: "11111111-2222-4333-8444-555555555555", name: "gone" },
      server: "test",
      startedAt: new Date().toISOString(),
    };
    await (await history.begin(record)).close(undefined, "job");
    background.watch();
    await until("the word", () => ended.length > 0);
    assert.equal(ended[0]?.exitCode, undefined);
    assert.equal((await recordOf("gone"))?.outcome, "lost");
  });

  it("finds the runs of other computers, stops and removes them", async () => {
    await connect();
    const { id } = await leave("echo up; sleep 60");
    await history.remove(id); // as if it were another computer's
    await background.findIn([session], AbortSignal.timeout(20_000));
    const found = background.found.find(({ job }) => job.state === "running");
    assert.ok(found);
    assert.deepEqual([found.note.name, found.session.id], ["a.py", session.id]);
    await background.stop(found, AbortSignal.timeout(20_000));
    const over = await until("its end", async () => {
      await background.findIn([session], AbortSignal.timeout(20_000));
      return background.found.find(({ job }) => job.id === found.job.id && job.state === "over");
    });
    assert.equal(over.job.exitCode, 130);
    await background.remove(over, AbortSignal.timeout(20_000));
    await background.findIn([session], AbortSignal.timeout(20_000));
    assert.equal(
      background.found.some(({ job }) => job.id === found.job.id),
      false,
    );
  });

  it("asks nothing where nothing goes on by itself, and of servers that are not connected", async () => {
    const { id } = await leave("exit 0").catch(() => ({ id: "" }));
    background.watch();
    assert.equal(background.found.length, 0);
    assert.equal((await recordOf(id))?.endedAt, undefined);
  });
});
