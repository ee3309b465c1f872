import assert from "node:assert/strict";
import { cellAt, cellsOf, codeOf } from "../../../../../src/run/query/code/cells.js";
import { queryLanguageOf } from "../../../../../src/run/query/code/queryLanguages.js";

function cells(
  text: string,
  languageId = "python",
): { start: number; end: number; code: string | undefined }[] {
  const language = queryLanguageOf(languageId);
  assert.ok(language);
  const lines = text.split("\n");
  return cellsOf(lines, language).map((cell) => ({
    start: cell.start,
    end: cell.end,
    code: cell.isCode ? codeOf(lines, cell) : undefined,
  }));
}

describe("cells of a document", () => {
  it("are what stands between marks, however they are written", () => {
    assert.deepEqual(cells("# %% first\na = 1\n\n#%%\n\nb = 2\n# In[3]:\nc = 3\n# <codecell>\nd"), [
      { start: 0, end: 2, code: "a = 1" },
      { start: 3, end: 5, code: "b = 2" },
      { start: 6, end: 7, code: "c = 3" },
      { start: 8, end: 9, code: "d" },
    ]);
  });

  it("begin with what stands before the first mark, if it is code", () => {
    assert.deepEqual(cells("import os\n# %%\nos"), [
      { start: 0, end: 0, code: "import os" },
      { start: 1, end: 2, code: "os" },
    ]);
    assert.deepEqual(cells("# a title\n\n# %%\nos"), [{ start: 2, end: 3, code: "os" }]);
  });

  it("are no code where they are text or empty", () => {
    const kinds = cells("# %% [markdown]\n# words\n# %%\n\n# nothing\n# %% [raw]\nx\n# %%\n1");
    assert.deepEqual(
      kinds.map(({ code }) => code),
      [undefined, undefined, undefined, "1"],
    );
  });

  it("need a mark at the beginning of a line", () => {
    assert.deepEqual(cells("x = '''\n # %%\n'''\nprint('# %%')"), []);
    assert.deepEqual(cells("%%time\nx"), []);
  });

  it("have the marks of their language", () => {
    assert.deepEqual(cells("## %%\nx <- 1", "r"), [{ start: 0, end: 1, code: "x <- 1" }]);
    assert.deepEqual(
      cells("## one\na = 1\n### no cell\n# %%\nb", "julia").map(({ start }) => start),
      [0, 3],
    );
    assert.deepEqual(cells("// %%\nlet a = 1", "javascript"), [{ start: 0, end: 1, code: "let a = 1" }]);
  });

  it("are found by line", () => {
    const python = queryLanguageOf("python");
    assert.ok(python);
    const found = cellsOf("\n# %%\na\n# %%\nb\n".split("\n"), python);
    assert.deepEqual(
      [0, 1, 2, 3, 5].map((line) => cellAt(found, line)?.start),
      [1, 1, 1, 3, 3],
    );
    assert.equal(cellAt([], 0), undefined);
  });

  it("are not looked for in endless documents", () => {
    assert.deepEqual(cells("# %%\n".repeat(50_001)), []);
  });
});
