import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findError } from "../../../../../src/run/notebook/outputs/traceback.js";

/** What the server of a recording wrote to standard error, run by run. */
function recordedErrors(file: string): readonly string[] {
  const text = readFileSync(`test/golden/${file}.json`, "utf8");
  const bodies = [...text.matchAll(/"body": ("\{\\"result\\"(?:[^"\\]|\\.)*")/g)].map(
    ([, body = '""']) =>
      JSON.parse(JSON.parse(body) as string) as { result: { console: [string, string][] } },
  );
  return bodies.flatMap(({ result }) =>
    result.console.flatMap(([kind, said]) => (kind === "stderr" ? [said] : [])),
  );
}

describe("findError", () => {
  for (const release of ["23.09", "24.09"]) {
    it(`names the errors that ${release} was recorded to report`, () => {
      const found = recordedErrors(`${release}/exec-query-error`).map((text) => findError(text));
      assert.deepEqual(
        found.map((one) => [one?.start, one?.error.name, one?.error.message, one?.isCertain]),
        [
          [0, "ZeroDivisionError", "division by zero", true],
          [0, "SyntaxError", "invalid syntax", true],
          [0, "SystemExit", "3", true],
        ],
      );
    });
  }

  it("leaves what was written before out of the report, and keeps colours", () => {
    const report = `\x1b[31m${"-".repeat(75)}\x1b[39m\n\x1b[31mValueError\x1b[39m      Traceback (most recent call last)\n----> 1 x\n\n\x1b[31mValueError\x1b[39m: it is\nError: bad`;
    const before = "\x1b[1mwarning\x1b[0m: careful\n";
    const found = findError(before + report);
    assert.equal(found?.start, before.length);
    assert.deepEqual(found.error, { name: "ValueError", message: "it is\nError: bad", stack: report });
  });

  it("names the last error of a chain, as Python and as IPython write it", () => {
    const python =
      'Traceback (most recent call last):\n  File "a", line 1\nE\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File "a", line 4\n    raise RuntimeError\nmod.RuntimeError: x\n';
    assert.deepEqual(findError(python)?.error, { name: "mod.RuntimeError", message: "x", stack: python });
    assert.equal(findError(python)?.isCertain, false, "a program may print this itself");
    const line = "-".repeat(75);
    const ipython = `${line}\nE      Traceback (most recent call last)\nCell In[1], line 1\n\nE: \n\nThe above exception was the direct cause of the following exception:\n\nRuntimeError      Traceback (most recent call last)\nCell In[1], line 4\n\nRuntimeError: x`;
    assert.deepEqual(findError(ipython)?.error, { name: "RuntimeError", message: "x", stack: ipython });
  });

  it("knows the reports of R and of Julia", () => {
    const r = "Error in f(1): object 'y' not found\nTraceback:\n\n1. f(1)\n";
    assert.deepEqual(findError(`Warning\n${r}`)?.error, {
      name: "Error",
      message: "object 'y' not found",
      stack: r,
    });
    const julia = "\x1b[91mDivideError: integer division error\x1b[39m\n\nStacktrace:\n [1] div\n";
    const found = findError(`INFO: a\n${julia}`);
    assert.deepEqual([found?.error.name, found?.error.message], ["DivideError", "integer division error"]);
  });

  it("takes no usual text for a report, and is quick on much of it", () => {
    assert.equal(findError("Error: I say so\nTraceback is a word\nINFO: x\n"), undefined);
    const lines = "INFO: epoch 1, loss 0.5\nError rate: 3\n".repeat(10_000);
    const startedAt = performance.now();
    assert.equal(findError(lines), undefined);
    assert.ok(performance.now() - startedAt < 1000);
  });

  it("bounds a report that never ends", () => {
    const found = findError(`Traceback (most recent call last):\n${"  frame\n".repeat(100_000)}E: x\n`);
    assert.ok(found !== undefined && found.error.stack.length < 210_000);
    assert.equal(found.error.name, "E");
  });
});
