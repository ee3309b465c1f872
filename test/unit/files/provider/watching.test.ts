import assert from "node:assert/strict";
import { ChangeBatch, type PlaceChange } from "../../../../src/files/provider/changeBatch.js";
import { PollingWatcher } from "../../../../src/files/provider/watching/pollingWatcher.js";
import { watchTargets } from "../../../../src/files/provider/watching/watchTargets.js";
import { until } from "../../../support/until.js";
import { withFileSystem } from "./support/fileSystemTarget.js";

describe("Watching a session's files", function () {
  this.timeout(120_000);
  const target = withFileSystem();
  const run = async (script: string): Promise<string> => target.run(script);
  let isAwake: boolean;
  let watcher: PollingWatcher | undefined;
  const heard: string[] = [];

  beforeEach(() => {
    isAwake = true;
    heard.splice(0);
    target.system.onDidChange(({ changes }) =>
      heard.push(...changes.map(({ path, kind }) => `${kind} ${path.slice(target.folder.length + 1)}`)),
    );
  });
  afterEach(() => watcher?.dispose());

  const watch = (name: string, isRecursive: boolean, excludes: readonly string[] = []): void => {
    watcher = new PollingWatcher({ views: target.system.views, isAwake: () => isAwake }, 50);
    watcher.add({ place: target.place(name), isRecursive, excludes });
  };
  const hears = async (what: string): Promise<void> => {
    await until(what, () => heard.includes(what));
  };

  it("tells of changes in folders that were read, and asks for no others", async () => {
    await run("mkdir -p read unread; printf 1 > read/a; printf 1 > unread/b");
    await target.system.list(target.place(""));
    await target.system.list(target.place("read"));
    target.access.asked.splice(0);
    watch("", true);
    await run("printf 22 > read/a; printf 22 > unread/b; printf 1 > new");
    await hears("changed read/a");
    await hears("created new");
    await run("rm read/a");
    await hears("deleted read/a");
    const folders = new Set(target.access.asked);
    assert.deepEqual([...folders].sort(), [`list ${target.folder}`, `list ${target.folder}/read`]);
  });

  it("tells of a file that is watched by itself", async () => {
    await run("printf 1 > a");
    await target.system.stat(target.place("a"));
    watch("a", false);
    await run("printf 22 > a");
    await hears("changed a");
  });

  it("asks for nothing while nobody looks, and at once when somebody looks again", async () => {
    await run("printf 1 > a");
    await target.system.list(target.place(""));
    isAwake = false;
    target.access.asked.splice(0);
    watch("", true);
    await run("printf 22 > a");
    assert.deepEqual(target.access.asked, []);
    isAwake = true;
    watcher?.wake();
    await hears("changed a");
  });

  it("asks less often while nothing changes", async () => {
    await target.system.list(target.place(""));
    target.access.asked.splice(0);
    watch("", true);
    const times: number[] = [];
    const looks = async (count: number): Promise<void> => {
      await until(`${count} looks`, () => {
        while (times.length < target.access.asked.length) {
          times.push(performance.now());
        }
        return times.length >= count;
      });
    };
    await looks(2);
    await looks(4);
    const [first = 0, second = 0] = times;
    const [third = 0, fourth = 0] = times.slice(2);
    assert.ok(fourth - third > second - first || second - first > 300, times.join()); // a slow machine waits by its answers
  });

  it("leaves out what is excluded, and asks for no more than a hundred folders", async () => {
    await run("mkdir -p node_modules/x/y src; for i in $(seq 120); do mkdir -p many/$i; done");
    for (const name of ["", "src", "node_modules", "node_modules/x", "node_modules/x/y"]) {
      await target.system.list(target.place(name));
    }
    const view = await target.system.views.get(target.place(""));
    const watched = { place: target.place(""), isRecursive: true, excludes: ["**/node_modules/*/**"] };
    const names = watchTargets(view, [watched]).folders.map((path) => path.slice(target.folder.length));
    assert.deepEqual(names.sort(), ["", "/node_modules", "/src"]);
    await Promise.all(
      Array.from({ length: 120 }, async (_, index) => target.system.list(target.place(`many/${index + 1}`))),
    );
    assert.equal(watchTargets(view, [watched]).folders.length, 100);
  });

  it("gathers changes, and tells of each place once", async () => {
    const batch = new ChangeBatch();
    const batches: (readonly PlaceChange[])[] = [];
    batch.onDidGather((changes) => batches.push(changes));
    const kinds = {
      a: ["created", "changed"],
      b: ["created", "deleted"],
      c: ["deleted", "created"],
      d: ["changed", "deleted"],
    } as const;
    for (const [name, [first, second]] of Object.entries(kinds)) {
      batch.add({ place: target.place(name), kind: first });
      batch.add({ place: target.place(name), kind: second });
    }
    await until("the batch", () => batches.length > 0);
    batch.dispose();
    assert.deepEqual(
      batches.map((changes) => changes.map(({ place, kind }) => `${kind} ${place.path.at(-1) ?? ""}`)),
      [["created a", "changed c", "deleted d"]],
    );
  });
});
