import assert from "node:assert/strict";
import { readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { silentLogger } from "../../../../src/base/logger.js";
import { RunHistory } from "../../../../src/run/history/runHistory.js";
import type { RunRecord } from "../../../../src/run/history/runRecord.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

/** A record that began in the given second of a day. */
function record(id: string, second = 0): RunRecord {
  return {
    id,
    name: "a.py",
    uri: "file:///a.py",
    languageId: "python",
    commandLine: "python3 -u a.py",
    fileHash: "00",
    session: { id: "s", name: "runs-1" },
    server: "test",
    startedAt: new Date(Date.UTC(2025, 0, 1) + second * 1000).toISOString(),
  };
}

describe("RunHistory", () => {
  const folder = temporaryFolders();
  const open = (at: string, bounds?: { runs: number; bytes: number }): RunHistory =>
    new RunHistory(at, silentLogger, bounds);

  /** A whole run with so many bytes of output. */
  const run = async (history: RunHistory, id: string, second: number, bytes = 1): Promise<void> => {
    const entry = await history.begin(record(id, second));
    await entry.write(Buffer.alloc(bytes, "x"));
    await entry.close({ outcome: "finished", exitCode: 0 }, undefined);
  };

  const ids = async (history: RunHistory): Promise<string[]> => (await history.list()).map(({ id }) => id);

  it("is empty where there is no folder", async () => {
    assert.deepEqual(await open(path.join(await folder(), "none")).list(), []);
  });

  it("writes down a run: at its beginning what is known, at its end how it went and its output", async () => {
    const at = path.join(await folder(), "runs");
    const history = open(at);
    let changes = 0;
    const hook = history.onDidChange(() => (changes += 1));
    const entry = await history.begin(record("a"));
    assert.deepEqual(await history.list(), [{ ...record("a"), follower: process.pid }]);
    await entry.started("job-1");
    assert.equal((await history.list())[0]?.jobId, "job-1", "it can be found when nobody closes it");
    await entry.write(Buffer.from("one "));
    await entry.write(Buffer.from([0xff]));
    await entry.close({ outcome: "finished", exitCode: 3 }, "job-1");
    hook.dispose();
    const [kept] = await history.list();
    assert.ok(kept?.endedAt);
    assert.ok(Math.abs(Date.parse(kept.endedAt) - Date.now()) < 60_000);
    assert.deepEqual(
      { ...kept, endedAt: undefined },
      {
        ...record("a"),
        jobId: "job-1",
        outcome: "finished",
        exitCode: 3,
        outputBytes: 5,
        isOutputWhole: true,
        endedAt: undefined,
      },
    );
    assert.deepEqual(await readFile(history.outputOf("a")), Buffer.from("one \xff", "latin1"));
    assert.equal(changes, 3);
    assert.equal((await stat(at)).mode & 0o777, 0o700);
    assert.equal((await stat(path.join(at, "a.json"))).mode & 0o777, 0o600);
  });

  it("leaves the end of a run open that was left, until somebody knows it", async () => {
    const history = open(await folder());
    const entry = await history.begin(record("a"));
    await entry.write(Buffer.from("half"));
    await entry.close(undefined, "job-1");
    const [left] = await history.list();
    assert.deepEqual(
      [left?.jobId, left?.outcome, left?.endedAt, left?.outputBytes],
      ["job-1", undefined, undefined, 4],
    );
    const endedAt = new Date("2025-02-03T04:05:06.000Z");
    await history.finish(left!, { outcome: "finished", exitCode: 7, endedAt });
    const [ended] = await history.list();
    assert.deepEqual(ended, { ...left, outcome: "finished", exitCode: 7, endedAt: endedAt.toISOString() });
  });

  it("lists the newest first, and forgets what is removed", async () => {
    const history = open(await folder());
    for (const [id, second] of [
      ["b", 2],
      ["a", 1],
      ["c", 3],
    ] as const) {
      await run(history, id, second);
    }
    assert.deepEqual(await ids(history), ["c", "b", "a"]);
    await history.remove("b");
    await history.remove("never");
    assert.deepEqual(await ids(history), ["c", "a"]);
    await assert.rejects(stat(history.outputOf("b")), { code: "ENOENT" });
  });

  it("forgets the oldest beyond so many runs, with their output", async () => {
    const at = await folder();
    const history = open(at, { runs: 3, bytes: 1e9 });
    for (let n = 1; n <= 6; n += 1) {
      await run(history, `r${n}`, n);
    }
    assert.deepEqual(await ids(history), ["r6", "r5", "r4"]);
    assert.deepEqual(
      (await readdir(at)).sort(),
      ["r4", "r5", "r6"].flatMap((id) => [`${id}.json`, `${id}.log`]),
    );
  });

  it("forgets the oldest beyond so many bytes, when another run begins", async () => {
    const history = open(await folder(), { runs: 100, bytes: 1000 });
    for (let n = 1; n <= 4; n += 1) {
      await run(history, `r${n}`, n, 400);
    }
    assert.deepEqual(await ids(history), ["r4", "r3", "r2"], "r4 began when r3 and r2 were within the bound");
    await run(history, "r5", 5, 0);
    assert.deepEqual(await ids(history), ["r5", "r4", "r3"]);
  });

  it("takes records that can't be read as none", async () => {
    const at = await folder();
    const history = open(at);
    await run(history, "good", 1);
    await writeFile(path.join(at, "empty.json"), "");
    await writeFile(path.join(at, "half.json"), '{"id":"half","na');
    await writeFile(path.join(at, "other.json"), '{"id":"../../etc"}');
    await writeFile(path.join(at, "notes.txt"), "not ours");
    assert.deepEqual(await ids(history), ["good"]);
  });

  it("removes old output that no record tells of, and nothing that is new or not ours", async () => {
    const at = await folder();
    const history = open(at);
    const longAgo = new Date(Date.now() - 3 * 24 * 3600 * 1000);
    for (const name of ["half.json", "half.log", "lost.log", "a.json.x.new", "notes.txt"]) {
      await writeFile(path.join(at, name), "{");
      await utimes(path.join(at, name), longAgo, longAgo);
    }
    await writeFile(path.join(at, "fresh.log"), "another window is about to write its record");
    await run(history, "good", 1);
    assert.deepEqual((await readdir(at)).sort(), ["fresh.log", "good.json", "good.log", "notes.txt"]);
  });

  it("is shared by two windows, each of which writes and sees the runs of both", async () => {
    const at = await folder();
    const [one, two] = [open(at), open(at)];
    const names = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all([
      ...names.map(async (n) => run(one, `one-${n}`, n)),
      ...names.map(async (n) => run(two, `two-${n}`, n)),
    ]);
    const expected = names.flatMap((n) => [`one-${n}`, `two-${n}`]).sort();
    assert.deepEqual((await ids(one)).sort(), expected);
    assert.deepEqual((await ids(two)).sort(), expected);
    assert.ok(
      (await two.list()).every(({ outcome, outputBytes }) => outcome === "finished" && outputBytes === 1),
    );
    await one.remove("two-3");
    assert.ok(!(await ids(two)).includes("two-3"));
  });

  it("bears that two windows find the end of one run at once", async () => {
    const at = await folder();
    const [one, two] = [open(at), open(at)];
    const entry = await one.begin(record("a"));
    await entry.close(undefined, "job-1");
    const end = { outcome: "finished", exitCode: 0, endedAt: new Date() };
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => (n % 2 === 0 ? one : two).finish(record("a"), end)),
    );
    assert.deepEqual(
      (await one.list()).map(({ outcome }) => outcome),
      ["finished"],
    );
    assert.deepEqual((await readdir(at)).sort(), ["a.json", "a.log"]);
  });

  it("bears that two windows forget the same runs at once", async () => {
    const at = await folder();
    const bounds = { runs: 3, bytes: 1e9 };
    const [one, two] = [open(at, bounds), open(at, bounds)];
    for (let n = 0; n < 10; n += 1) {
      await Promise.all([run(one, `one-${n}`, n), run(two, `two-${n}`, n)]);
    }
    const left = await ids(one);
    assert.ok(left.length >= 2 && left.length <= 4, left.join());
    assert.deepEqual(left.slice(0, 2).sort(), ["one-9", "two-9"]);
  });
});
