import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { silentLogger } from "../../../src/base/logger.js";
import { openDataDir } from "../../../src/engine/dataDir.js";
import { clearTree, removeTree } from "../../../src/engine/removeTree.js";

/** Root may write everywhere: there the work is done with the rights of an ordinary user. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) {
    return work();
  }
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** A tree as a module cache leaves it, inside `parent`. */
async function readOnlyTree(parent: string): Promise<string> {
  const tree = path.join(parent, "cache");
  await mkdir(path.join(tree, "module/src"), { recursive: true });
  await writeFile(path.join(tree, "module/src/a.go"), "package a", { mode: 0o444 });
  for (const inner of ["module/src", "module", "."]) {
    await chmod(path.join(tree, inner), 0o555);
  }
  return tree;
}

describe("engine removal of files", () => {
  it("removes read-only directories, and follows no links", async () => {
    await asOrdinaryUser(async () => {
      const parent = await mkdtemp(path.join(tmpdir(), "engine-remove-"));
      const tree = await readOnlyTree(parent);
      const elsewhere = path.join(parent, "elsewhere");
      await mkdir(elsewhere, { mode: 0o500 });
      await chmod(tree, 0o755);
      await symlink(elsewhere, path.join(tree, "link"));
      await chmod(tree, 0o555);
      await removeTree(tree);
      assert.equal(existsSync(tree), false);
      await assert.rejects(writeFile(path.join(elsewhere, "x"), ""), /EACCES/);
      await removeTree(parent);
      await removeTree(parent); // a missing one is fine
    });
  });

  it("only logs what cannot be removed even so", async () => {
    const parent = await mkdtemp(path.join(tmpdir(), "engine-remove-"));
    const warnings: string[] = [];
    await clearTree(path.join(parent, "bad\0name"), {
      ...silentLogger,
      warn: (message) => warnings.push(message),
    });
    assert.match(warnings.join(""), /files are left in/);
    await removeTree(parent);
  });

  it("removes a temporary data directory with read-only files of sessions", async () => {
    await asOrdinaryUser(async () => {
      const data = await openDataDir(undefined, silentLogger);
      await readOnlyTree(data.sessions);
      await data.remove();
      assert.equal(existsSync(data.root), false);
    });
  });
});
