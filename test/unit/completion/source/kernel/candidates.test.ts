import assert from "node:assert/strict";
import { askedCode, candidatesOf } from "../../../../../src/completion/source/kernel/candidates.js";
import type { KernelMatch } from "../../../../../src/completion/source/kernel/helperLines.js";

const match = (text: string, start: number, end: number, type = "instance", signature = ""): KernelMatch => ({
  text,
  start,
  end,
  type,
  signature,
});

const namesFor = (code: string, ...matches: readonly KernelMatch[]): string[] =>
  candidatesOf({ code, at: Array.from(code).length }, matches, matches.length).candidates.map(
    ({ name }) => name,
  );

describe("candidates of a kernel", () => {
  it("are the last part, whatever the kernel replaces", () => {
    for (const [code, text, start, name] of [
      ["os.path.jo", "join", 8, "join"],
      ["os.path.jo", "os.path.join", 0, "join"],
      ["os.path.jo", ".join", 7, "join"],
      ["prin", "print", 0, "print"],
      ["f(wid", "width=", 2, "width="],
      ["%ti", "%time", 0, "time"],
      ["'😀'; x.ab", "about", 7, "about"],
    ] as const) {
      assert.deepEqual(
        namesFor(code, match(text, start, Array.from(code).length)),
        [name],
        `${code} ${text}`,
      );
    }
  });

  it("are the whole key in a subscript, in the forms of every IPython", () => {
    for (const [code, text, start, name] of [
      ['df["pri', "price", 4, "price"],
      ['df["pri', 'price"]', 4, "price"],
      ["df['pri", "price'", 4, "price"],
      ['df["count o', "of", 10, "count of"],
      ["df.loc[0, 'co", "cost", 11, "cost"],
      ["df[", "'price'", 3, "'price'"],
      ["df[x['a']]['b", "bee", 12, "bee"],
      ["df['größe o", "of", 10, "größe of"],
    ] as const) {
      const end = Array.from(code).length;
      assert.deepEqual(namesFor(code, match(text, start, end, "dict key")), [name], `${code} ${text}`);
    }
  });

  it("leave out what is no name there", () => {
    assert.deepEqual(namesFor("ti", match("%time", 0, 2, "magic")), []);
    assert.deepEqual(namesFor("os.pa", match("else.path", 0, 5)), []);
    assert.deepEqual(namesFor("pa", match("path", 0, 1)), [], "of another place");
    assert.deepEqual(namesFor("pa", match("path", 3, 2)), []);
    assert.deepEqual(namesFor("pa", match("path\nx", 0, 2), match("", 0, 2)), []);
    assert.deepEqual(namesFor("pa", match("path", 0, 2), match("path", 0, 2)), ["path"], "twice");
  });

  it("tell folders from files, and what is not known", () => {
    const code = "open('data/t";
    const found = candidatesOf(
      { code, at: code.length },
      [
        match("data/train/", 6, 12, "path"),
        match("data/t.csv", 6, 12, "path"),
        match("data/tx", 6, 12, "<unknown>", " (a,\n b) "),
      ],
      7,
    );
    assert.deepEqual(found, {
      candidates: [
        { name: "train", kind: "folder", detail: undefined },
        { name: "t.csv", kind: "file", detail: undefined },
        { name: "tx", kind: undefined, detail: "(a, b)" },
      ],
      isIncomplete: true,
    });
  });
});

describe("what a kernel is asked", () => {
  const asked = (code: string, row: number, col: number): unknown =>
    askedCode({ languageId: "python", code, row, col });

  it("is the code up to the cursor, counted in code points", () => {
    assert.deepEqual(asked("a = 1\r\ns = '😀'; s.up\nmore", 1, 13), { code: "a = 1\ns = '😀'; s.u", at: 18 });
    assert.deepEqual(asked("", 0, 0), { code: "", at: 0 });
  });

  it("is bounded: no more than a part of what is above, and nothing in endless lines", () => {
    const long = `${"x = 1234567890\n".repeat(100_000)}x.`;
    const { code } = asked(long, 100_000, 2) as { code: string };
    assert.ok(code.length < 33_000 && code.endsWith("x = 1234567890\nx."));
    const wide = `${"'".repeat(20_000)}\n`.repeat(5);
    assert.ok((asked(`${wide}y.`, 5, 2) as { code: string }).code.length < 33_000);
    assert.equal(asked("x".repeat(5000), 0, 5000), undefined);
  });
});
