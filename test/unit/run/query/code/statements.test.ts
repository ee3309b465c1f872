import assert from "node:assert/strict";
import { dedent, statementAt } from "../../../../../src/run/query/code/statements.js";

function statement(text: string, line = 0, languageId = "python"): string | undefined {
  const lines = text.split("\n");
  const span = statementAt(lines, line, languageId);
  return span && lines.slice(span.start, span.end + 1).join("\n");
}

describe("the statement at a line", () => {
  it("is the line, or the next one with code", () => {
    assert.equal(statement("a = 1\nb = 2"), "a = 1");
    assert.equal(statement("a = 1\n\n# words\n  \nb = 2", 1), "b = 2");
    assert.equal(statement("a = 1\n# end\n", 1), undefined);
  });

  it("goes on over brackets, long strings and backslashes", () => {
    for (const text of [
      "f(1,\n  [2,\n\n3])",
      'x = """one\n  two: (\n"""',
      "x = '''a\\'''\nb'''",
      "a = 1 + \\\n  2",
      "d = {  # ( no\n  'a': ')',\n}",
    ]) {
      assert.equal(statement(`${text}\nafter = 1`), text);
    }
  });

  it("stands for itself where a bracket is never closed", () => {
    assert.equal(statement("f(1,\nb = 2\nc = 3"), "f(1,");
  });

  it("is a block with its inner lines, but not the empty ones after it", () => {
    const block = "for i in range(3):\n    a = i\n\n    # still\n    print(a)";
    assert.equal(statement(`${block}\n\n\nafter = 1`), block);
    assert.equal(statement("if x: y = 1\nz = 2"), "if x: y = 1");
    assert.equal(statement("class A:  # words\n\tx = 1"), "class A:  # words\n\tx = 1");
  });

  it("has its clauses and decorators", () => {
    for (const text of [
      "if a:\n    b\nelif c:\n    d\nelse:\n    e",
      "try:\n    a\nexcept (A,\n        B):\n    b\nfinally:\n    c",
      "@cached\n@other(\n    1)\ndef f(a,\n      b):\n    return a\n\n    # end\n    x",
      "def f(\n    a,\n):\n    s = '''\nout of line\n'''\n    return s",
      "async def f():\n    async with a:\n        pass",
      "match a:\n    case 1:\n        b\n    case _:\n        c",
    ]) {
      assert.equal(statement(`${text}\n\nafter = 1`), text);
    }
  });

  it("ends where the block around it does", () => {
    const text = "def f():\n    if a:\n        b\n    c = 1\nd";
    assert.equal(statement(text, 1), "    if a:\n        b");
    assert.equal(statement(text, 2), "        b");
  });

  it("ends with its brackets in other languages", () => {
    assert.equal(
      statement("f <- function(x) {\n  x + 1 # }\n}\ny", 0, "r"),
      "f <- function(x) {\n  x + 1 # }\n}",
    );
    assert.equal(statement("const a = `{\n${1}`;\nb", 0, "javascript"), "const a = `{\n${1}`;");
    assert.equal(statement("// words\nx = [1,\n2]", 0, "javascript"), "x = [1,\n2]");
    assert.equal(statement("x = [1 2\n3 4]\ny", 0, "julia"), "x = [1 2\n3 4]");
  });
});

describe("dedent", () => {
  it("takes the first line's indentation away from every line that has it", () => {
    assert.equal(dedent("    if a:\n        b\n\n    c"), "if a:\n    b\n\nc");
    assert.equal(dedent("\n  a\n  b"), "\na\nb");
    assert.equal(dedent("  x = '''\nas it is\n  '''"), "x = '''\nas it is\n'''");
    assert.equal(dedent("a\n  b"), "a\n  b");
  });
});
