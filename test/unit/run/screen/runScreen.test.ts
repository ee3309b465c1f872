import assert from "node:assert/strict";
import * as fc from "fast-check";
import { planRun } from "../../../../src/run/plan/runPlan.js";
import { eventText, footLine, headLine, type RunOutcome } from "../../../../src/run/screen/runScreen.js";
import { costRatio } from "../../../support/costRatio.js";

const plain = (text: string): string => text.replaceAll(/\x1b\[[\d;?]*[mh]/g, "");

describe("the screen of a run", () => {
  it("begins with the command and where it runs", () => {
    assert.equal(
      plain(headLine(planRun("c", "a.c").commandLine, "c-1 on Local engine")),
      "$ gcc -Wall -O2 -o ./.backendai-build/a a.c -lm -lpthread && ./.backendai-build/a  · c-1 on Local engine\r\n",
    );
  });

  it("gives every line feed its carriage return, once", () => {
    assert.equal(eventText({ type: "output", stream: "stdout", text: "a\nb\r\nc" }), "a\r\nb\r\nc");
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "한", "\n", "\r", "\r\n", "\n\n")), (parts) => {
        const text = parts.join("");
        assert.equal(eventText({ type: "output", stream: "stdout", text }), text.replace(/\r?\n/g, "\r\n"));
      }),
    );
  });

  it("looks through lines that have theirs in half the time that a replacement takes", () => {
    const text = `${"x".repeat(99)}\r\n`.repeat(330);
    const least = costRatio(
      () => eventText({ type: "output", stream: "stdout", text }),
      () => text.replace(/\r?\n/g, "\r\n"),
    );
    assert.ok(least < 0.5, `${least.toFixed(2)} of a replacement`);
  });

  it("paints errors red, but not those that bring their own colours", () => {
    assert.equal(eventText({ type: "output", stream: "stderr", text: "oops" }), "\x1b[31moops\x1b[39m");
    assert.equal(eventText({ type: "output", stream: "stderr", text: "\x1b[33moops" }), "\x1b[33moops");
  });

  it("takes back a colour and a hidden cursor that the program left", () => {
    const foot = footLine({ kind: "finished", exitCode: 0 }, 100, { atLineStart: true });
    assert.ok(foot.startsWith("\x1b[0m\x1b[?25h"));
  });

  const endings: readonly [outcome: RunOutcome, atLineStart: boolean, text: string][] = [
    [{ kind: "finished", exitCode: 0 }, true, "✔ exit code 0 · 2.1 s · Enter runs again\r\n\r\n"],
    [{ kind: "finished", exitCode: 3 }, false, "\r\n✘ exit code 3 · 2.1 s · Enter runs again\r\n\r\n"],
    [
      { kind: "finished", exitCode: -11 },
      true,
      "✘ ended by signal 11 (segmentation fault) · 2.1 s · Enter runs again\r\n\r\n",
    ],
    [
      { kind: "finished", exitCode: undefined },
      true,
      "✘ exit code not told by the server · 2.1 s · Enter runs again\r\n\r\n",
    ],
    [
      { kind: "buildFailed", exitCode: 1 },
      true,
      "✘ build failed, not run · 2.1 s · Enter runs again\r\n\r\n",
    ],
    [
      { kind: "stopped", exitCode: -2 },
      true,
      "■ stopped, ended by signal 2 (interrupt) · 2.1 s · Enter runs again\r\n\r\n",
    ],
    [
      { kind: "stopped", exitCode: 130 },
      true,
      "■ stopped, exit code 130 (interrupt) · 2.1 s · Enter runs again\r\n\r\n",
    ],
    [{ kind: "left" }, true, "▸ goes on in the session · 2.1 s · Enter runs again\r\n\r\n"],
    [
      { kind: "timedOut" },
      true,
      "✘ the server's time limit for a run was reached · 2.1 s · Enter runs again\r\n\r\n",
    ],
    [
      { kind: "failed", summary: "The session is gone." },
      true,
      "✘ The session is gone. · 2.1 s · Enter runs again\r\n\r\n",
    ],
  ];
  for (const [outcome, atLineStart, text] of endings) {
    it(`ends ${JSON.stringify(outcome)}`, () => {
      assert.equal(plain(footLine(outcome, 2_100, { atLineStart })), text);
    });
  }

  it("promises no other run where the terminal ends with it", () => {
    const foot = footLine({ kind: "finished", exitCode: 0 }, 2_100, { atLineStart: true, isLast: true });
    assert.equal(plain(foot), "✔ exit code 0 · 2.1 s\r\n\r\n");
  });
});
