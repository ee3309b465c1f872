import assert from "node:assert/strict";
import type { FoundJob } from "../../../../src/run/background/foundJob.js";
import { outputText } from "../../../../src/run/history/outputText.js";
import type { RunRecord } from "../../../../src/run/history/runRecord.js";
import { type RunRow, runRows } from "../../../../src/run/history/runRows.js";

const now = Date.parse("2026-01-01T00:01:00Z");

function record(changes: Partial<RunRecord>): RunRecord {
  return {
    id: "r1",
    name: "a.py",
    uri: "file:///a.py",
    languageId: "python",
    commandLine: "python3 -u a.py",
    fileHash: "0123456789abcdef",
    session: { id: "s1", name: "py-1" },
    server: "here",
    startedAt: "2026-01-01T00:00:00.000Z",
    ...changes,
  };
}

function found(id: string, state: "running" | "over", exitCode?: number): FoundJob {
  return {
    session: { id: "s1", name: "py-1" },
    job: {
      id,
      kind: "terminal",
      state,
      exitCode,
      sizes: { out: 1, err: 0 },
      startedAt: new Date("2026-01-01T00:00:30Z"),
      endedAt: state === "over" ? new Date("2026-01-01T00:00:40Z") : undefined,
      note: "",
    },
    note: {
      name: "b.py",
      languageId: "python",
      uri: "file:///b.py",
      commandLine: "python3 b.py",
      startedAt: "2026-01-01T00:00:30.000Z",
    },
  };
}

const row = (changes: Partial<RunRecord>, jobs: FoundJob[] = [], active: string[] = []): RunRow | undefined =>
  runRows({ records: [record(changes)], found: jobs, active: new Set(active), now })[0];

describe("rows of runs", () => {
  const ended = { endedAt: "2026-01-01T00:00:02.000Z" };
  const cases: readonly [what: string, given: RunRow | undefined, description: string, context: string][] = [
    ["under way", row({}, [], ["r1"]), "running · 1 min 0 s · py-1", "run.active"],
    ["left", row({ jobId: "j" }, [found("j", "running")]), "in background · 1 min 0 s · py-1", "run.going"],
    ["of unknown end", row({ jobId: "j" }), "end not known · 1 min 0 s · py-1", "run.past"],
    ["well", row({ ...ended, outcome: "finished", exitCode: 0 }), "exit code 0 · 2.0 s · py-1", "run.past"],
    ["ill", row({ ...ended, outcome: "finished", exitCode: 3 }), "exit code 3 · 2.0 s · py-1", "run.past"],
    ["unbuilt", row({ ...ended, outcome: "buildFailed" }), "build failed · 2.0 s · py-1", "run.past"],
    ["lost", row({ ...ended, outcome: "lost" }), "lost with its session · 2.0 s · py-1", "run.past"],
  ];
  for (const [what, given, description, context] of cases) {
    it(`tell of one ${what}`, () => {
      assert.deepEqual([given?.description, given?.contextValue], [description, context]);
    });
  }

  it("show runs of other computers among one's own, the newest first, and each once", () => {
    const rows = runRows({
      records: [record({ jobId: "j1" })],
      found: [found("j1", "running"), found("j2", "over", 0)],
      active: new Set(),
      now,
    });
    assert.deepEqual(
      rows.map(({ label, contextValue }) => [label, contextValue]),
      [
        ["b.py", "run.found"],
        ["a.py", "run.going"],
      ],
    );
  });
});

describe("output as a text", () => {
  const cases: readonly [string, string][] = [
    ["a\r\nb\r\n", "a\nb\n"],
    ["\x1b[31mred\x1b[0m\n", "red\n"],
    ["10%\r50%\r100%\ndone", "100%\ndone"],
    ["half\r", "half\r"],
    ["a\r\r\nb", "a\nb"],
  ];
  for (const [output, text] of cases) {
    it(`reads ${JSON.stringify(output)}`, () => {
      assert.equal(outputText(new TextEncoder().encode(output)), text);
    });
  }
});
