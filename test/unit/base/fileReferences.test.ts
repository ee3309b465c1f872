import assert from "node:assert/strict";
import { belowHome, fileReferences } from "../../../src/base/fileReferences.js";

/** Output, and what is found in it: path, line, column, the linked text. */
const table: readonly (readonly [string, ...(readonly [string, number?, number?])[]])[] = [
  ['  File "/home/work/a b.py", line 12, in <module>', ["/home/work/a b.py", 12]],
  ["src/main.c:3:14: error: expected ';'", ["src/main.c", 3, 14]],
  ["main.go:7: undefined: x", ["main.go", 7]],
  ["wrote /home/work/out/model.pt and ~/notes.txt", ["/home/work/out/model.pt"], ["~/notes.txt"]],
  ["at Object.<anonymous> (/home/work/app.js:10:5)", ["/home/work/app.js", 10, 5]],
  ["    at f (file:///home/work/app.mjs:1:28)", ["/home/work/app.mjs", 1, 28]],
  ["./run.sh: not found", ["./run.sh"]],
  ["run.sh: line 2: nosuchcmd: command not found", ["run.sh", 2]],
  ["PHP Warning:  Undefined variable $x in /home/work/a.php on line 3", ["/home/work/a.php", 3]],
  ["#0 /home/work/a.php(6): f(1)", ["/home/work/a.php", 6]],
  ["dead at lib/die.pl line 4.", ["lib/die.pl", 4]],
  ['7: stop("boom") at a.R#4', ["a.R", 4]],
  ["   @ Main ~/src/oei.jl:78", ["~/src/oei.jl", 78]],
  ["\t/home/work/panic.go:6 +0x29", ["/home/work/panic.go", 6]],
  ["\tat R.main(R.java:4)", ["R.java", 4]],
  [" --> src/main.rs:4:18", ["src/main.rs", 4, 18]],
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
    assert.equal(belowHome("/tmp/engine/sessions/python-1-6f2c3ab2/work/src/a.py"), "src/a.py");
    assert.equal(belowHome("/srv/sessions/work/a.py"), undefined);
    assert.equal(belowHome("/etc/passwd"), undefined);
    assert.equal(belowHome("../a.py"), undefined);
  });

  it("costs no time on a line of a megabyte", () => {
    assert.deepEqual(fileReferences("/a".repeat(500_000)), []);
  });

  it("costs little on the worst of the lines that it reads", () => {
    const startedAt = performance.now();
    for (const unit of ["-a", "a.", "/a", "~/", "a-.", '"File "', "(1"]) {
      fileReferences(unit.repeat(1000));
    }
    assert.ok(performance.now() - startedAt < 2000);
  });
});
