import assert from "node:assert/strict";
import type { Folder, FolderEntry } from "../../../../src/api/index.js";
import { directoryOf, entryRows, lookOf, rootRows } from "../../../../src/files/folders/folderRows.js";

const folder: Folder = {
  id: "0123",
  name: "data",
  host: "local:volume1",
  permission: "rw",
  isOwner: true,
  ownership: "user",
  group: undefined,
  status: "ready",
  usageMode: "general",
  createdAt: new Date(0),
};

function entry(name: string, type: FolderEntry["type"] = "file"): FolderEntry {
  return { name, type, size: 1234, mtimeMs: 1 };
}

describe("rows of virtual folders", () => {
  it("are sorted by name as people count, folders by themselves", () => {
    const named = ["b10", "B2", "a"].map((name) => ({ ...folder, name }));
    assert.deepEqual(
      rootRows(named).map((row) => row.folder.name),
      ["a", "B2", "b10"],
    );
  });

  it("show directories before files, and nothing of uploads that are under way", () => {
    const rows = entryRows(folder, "", [
      entry("z.txt"),
      entry(".upload", "directory"),
      entry("y", "directory"),
    ]);
    assert.deepEqual(
      rows.map((row) => row.entry.name),
      ["y", "z.txt"],
    );
    assert.deepEqual(
      entryRows(folder, "in", [entry(".upload")]).map((row) => row.path),
      ["in/.upload"],
    );
  });

  it("say what may be done, and whose a folder is", () => {
    assert.equal(lookOf({ kind: "folder", folder }).description, "");
    const shared = { ...folder, permission: "ro", isOwner: false };
    assert.equal(lookOf({ kind: "folder", folder: shared }).description, "read only · shared");
    assert.equal(lookOf({ kind: "folder", folder: shared }).contextValue, "folder.ro");
    const ofProject = { ...folder, ownership: "group", group: "vision" };
    assert.equal(lookOf({ kind: "folder", folder: ofProject }).description, "project vision");
    assert.match(
      lookOf({ kind: "folder", folder: { ...folder, permission: "wd" } }).tooltip,
      /read, write and delete/,
    );
    assert.match(lookOf({ kind: "folder", folder: { ...folder, permission: "new" } }).tooltip, /You may new/);
  });

  it("of files tell their size, and where new things go", () => {
    const [file] = entryRows(folder, "in", [entry("a.txt")]);
    const [directory] = entryRows(folder, "in", [entry("sub", "directory")]);
    assert.ok(file && directory);
    assert.deepEqual([lookOf(file).description, lookOf(file).contextValue], ["1.2 kB", "file.rw"]);
    assert.deepEqual([directoryOf(file), directoryOf(directory)], ["in", "in/sub"]);
    assert.equal(directoryOf({ kind: "folder", folder }), "");
    assert.equal(lookOf(directory).isUnfoldable, true);
  });
});
