import assert from "node:assert/strict";
import type { RunOutcome } from "../../../../src/run/screen/runScreen.js";
import { taskExitCode } from "../../../../src/run/tasks/taskExitCode.js";

describe("the exit code of a task", () => {
  const table: readonly [outcome: RunOutcome, exitCode: number][] = [
    [{ kind: "finished", exitCode: 0 }, 0],
    [{ kind: "finished", exitCode: 3 }, 3],
    [{ kind: "finished", exitCode: -9 }, 137],
    [{ kind: "finished", exitCode: 139 }, 139],
    [{ kind: "finished", exitCode: undefined }, 1],
    [{ kind: "buildFailed", exitCode: 2 }, 2],
    [{ kind: "buildFailed", exitCode: undefined }, 1],
    [{ kind: "stopped", exitCode: 0 }, 130],
    [{ kind: "stopped", exitCode: undefined }, 130],
    [{ kind: "abandoned" }, 130],
    [{ kind: "timedOut" }, 124],
    [{ kind: "left" }, 1],
    [{ kind: "failed", summary: "The session is gone." }, 1],
  ];
  for (const [outcome, exitCode] of table) {
    it(`is ${exitCode} for ${JSON.stringify(outcome)}`, () => {
      assert.equal(taskExitCode(outcome), exitCode);
    });
  }
});
