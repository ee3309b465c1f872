import assert from "node:assert/strict";
import type { FilePlace } from "../../../../src/files/filePlace.js";
import { FileAccessError, type FileFailure } from "../../../../src/files/access/fileAccessError.js";
import { fileErrorOf } from "../../../../src/files/provider/fileErrors.js";
import type { PathChange } from "../../../../src/files/provider/directoryCache.js";
import { until } from "../../../support/until.js";
import { withFileSystem } from "./support/fileSystemTarget.js";

const file = 1;
const folder = 2;
const link = 64;
const any = { create: true, overwrite: true };

describe("SessionFileSystem", function () {
  this.timeout(120_000);
  const target = withFileSystem();
  const place = (name: string): FilePlace => target.place(name);
  const run = async (script: string): Promise<string> => target.run(script);

  const text = async (name: string): Promise<string> =>
    Buffer.from(await target.system.read(place(name))).toString();
  const write = async (name: string, content: string, options = any): Promise<void> =>
    target.system.write(place(name), Buffer.from(content), options);
  const fails = async (work: Promise<unknown>, failure: FileFailure): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof FileAccessError, String(error));
      assert.equal(error.failure, failure, error.message);
      return true;
    });
  const changes = (): PathChange[] => {
    const heard: PathChange[] = [];
    target.system.onDidChange((event) => heard.push(...event.changes));
    return heard;
  };
  /** Until the next look at a folder is a new one. */
  const forget = async (): Promise<void> => (await target.system.views.get(place(""))).cache.expire("/");

  it("tells type, size and time of files, folders and links", async () => {
    await run(
      "printf 12345 > a.txt; mkdir sub; ln -s a.txt to-file; ln -s sub to-folder; ln -s gone to-nothing",
    );
    const types = Object.fromEntries(await target.system.list(place("")));
    const expected = {
      "a.txt": file,
      sub: folder,
      "to-file": file | link,
      "to-folder": folder | link,
      "to-nothing": link,
    };
    assert.deepEqual(Object.entries(types).sort(), Object.entries(expected).sort());
    const { type, size, mtime } = await target.system.stat(place("a.txt"));
    assert.deepEqual({ type, size }, { type: file, size: 5 });
    const seconds = Number(await run("stat -c %Y a.txt"));
    assert.equal(Math.floor(mtime / 1000), seconds);
    assert.equal((await target.system.stat(place("to-folder"))).type, folder | link);
  });

  it("reads, writes, makes, renames, copies and removes", async () => {
    await write("a.txt", "one");
    assert.equal(await text("a.txt"), "one");
    await target.system.createDirectory(place("sub"));
    await target.system.rename(place("a.txt"), place("sub/b.txt"), false);
    assert.equal(await run("cat sub/b.txt; ls"), "onesub\n");
    await target.system.copy(place("sub"), place("other"), false);
    assert.equal(await run("cat other/b.txt"), "one");
    await target.system.remove(place("sub"), true);
    assert.equal(await run("ls"), "other\n");
    await target.system.remove(place("other/b.txt"), false);
    assert.equal(await run("ls other"), "");
    assert.deepEqual(await target.system.list(place("")), [["other", folder]]);
  });

  it("says what is wrong, as VS Code knows it", async () => {
    await write("a.txt", "one");
    await target.system.createDirectory(place("sub"));
    await write("sub/b", "");
    await fails(target.system.stat(place("gone.txt")), "notFound");
    await fails(target.system.read(place("gone.txt")), "notFound");
    await fails(target.system.list(place("gone")), "notFound");
    await fails(target.system.read(place("sub")), "isADirectory");
    await fails(write("gone.txt", "", { create: false, overwrite: true }), "notFound");
    await fails(write("a.txt", "", { create: true, overwrite: false }), "exists");
    await fails(write("sub", ""), "isADirectory");
    await fails(target.system.rename(place("a.txt"), place("sub/b"), false), "exists");
    await fails(target.system.copy(place("sub"), place("sub/sub"), false), "invalid");
    assert.equal(await text("a.txt"), "one");
    const kinds = (
      ["notFound", "exists", "isADirectory", "notADirectory", "permissionDenied", "full"] as const
    ).map((failure) => fileErrorOf(new FileAccessError(failure, "/x", "words")).kind);
    assert.deepEqual(kinds, [
      "FileNotFound",
      "FileExists",
      "FileIsADirectory",
      "FileNotADirectory",
      "NoPermissions",
      "Unavailable",
    ]);
    assert.equal(
      fileErrorOf(new FileAccessError("full", "/x", "The disk is full.")).message,
      "The disk is full.",
    );
  });

  it("refuses what is no file", async () => {
    await run("mkfifo pipe");
    await fails(target.system.read(place("pipe")), "invalid");
  });

  it("tells a later time for each change, also within one second and for times that are set back", async () => {
    const times: number[] = [];
    for (const content of ["one", "two", "six"]) {
      await write("a.txt", content);
      times.push((await target.system.stat(place("a.txt"))).mtime);
    }
    await run("printf longer > a.txt; touch -d '2001-01-01' a.txt");
    await forget();
    times.push((await target.system.stat(place("a.txt"))).mtime);
    times.push((await target.system.stat(place("a.txt"))).mtime);
    assert.deepEqual(
      times.map((time, index) => time - (times[index - 1] ?? 0) > 0),
      [true, true, true, true, false],
    );
    assert.equal(times[3], times[4]);
  });

  it("names what the session's user may not write", async () => {
    await run("printf x > own.txt; chmod 444 own.txt; printf x > free.txt; mkdir shut; chmod 555 shut");
    const readonly = await Promise.all(
      ["own.txt", "free.txt", "shut"].map(async (name) => (await target.system.stat(place(name))).isReadonly),
    );
    const isRoot = (await run("id -u")).trim() === "0";
    assert.deepEqual(readonly, isRoot ? [false, false, false] : [true, false, true]);
    if (target.at.isReal) {
      const passwd = { ...place(""), path: "/etc/passwd" }; // the engine shows what is below its own folder alone
      assert.equal((await target.system.stat(passwd)).isReadonly, !isRoot);
    }
  });

  it("asks once for a folder, whatever VS Code wants to know of it", async () => {
    await run("mkdir src; for i in $(seq 50); do printf $i > src/f$i.py; done");
    await target.system.stat(place("")); // also who the user is
    target.access.asked.splice(0);
    const names = (await target.system.list(place("src"))).map(([name]) => name);
    await Promise.all(names.map(async (name) => target.system.stat(place(`src/${name}`))));
    assert.equal(names.length, 50);
    await Promise.all([target.system.list(place("src")), target.system.stat(place("src/f1.py"))]);
    assert.deepEqual(target.access.asked, [`list ${target.folder}/src`]);
  });

  it("asks anew where somebody comes to choose what a program may just have written", async () => {
    await target.system.list(place(""));
    await run("printf x > result.csv");
    const names = (await target.system.list(place(""), true)).map(([name]) => name);
    assert.ok(names.includes("result.csv"), names.join());
  });

  it("answers for settings, repositories and manifests from the listing", async () => {
    await run("printf x > main.py; mkdir .vscode; printf '{}' > .vscode/settings.json");
    await target.system.list(place(""));
    target.access.asked.splice(0);
    for (const name of [
      ".git",
      ".git/config",
      ".gitignore",
      "package.json",
      "node_modules/x/y",
      "tsconfig.json",
    ]) {
      await fails(target.system.stat(place(name)), "notFound");
    }
    await fails(target.system.list(place(".git")), "notFound");
    assert.equal(target.access.asked.length, 0, target.access.asked.join());
    const wanted = ["settings.json", "tasks.json", "launch.json", "mcp.json"].map(
      (name) => `.vscode/${name}`,
    );
    const found = await Promise.allSettled(wanted.map(async (name) => target.system.stat(place(name))));
    assert.deepEqual(
      found.map(({ status }) => status),
      ["fulfilled", "rejected", "rejected", "rejected"],
    );
    assert.equal(target.access.asked.filter((what) => what.startsWith("list")).length, 1);
    await run("mkdir .git");
    await until("the listing to be forgotten", async () =>
      target.system.stat(place(".git")).catch(() => undefined),
    );
  });

  it("asks anew after what was done from here", async () => {
    await target.system.list(place(""));
    await write("new.py", "x");
    assert.deepEqual(await target.system.list(place("")), [["new.py", file]]);
    await target.system.remove(place("new.py"), false);
    assert.deepEqual(await target.system.list(place("")), []);
    await write(".gitignore", "x");
    assert.equal((await target.system.stat(place(".gitignore"))).size, 1);
  });

  it("finds at once a file that a program has just written", async () => {
    await target.system.list(place(""));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await run("printf abc > out.csv");
    assert.equal((await target.system.stat(place("out.csv"))).size, 3);
  });

  it("tells what others did at the next look, and what was done from here once", async () => {
    await run("printf 1 > a; printf 1 > b; mkdir sub; printf 1 > sub/c");
    await target.system.list(place(""));
    await target.system.list(place("sub"));
    const heard = changes();
    await write("mine", "x");
    await run("rm a; printf 22 > b; rm -r sub; printf 1 > d");
    await target.system.list(place(""));
    await target.system.list(place(""));
    assert.deepEqual(
      heard.map(({ path, kind }) => `${kind} ${path.slice(target.folder.length + 1)}`).sort(),
      ["changed b", "created d", "created mine", "deleted a", "deleted sub"],
    );
  });

  it("tells VS Code when a file is not as it was told any more", async () => {
    await write("log.txt", "one");
    await target.system.stat(place("log.txt"));
    const heard = changes();
    await run("printf two-three > log.txt");
    assert.equal(await text("log.txt"), "two-three");
    assert.deepEqual(heard, [{ path: `${target.folder}/log.txt`, kind: "changed" }]);
  });

  it("gives parts of a file that is too large to be had whole, and says so", async () => {
    await run("head -c 3000000 /dev/zero | tr '\\0' x > big; printf END >> big");
    target.limit.bytes = 1_000_000;
    const refused: string[] = [];
    target.system.onDidRefuse(({ error }) => refused.push(error.message));
    await fails(target.system.read(place("big")), "tooLarge");
    assert.deepEqual(refused, [
      `${target.folder}/big has 3.0 MB, more than the 1.0 MB that are opened at once.`,
    ]);
    const { size } = await target.system.stat(place("big"));
    assert.equal(Buffer.from(await target.system.readPart(place("big"), size - 4, size)).toString(), "xEND");
    assert.equal((await target.system.readPart(place("big"), 0, 100_000)).byteLength, 100_000);
    target.limit.bytes = 4_000_000;
    assert.equal((await target.system.read(place("big"))).byteLength, 3_000_003);
  });

  it("takes names as they are", async () => {
    const names = [
      "with space",
      "quote'\"",
      "hash#percent%20",
      "new\nline",
      "Äpfel",
      "A\u0308pfel",
      "猫".repeat(85),
      "-rf",
      "$(x)`",
    ];
    for (const name of names) {
      await write(name, name);
    }
    assert.deepEqual((await target.system.list(place(""))).map(([name]) => name).sort(), [...names].sort());
    for (const name of names) {
      assert.equal(await text(name), name);
      await target.system.remove(place(name), false);
    }
    assert.equal(await run("ls -A"), "");
  });
});
