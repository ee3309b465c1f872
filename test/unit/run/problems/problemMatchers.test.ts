import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";

const Pattern = z.looseObject({
  regexp: z.string(),
  file: z.optional(z.number()),
  line: z.optional(z.number()),
});
const Manifest = z.looseObject({
  contributes: z.looseObject({
    problemMatchers: z.array(
      z.looseObject({ name: z.string(), pattern: z.union([Pattern, z.array(Pattern)]) }),
    ),
  }),
});

/** Output of programs in a session, and the place that the matcher finds in it. */
const samples: Readonly<Record<string, { readonly lines: readonly string[]; readonly place: string }>> = {
  "backendai-python": {
    lines: ['  File "/home/work/a b/c.py", line 8, in main', "    raise KeyError(1)", "KeyError: 1"],
    place: "a b/c.py 8",
  },
  "backendai-python-marks": {
    lines: ['  File "/home/work/a.py", line 2, in f', "    return 1 / x", "           ~~^~~", "E.F: by zero"],
    place: "a.py 2",
  },
  "backendai-compiler": { lines: ["./src/a.c:3:14: fatal error: oops [-Wx]"], place: "src/a.c 3" },
  "backendai-rustc": {
    lines: ["error[E0308]: mismatched types", "  --> src/main.rs:4:18"],
    place: "src/main.rs 4",
  },
};

describe("problem matchers for tasks", () => {
  const { contributes } = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));

  it("has a sample of output for each", () => {
    assert.deepEqual(contributes.problemMatchers.map(({ name }) => name).sort(), Object.keys(samples).sort());
  });

  for (const { name, pattern } of contributes.problemMatchers) {
    it(`$${name} finds the file below the workspace folder, and its line`, () => {
      const { lines, place } = samples[name]!;
      const patterns = Array.isArray(pattern) ? pattern : [pattern];
      const found: string[] = [];
      for (const [i, { regexp, file, line }] of patterns.entries()) {
        const match = new RegExp(regexp).exec(lines[i] ?? "");
        assert.ok(match, `${regexp} in ${lines[i] ?? "nothing"}`);
        found.push(...[file, line].flatMap((group) => (group === undefined ? [] : [match[group] ?? ""])));
      }
      assert.equal(found.join(" "), place);
      assert.equal(lines.length, patterns.length);
    });
  }
});
