import assert from "node:assert/strict";
import { belowHome, fileReferences } from "../../../src/terminal/fileReferences.js";

/** Output, and what is found in it: path, line, column, the linked text. */
const table: readonly (readonly [string, ...(readonly [string, number?, number?])[]])[] = [
  ['  File "/home/work/a b.py", line 12, in <module>', ["/home/work/a b.py", 12]],
  ["src/main.c:3:14: error: expected ';'", ["src/main.c", 3, 14]],
  ["main.go:7: undefined: x", ["main.go", 7]],
  ["wrote /home/work/out/model.pt and ~/notes.txt", ["/home/work/out/model.pt"], ["~/notes.txt"]],
  ["at Object.<anonymous> (/home/work/app.js:10:5)", ["/home/work/app.js", 10, 5]],
  ["./run.sh: not found", ["./run.sh"]],
  ["see https://example.com/a/b.html for more"],
  ["version 3.11.2, 10:45:03, a.b.c, hello."],
  ["한국어 /home/work/데이터.csv", ["/home/work/데이터.csv"]],
];

describe("references to files in output", () => {
  for (const [text, ...expected] of table) {
    it(`finds ${String(expected.length)} in: ${text}`, () => {
      const found = fileReferences(text).map(({ path, line, column }) => [path, line, column]);
      assert.deepEqual(
        found,
        expected.map(([path, line, column]) => [path, line, column]),
      );
    });
  }

  it("links the words that name the file and its line", () => {
    const text = '  File "x.py", line 2';
    const [reference] = fileReferences(text);
    assert.ok(reference);
    assert.equal(text.slice(reference.start, reference.start + reference.length), 'File "x.py", line 2');
  });

  it("takes paths below the home as relative to it, and no others", () => {
    assert.equal(belowHome("/home/work/src/a.py"), "src/a.py");
    assert.equal(belowHome("~/a.py"), "a.py");
    assert.equal(belowHome("./a.py"), "a.py");
    assert.equal(belowHome("a.py"), "a.py");
    assert.equal(belowHome("/etc/passwd"), undefined);
    assert.equal(belowHome("../a.py"), undefined);
  });

  it("costs no time on a line of a megabyte", () => {
    assert.deepEqual(fileReferences("/a".repeat(500_000)), []);
  });
});
