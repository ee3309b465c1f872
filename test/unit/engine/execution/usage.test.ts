import assert from "node:assert/strict";
import {
  membersOf,
  parsePsLine,
  parseStat,
  type ProcessRow,
} from "../../../../src/engine/execution/process/processTable.js";
import { TestSession } from "./harness.js";

const row = (pid: number, parent: number, group: number, session = 0): ProcessRow => ({
  ...{ pid, parent, group, session, cpuMs: 0, memoryBytes: undefined },
});

describe("usage of a session's processes", () => {
  it("reads the lines of both systems", () => {
    const stat = "4242 (a) b (c) S 17 4242 4200 34816 1 0 9 9 9 9 250 50 20 5 20 0 1 0 100 1 1 1\n";
    assert.deepEqual(parseStat(stat), { ...row(4242, 17, 4242, 4200), cpuMs: 3250 });
    assert.equal(parseStat(""), undefined);
    const line = parsePsLine("  77     1    70   2048   0:01.50");
    assert.deepEqual(line, { ...row(77, 1, 70), cpuMs: 1500, memoryBytes: 2_097_152 });
    assert.equal(parsePsLine("77 1 70 1 1-02:03:04")?.cpuMs, ((26 * 60 + 3) * 60 + 4) * 1000);
    assert.equal(parsePsLine("  PID PPID"), undefined);
  });

  it("counts members of groups, of terminals that they began, and children that left their group", () => {
    const rows = [
      row(1, 0, 1),
      row(10, 1, 10),
      row(11, 10, 11),
      row(12, 11, 12),
      row(20, 1, 20, 10),
      row(30, 1, 30),
    ];
    const members = membersOf(new Set([10]), rows);
    assert.deepEqual(
      members.map(({ pid }) => pid).sort((a, b) => a - b),
      [10, 11, 12, 20],
    );
  });

  it("measures what programs use, and never less than before when they have ended", async () => {
    const session = new TestSession();
    try {
      const idle = await session.execution.processes.usage();
      assert.deepEqual([idle.cpu.total, idle.memoryBytes], [0, 0]);
      const code = "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass\n";
      const run = session.run(`kept = bytearray(90_000_000)\n${code}`);
      let busiest = 0;
      const watching = (async () => {
        for (let n = 0; n < 4; n += 1) {
          busiest = Math.max(busiest, (await session.execution.processes.usage()).cpu.perSecond);
        }
      })();
      await Promise.all([run, watching]);
      const done = await session.execution.processes.usage();
      assert.ok(busiest > 200, `${String(busiest)} ms a second`);
      assert.ok(done.cpu.total >= 1000, `${String(done.cpu.total)} ms`);
      assert.ok(done.memoryBytes > 90_000_000, `${String(done.memoryBytes)} bytes`);
      await session.execution.restart();
      const after = await session.execution.processes.usage();
      assert.ok(after.cpu.total >= done.cpu.total);
      assert.equal(after.memoryBytes, 0);
    } finally {
      await session.end();
    }
  });
});
