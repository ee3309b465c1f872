import assert from "node:assert/strict";
import type { FilePlace } from "../../../../src/files/filePlace.js";
import { FileAccessError } from "../../../../src/files/access/fileAccessError.js";
import { withFileSystem } from "./support/fileSystemTarget.js";

const any = { create: true, overwrite: true };

describe("Saving over a session's file", function () {
  this.timeout(120_000);
  const target = withFileSystem();
  const place = (name: string): FilePlace => target.place(name);
  const run = async (script: string): Promise<string> => target.run(script);

  /** Opens a document, and types into it. */
  const edit = async (name: string): Promise<void> => {
    await target.system.stat(place(name));
    await target.system.read(place(name));
    target.open.add(name);
    target.dirty.add(name);
  };
  /** As VS Code does: it looks first. */
  const save = async (name: string, content: string): Promise<void> => {
    await target.system.stat(place(name)).catch(() => undefined);
    await target.system.write(place(name), Buffer.from(content), any);
    target.dirty.delete(name);
  };
  const isChanged = (error: unknown): boolean =>
    error instanceof FileAccessError && error.failure === "changed";
  const kept = async (name: string): Promise<string[]> => {
    const contents = await target.previous.list(place(name));
    return Promise.all(
      contents.map(async ({ id }) => Buffer.from(await target.previous.read(place(name), id)).toString()),
    );
  };

  it("refuses to replace what somebody else wrote with the same size in the same second", async () => {
    await run("printf one > a.txt");
    await edit("a.txt");
    await run("cp -p a.txt time; printf two > a.txt; touch -r time a.txt");
    await assert.rejects(save("a.txt", "mine"), isChanged);
    assert.equal(await run("cat a.txt"), "two");
  });

  it("replaces it once the person has agreed to just that content", async () => {
    await run("printf one > a.txt");
    await edit("a.txt");
    await run("printf two > a.txt");
    await assert.rejects(save("a.txt", "mine"), isChanged);
    await target.system.agreeToOverwrite(place("a.txt"));
    await run("printf six > a.txt");
    await assert.rejects(save("a.txt", "mine"), isChanged);
    await target.system.agreeToOverwrite(place("a.txt"));
    await save("a.txt", "mine");
    assert.equal(await run("cat a.txt"), "mine");
    assert.deepEqual(await kept("a.txt"), ["six"]);
  });

  it("leaves changes of another size to VS Code, which has asked already", async () => {
    await run("printf one > a.txt");
    await edit("a.txt");
    await run("printf three > a.txt");
    await save("a.txt", "mine");
    assert.equal(await run("cat a.txt"), "mine");
    assert.deepEqual(await kept("a.txt"), ["three"]);
  });

  it("does not mind a file that was only touched, or that was read meanwhile by others", async () => {
    await run("printf one > a.txt");
    await edit("a.txt");
    await run("touch -d '+1 hour' a.txt");
    await save("a.txt", "two");
    target.dirty.add("a.txt");
    await target.system.read(place("a.txt"));
    await save("a.txt", "three");
    assert.equal(await run("cat a.txt"), "three");
  });

  it("does not take what a search read for what the editor has", async () => {
    await run("printf one > a.txt");
    await edit("a.txt");
    await run("printf two > a.txt");
    await target.system.read(place("a.txt"));
    await assert.rejects(save("a.txt", "mine"), isChanged);
  });

  it("takes it once the editor was reverted to it", async () => {
    await run("printf one > a.txt");
    await edit("a.txt");
    await run("printf two > a.txt");
    await target.system.read(place("a.txt"));
    target.dirty.delete("a.txt");
    target.system.settle(place("a.txt"));
    await save("a.txt", "two, and more");
    assert.equal(await run("cat a.txt"), "two, and more");
  });

  it("saves a file that is gone, and one that is new", async () => {
    await run("printf one > a.txt");
    await edit("a.txt");
    await run("rm a.txt");
    await save("a.txt", "again");
    await save("b.txt", "new");
    assert.equal(await run("cat a.txt b.txt"), "againnew");
  });

  it("lets extensions write over anything, and keeps it", async () => {
    await run("printf one > a.txt");
    await target.system.read(place("a.txt"));
    await run("printf two > a.txt");
    await target.system.write(place("a.txt"), Buffer.from("written"), any);
    assert.equal(await run("cat a.txt"), "written");
    assert.deepEqual(await kept("a.txt"), ["two"]);
  });

  it("keeps what is replaced: by saves, by renames, by copies, and by VS Code's way of removing it first", async () => {
    for (const content of ["one", "two", "two", "three"]) {
      await target.system.write(place("a.txt"), Buffer.from(content), any);
    }
    assert.deepEqual(await kept("a.txt"), ["two", "one"]);
    await run("printf other > b.txt");
    await target.system.rename(place("b.txt"), place("a.txt"), true);
    await run("printf last > c.txt");
    await target.system.copy(place("c.txt"), place("a.txt"), true);
    await target.system.remove(place("a.txt"), false);
    assert.deepEqual(await kept("a.txt"), ["last", "other", "three", "two", "one"]);
    assert.deepEqual(
      (await target.previous.places()).map(({ path }) => path),
      [place("a.txt").path],
    );
  });

  it("keeps twenty contents of a file", async () => {
    for (let count = 0; count < 25; count += 1) {
      await target.previous.keep(place("a.txt"), Buffer.from(String(count)));
    }
    const contents = await kept("a.txt");
    assert.deepEqual([contents.length, contents[0], contents.at(-1)], [20, "24", "5"]);
  });

  it("keeps mode and link of what it writes", async () => {
    await run("printf one > run.sh; chmod 750 run.sh; ln -s run.sh link.sh");
    await edit("link.sh");
    await save("link.sh", "two");
    assert.equal((await run("stat -c %a run.sh; readlink link.sh; cat run.sh")).trim(), "750\nrun.sh\ntwo");
  });
});
