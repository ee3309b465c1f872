import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import path from "node:path";
import { findFiles, type Selection } from "../../../../src/run/project/select/findFiles.js";
import { compileGlobs } from "../../../../src/run/project/select/globs.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { diskFolder, writeTree } from "./support/diskFolder.js";

const { signal } = new AbortController();

describe("findFiles", () => {
  const newFolder = temporaryFolders();

  const found = async (root: string, selection: Partial<Selection>): Promise<readonly string[]> =>
    (await findFiles(diskFolder(root), { include: ["**"], exclude: [], ...selection }, signal)).paths;

  it("finds what is included and not excluded", async () => {
    const root = await newFolder();
    const tree = ["main.py", "lib/a.py", "lib/deep/b.py", "lib/notes.txt", "data/x.csv", ".hidden/c.py"];
    const heavy = [".git/config", "node_modules/m/index.js", "lib/__pycache__/a.pyc"];
    await writeTree(root, Object.fromEntries([...tree, ...heavy].map((file) => [file, file])));
    const exclude = ["**/.git/**", "**/node_modules", "**/__pycache__/"];
    assert.deepEqual(await found(root, { exclude }), [...tree].sort());
    assert.deepEqual(await found(root, { include: ["lib"], exclude }), [
      "lib/a.py",
      "lib/deep/b.py",
      "lib/notes.txt",
    ]);
    assert.deepEqual(await found(root, { include: ["**/*.py"], exclude: ["lib/deep"] }), [
      ".hidden/c.py",
      "lib/a.py",
      "main.py",
    ]);
    assert.deepEqual(await found(root, { include: ["./lib/*.{py,txt}", "/data/"] }), [
      "data/x.csv",
      "lib/a.py",
      "lib/notes.txt",
    ]);
    assert.deepEqual(await found(root, { include: [] }), []);
  });

  it("leaves alone what git leaves alone, with lists in folders and exceptions", async () => {
    const root = await newFolder();
    await writeTree(root, {
      ".gitignore": "*.log\n/build/\nsecret.*\n!keep.log\ncache/\n# *.py\n\\#odd\ndata/**/*.bin\n*.tmp",
      "main.py": "",
      "a.log": "",
      "keep.log": "",
      "#odd": "",
      "build/out.o": "",
      "src/build/kept.o": "",
      "src/.gitignore": "!debug.log\n/local\n!cache/\n*.gen.*\n",
      "src/debug.log": "",
      "src/other.log": "",
      "src/local/x": "",
      "src/deep/local/x": "",
      "src/cache/kept": "",
      "src/cache/x.tmp": "",
      "src/x.gen.ts": "",
      "src/deep/.gitignore": "!x.gen.ts\nsecret.key\n",
      "src/deep/x.gen.ts": "",
      "src/deep/secret.key": "",
      "cache/x": "",
      "secret.txt": "",
      "data/a/b/c.bin": "",
      "data/a/b/c.txt": "",
      "Upper.LOG": "",
      "empty/.gitignore": "*\n!.gitignore\n",
      "empty/x": "",
    });
    const git = (...args: readonly string[]): string =>
      execFileSync("git", args, { cwd: root, encoding: "utf8" });
    git("init", "--quiet");
    const expected = git(
      "-c",
      "core.excludesFile=/dev/null",
      "ls-files",
      "--others",
      "--exclude-standard",
      "-z",
    );
    const paths = await found(root, { exclude: ["**/.git/**"] });
    assert.deepEqual(
      paths,
      expected
        .split("\0")
        .filter((file) => file !== "")
        .sort(),
    );
    assert.ok(paths.includes("src/cache/kept"), "an exception below");
  });

  it("does not look into what can't have anything", async () => {
    const root = await newFolder();
    await writeTree(root, { "src/a.py": "", "big/b.py": "", "ignored/c.py": "", ".gitignore": "ignored" });
    const folder = diskFolder(root);
    const listed: string[] = [];
    const list: typeof folder.list = async (at) => {
      listed.push(at);
      return folder.list(at);
    };
    await findFiles({ ...folder, list }, { include: ["src/**/*.py", "ignored/**"], exclude: [] }, signal);
    assert.deepEqual(listed.sort(), ["", "src"]);
  });

  it("tells of links and of what it can't read, and follows no link", async () => {
    const root = await newFolder();
    const other = await newFolder();
    await writeTree(other, { "private.txt": "" });
    await writeTree(root, { "a.txt": "", "folder/b.txt": "" });
    await symlink(path.join(other, "private.txt"), path.join(root, "link.txt"));
    await symlink(other, path.join(root, "linked"));
    const folder = diskFolder(root);
    const list: typeof folder.list = async (at) =>
      at === "folder" ? Promise.reject(new Error("no rights")) : folder.list(at);
    assert.deepEqual(await findFiles({ ...folder, list }, { include: ["**"], exclude: [] }, signal), {
      paths: ["a.txt"],
      links: ["link.txt", "linked"],
      unreadable: ["folder/"],
    });
  });

  it("gives up where there is far too much, and says where", async () => {
    const names = Array.from({ length: 30_000 }, (_, index) => ({ name: `${index}`, kind: "file" as const }));
    const top = ["few", "data", "more"].map((name) => ({ name, kind: "folder" as const }));
    const folder = {
      ...diskFolder("/nowhere"),
      list: (at: string) => Promise.resolve(at === "" ? top : at === "few" ? names.slice(0, 10) : names),
    };
    await assert.rejects(findFiles(folder, { include: ["**"], exclude: [] }, signal), {
      code: "CONFIGURATION",
      setting: "backendai.run.exclude",
      message:
        /^There are more than 50,000 files and folders to look through, most of them in (data|more)\/\./,
    });
  });

  it("stops when it is told to", async () => {
    const root = await newFolder();
    await assert.rejects(findFiles(diskFolder(root), { include: ["**"], exclude: [] }, AbortSignal.abort()), {
      name: "AbortError",
    });
  });
});

describe("compileGlobs", () => {
  it("takes a name for the folder of that name, also a hidden one", () => {
    const globs = compileGlobs(["**/.git/**", "docs/", "!odd", ""]);
    const of = (paths: readonly string[]): boolean[] => paths.map((path) => globs.matches(path));
    assert.deepEqual(of([".git", "a/.git", "a/.git/x", "docs", "docs/a/.b", "!odd"]), Array(6).fill(true));
    assert.deepEqual(of(["git", "a/docs", "docs2", "odd", ".gitignore", "x"]), Array(6).fill(false));
  });
});
