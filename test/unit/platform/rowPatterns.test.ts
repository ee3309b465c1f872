import assert from "node:assert/strict";
import { rowCommand } from "../../../src/platform/rows/rowPatterns.js";

describe("which rows a command is for", () => {
  const manifest = (...clauses: string[]): unknown => ({
    contributes: {
      commands: [{ command: "a.delete", title: "Delete…" }],
      menus: { "view/item/context": clauses.map((when) => ({ command: "a.delete", when })) },
    },
  });
  const fits = (row: string, ...clauses: string[]): boolean =>
    rowCommand(manifest(...clauses), "a.delete").isFor(row);

  it("is what its menus say: one kind, a pattern, or all", () => {
    assert.ok(fits("file.root", "view == v && viewItem == file.root && x"));
    assert.ok(!fits("file.rooted", "view == v && viewItem == file.root"));
    assert.ok(fits("file.folder", "view == v && viewItem =~ /^file\\.(root|folder)$/ && !listMultiSelection"));
    assert.ok(!fits("file.document", "viewItem =~ /^file\\.(root|folder)$/"));
    assert.ok(fits("anything", "view == v"));
    assert.ok(fits("b", "viewItem == a", "viewItem == b"));
  });

  it("is none where no menu has it", () => {
    assert.ok(!rowCommand(manifest("viewItem == a"), "a.other").isFor("a"));
    assert.equal(rowCommand(manifest("viewItem == a"), "a.delete").title, "Delete…");
  });
});
