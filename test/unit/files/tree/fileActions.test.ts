import assert from "node:assert/strict";
import { nameBeside, nameProblem } from "../../../../src/files/fileNames.js";
import { FileActions, forEachPath, topmost } from "../../../../src/files/tree/fileActions.js";
import { withFiles } from "../support/filesTarget.js";

describe("FileActions", function () {
  this.timeout(60_000);
  const at = withFiles();
  const { signal } = new AbortController();
  let actions: FileActions;
  let folder: string;

  beforeEach(async () => {
    actions = new FileActions(at.access, { signal });
    folder = await at.folder();
  });

  const found = async (): Promise<string[]> =>
    (await at.run(`cd '${folder}' && find . -mindepth 1 | sort`)).trim().split("\n");

  it("makes files and folders, and never in place of what is there", async () => {
    await actions.newFolder(folder, "new folder");
    assert.equal(await actions.newFile(`${folder}/new folder`, "a.py"), `${folder}/new folder/a.py`);
    await at.run(`echo precious > '${folder}/old'`);
    await assert.rejects(actions.newFile(folder, "old"), { failure: "exists" });
    await assert.rejects(actions.newFolder(folder, "old"), { failure: "exists" });
    await assert.rejects(actions.newFolder(folder, "new folder"), { failure: "exists" });
    assert.deepEqual(await found(), ["./new folder", "./new folder/a.py", "./old"]);
    assert.equal(await at.run(`cat '${folder}/old'`), "precious\n");
  });

  it("renames and moves, and leaves what is there", async () => {
    await at.run(
      `cd '${folder}' && mkdir from to && echo one > from/a && echo two > to/b && echo three > from/b`,
    );
    assert.equal(await actions.rename(`${folder}/from/a`, "c"), `${folder}/from/c`);
    assert.equal(await actions.moveInto(`${folder}/from/c`, `${folder}/to`), `${folder}/to/c`);
    await assert.rejects(actions.moveInto(`${folder}/from/b`, `${folder}/to`), { failure: "exists" });
    await assert.rejects(actions.moveInto(`${folder}/from`, `${folder}/from/deeper`), { failure: "invalid" });
    assert.equal(await at.run(`cd '${folder}' && cat to/b to/c from/b`), "two\none\nthree\n");
  });

  it("removes folders with all that is in them, and of links nothing but the link", async () => {
    await at.run(
      `cd '${folder}' && mkdir -p keep/inside gone/deep && touch keep/inside/x gone/deep/y && ln -s ../keep gone/link && ln -s keep link`,
    );
    assert.equal(await actions.countOf(`${folder}/gone`), 2);
    await forEachPath([`${folder}/gone`, `${folder}/link`], (path) => actions.remove(path), { signal });
    assert.deepEqual(await found(), ["./keep", "./keep/inside", "./keep/inside/x"]);
  });

  it("goes on after a failure, and says how many there were", async () => {
    await at.run(`cd '${folder}' && touch a b`);
    const paths = [`${folder}/a`, `${folder}/missing`, `${folder}/b`, `${folder}/gone`];
    await assert.rejects(
      forEachPath(paths, (path) => actions.remove(path), { signal }),
      /^FileAccessError: 2 of 4 could not be done\. The first: .*missing/,
    );
    assert.deepEqual(await found(), [""]);
  });
});

describe("names of files", () => {
  const beside: readonly [name: string, taken: readonly string[], expected: string][] = [
    ["a.txt", [], "a (1).txt"],
    ["a.txt", ["a (1).txt", "a (2).txt"], "a (3).txt"],
    ["data.tar.gz", [], "data (1).tar.gz"],
    ["Makefile", [], "Makefile (1)"],
    [".env", [], ".env (1)"],
    [".env.local", [], ".env (1).local"],
    ["v1.2 final notes", [], "v1.2 final notes (1)"],
    [`${"é".repeat(126)}.py`, [], `${"é".repeat(124)} (1).py`],
  ];
  for (const [name, taken, expected] of beside) {
    it(`puts ${expected.slice(-20)} beside ${name.slice(-20)}`, () => {
      const result = nameBeside(name, (other) => taken.includes(other));
      assert.equal(result, expected);
      assert.ok(Buffer.byteLength(result) <= 255);
    });
  }

  it("refuses what is no name", () => {
    for (const name of ["", " ", "a/b", "a\0", ".", "..", "é".repeat(128)]) {
      assert.ok(nameProblem(name), JSON.stringify(name));
    }
    for (const name of ["a", "…", " a", "é".repeat(127), "con", "#%?"]) {
      assert.equal(nameProblem(name), undefined, name);
    }
  });

  it("leaves out paths that are inside others", () => {
    assert.deepEqual(topmost(["/a/b", "/a", "/ab", "/c/d/e", "/c/d", "/a"]), ["/a", "/ab", "/c/d"]);
  });
});
