import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import path from "node:path";
import { projectFiles, type ProjectFiles } from "../../../../src/run/project/projectFiles.js";
import type { Selection } from "../../../../src/run/project/select/findFiles.js";
import { checkProjectSize } from "../../../../src/run/project/select/projectLimits.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { outgoing } from "../../files/support/uploadTarget.js";
import { diskFolder, writeTree } from "./support/diskFolder.js";

describe("projectFiles", () => {
  const newFolder = temporaryFolders();

  const filesFor = async (
    root: string | undefined,
    main: string,
    selection: Partial<Selection>,
  ): Promise<ProjectFiles> =>
    projectFiles({
      main: outgoing(main, "as in the editor"),
      folder: root === undefined ? undefined : diskFolder(root),
      selection: { include: [], exclude: [], ...selection },
      signal: new AbortController().signal,
    });

  const paths = ({ files }: ProjectFiles): string[] => files.map((file) => file.path);

  it("sends the file alone where nothing is included, or where it lies in no folder", async () => {
    const root = await newFolder();
    await writeTree(root, { "main.py": "on disk", "lib.py": "", ".gitignore": "main.py" });
    for (const result of [
      await filesFor(root, "main.py", {}),
      await filesFor(undefined, "main.py", { include: ["**"] }),
    ]) {
      assert.deepEqual([paths(result), result.warnings], [["main.py"], []]);
    }
  });

  it("sends the file as it is to run, first and once, and the others as they are on disk", async () => {
    const root = await newFolder();
    await writeTree(root, { "b/main.py": "on disk", "a/lib.py": "library", "z.txt": "z" });
    const { files, warnings } = await filesFor(root, "b/main.py", { include: ["**"] });
    assert.deepEqual(warnings, []);
    const contents = await Promise.all(files.map(async (file) => String(await file.read())));
    assert.deepEqual(
      files.map(({ path: at, size }, index) => [at, size, contents[index]]),
      [
        ["b/main.py", 16, "as in the editor"],
        ["a/lib.py", 7, "library"],
        ["z.txt", 1, "z"],
      ],
    );
  });

  it("warns when the file itself is left out by a setting or by git, or is only not included", async () => {
    const root = await newFolder();
    await writeTree(root, { "tmp/main.py": "", "local/x/main.py": "", "a.py": "", ".gitignore": "local/" });
    const selection = { include: ["*.py"], exclude: ["tmp"] };
    assert.deepEqual((await filesFor(root, "tmp/main.py", selection)).warnings, [
      "tmp/main.py travels because it is run, although “backendai.run.exclude” leaves it out.",
    ]);
    assert.deepEqual((await filesFor(root, "local/x/main.py", selection)).warnings, [
      "local/x/main.py travels because it is run, although .gitignore leaves it out.",
    ]);
    assert.deepEqual((await filesFor(root, "other/main.py", selection)).warnings, []);
  });

  it("warns of links, and names few of many", async () => {
    const root = await newFolder();
    await writeTree(root, { "main.py": "" });
    for (const name of ["l1", "l2", "l3", "l4", "l5"]) {
      await symlink("main.py", path.join(root, name));
    }
    assert.deepEqual((await filesFor(root, "main.py", { include: ["**"] })).warnings, [
      "Links don't travel: l1, l2, l3 and 2 more.",
    ]);
  });
});

describe("checkProjectSize", () => {
  const many = (folder: string, count: number, size: number): { path: string; size: number }[] =>
    Array.from({ length: count }, (_, index) => ({ path: `${folder}${index}`, size }));

  it("lets pass what is at the limit", () => {
    checkProjectSize([...many("src/", 1999, 10), { path: "model.bin", size: 256_000_000 - 19_990 }]);
  });

  it("names what is largest, and the settings", () => {
    const files = [
      ...many("src/", 40, 1000),
      ...many("data/raw/", 3, 100_000_000),
      { path: "m.bin", size: 5e6 },
    ];
    assert.throws(() => checkProjectSize(files), {
      code: "CONFIGURATION",
      message:
        "44 files with 305.0 MB would travel with this run; at most 2,000 files with 256.0 MB do. Most is in " +
        "data/ (3 files, 300.0 MB), m.bin (1 file, 5.0 MB), src/ (40 files, 40.0 kB). " +
        "Narrow “backendai.run.include”, or add to “backendai.run.exclude”.",
    });
  });

  it("names where most are when they are too many", () => {
    const files = [{ path: "m.bin", size: 5e6 }, ...many("cache/", 1500, 1), ...many("logs/", 600, 2)];
    assert.throws(
      () => checkProjectSize(files),
      /Most is in cache\/ \(1,500 files, 1.5 kB\), logs\/ \(600 files/,
    );
  });
});
