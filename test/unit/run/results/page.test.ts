import assert from "node:assert/strict";
import type { RunEvent } from "../../../../src/api/index.js";
import { parsePageMessage } from "../../../../src/run/results/page/pageMessage.js";
import { PageMirror, type Patch } from "../../../../src/run/results/page/pageMirror.js";
import { resultLimits } from "../../../../src/run/results/resultLimits.js";
import { ResultStore } from "../../../../src/run/results/resultStore.js";

const title = { title: "a.py", where: "s-1 on test" };
const html = (text: string): RunEvent => ({ type: "html", html: text });

function names(patches: readonly Patch[]): string[] {
  return patches.map(({ op, key }) => `${op} ${key}`);
}

describe("PageMirror", () => {
  it("says what is new, once", () => {
    const store = new ResultStore();
    const mirror = new PageMirror(store);
    assert.deepEqual(names(mirror.next(1e6)), ["put dropped"]);
    const run = store.begin(title);
    run.add({ type: "output", stream: "stdout", text: "one\n" });
    assert.deepEqual(mirror.next(1e6), []);
    run.add(html("x"));
    assert.deepEqual(names(mirror.next(1e6)), [
      "put r1",
      "put r1.head",
      "put r1.cut",
      "put r1.1",
      "put r1.2",
    ]);
    assert.deepEqual(mirror.next(1e6), []);
    run.end("done");
    assert.deepEqual(names(mirror.next(1e6)), ["put r1.head"]);
  });

  it("draws text that grows anew, and nothing else", () => {
    const store = new ResultStore();
    const mirror = new PageMirror(store);
    const run = store.begin(title);
    run.add(html("x"));
    run.add({ type: "output", stream: "stdout", text: "one\n" });
    mirror.next(1e6);
    run.add({ type: "output", stream: "stdout", text: "two\n" });
    const [patch, ...others] = mirror.next(1e6);
    assert.deepEqual(others, []);
    assert.deepEqual(patch, {
      op: "put",
      key: "r1.2",
      into: "r1.items",
      html: `<pre class="text stdout" data-key="r1.2">one\ntwo\n</pre>`,
    });
  });

  it("takes away what was dropped, and says how much", () => {
    const store = new ResultStore({ ...resultLimits, runs: 1, items: 2 });
    const mirror = new PageMirror(store);
    const first = store.begin(title);
    first.add(html("x"));
    first.end("done");
    mirror.next(1e6);
    const second = store.begin(title);
    for (const text of ["a", "b", "c"]) {
      second.add(html(text));
    }
    const patches = mirror.next(1e6);
    assert.deepEqual(names(patches).slice(0, 4), [
      "remove r1",
      "remove r1.head",
      "remove r1.cut",
      "remove r1.1",
    ]);
    const text = patches.map((patch) => (patch.op === "put" ? patch.html : "")).join("");
    assert.match(text, /results of 1 earlier run were dropped/);
    assert.match(text, /Not kept: its first result\./);
  });

  it("hands out much in parts, and all again to a new page", () => {
    const store = new ResultStore();
    const mirror = new PageMirror(store);
    const run = store.begin(title);
    for (let count = 0; count < 5; count++) {
      run.add(html("x".repeat(1000)));
    }
    const drain = (): string[] => {
      const all: string[] = [];
      for (let part = mirror.next(2000); part.length > 0; part = mirror.next(2000)) {
        assert.ok(part.length < 6);
        all.push(...names(part));
      }
      return all;
    };
    const first = drain();
    assert.equal(first.length, 9);
    assert.equal(new Set(first).size, 9);
    mirror.reset();
    assert.deepEqual(drain(), first);
  });
});

describe("parsePageMessage", () => {
  it("reads what the page says", () => {
    assert.deepEqual(parsePageMessage({ type: "ready" }), { type: "ready" });
    assert.deepEqual(parsePageMessage({ type: "save", key: "r3.5" }), { type: "save", run: 3, item: 5 });
    assert.deepEqual(parsePageMessage({ type: "export", key: "r3.head" }), { type: "export", run: 3 });
    const address = "https://example.com/a?b";
    assert.deepEqual(parsePageMessage({ type: "link", address }), { type: "link", address });
  });

  it("takes nothing else", () => {
    const wrong = [
      undefined,
      null,
      "ready",
      {},
      { type: "save", key: "r3" },
      { type: "save", key: "r3.head" },
      { type: "export", key: "../x" },
      { type: "export", key: 3 },
      { type: "link", address: "javascript:alert(1)" },
      { type: "link", address: "command:workbench.action.quit" },
      { type: "link", address: "file:///etc/passwd" },
      { type: "link" },
    ];
    assert.deepEqual(
      wrong.map(parsePageMessage),
      wrong.map(() => undefined),
    );
  });
});
