import assert from "node:assert/strict";
import type { RunEvent } from "../../../../src/api/index.js";
import { resultLimits } from "../../../../src/run/results/resultLimits.js";
import type { ResultItem } from "../../../../src/run/results/resultItem.js";
import { ResultStore } from "../../../../src/run/results/resultStore.js";
import type { RunResults } from "../../../../src/run/results/runResults.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { redPng } from "./pictures.js";

const title = { title: "a.py", where: "s-1 on test" };
const out = (text: string): RunEvent => ({ type: "output", stream: "stdout", text });
const html = (text: string): RunEvent => ({ type: "html", html: text });
const png: RunEvent = { type: "media", mimeType: "image/png", data: `data:image/png;base64,${redPng}` };

function kinds(run: RunResults): ResultItem["kind"][] {
  return run.items.map(({ kind }) => kind);
}

function textOf(run: RunResults): string {
  return run.items.map((item) => (item.kind === "text" ? item.text : "")).join("");
}

describe("ResultStore", () => {
  it("keeps text, pictures and HTML of a run in order, and joins text of one stream", () => {
    const run = new ResultStore().begin(title);
    for (const event of [out("one\n"), out("two\n"), png, html("<b>x</b>"), out("three\n")]) {
      run.add(event);
    }
    assert.deepEqual(kinds(run), ["text", "image", "html", "text"]);
    assert.equal(textOf(run), "one\ntwo\nthree\n");
    run.add({ type: "output", stream: "stderr", text: "bad\n" });
    assert.equal(kinds(run).length, 5);
  });

  it("shows a run from its first picture on, says so once, and forgets runs that only printed", () => {
    const store = new ResultStore();
    const opened: string[] = [];
    store.onDidOpen((run) => opened.push(run.title));
    const [silent, shown] = [store.begin({ ...title, title: "silent.py" }), store.begin(title)];
    silent.add(out("text"));
    shown.add(out("before"));
    assert.deepEqual(store.runs, []);
    shown.add(png);
    shown.add(png);
    assert.deepEqual(opened, ["a.py"]);
    assert.deepEqual(kinds(store.runs[0]!), ["text", "image", "image"]);
    silent.end("done");
    assert.equal(store.find(silent.id), undefined);
  });

  it("has the newest run first", () => {
    const store = new ResultStore();
    for (const name of ["first", "second"]) {
      store.begin({ ...title, title: name }).add(png);
    }
    assert.deepEqual(
      store.runs.map((run) => run.title),
      ["second", "first"],
    );
  });

  it("drops the oldest runs beyond a number, and tells how many", () => {
    const store = new ResultStore({ ...resultLimits, runs: 2 });
    for (const name of ["a", "b", "c", "d"]) {
      const run = store.begin({ ...title, title: name });
      run.add(png);
      run.end("done");
    }
    assert.deepEqual(
      store.runs.map((run) => run.title),
      ["d", "c"],
    );
    assert.equal(store.droppedRuns, 2);
  });

  it("stays under its total: earlier runs go first, then the oldest items of the one that is left", () => {
    const store = new ResultStore({ ...resultLimits, totalCharacters: 2500, itemCharacters: 1000 });
    const first = store.begin(title);
    first.add(html("x".repeat(900)));
    first.end("done");
    const second = store.begin(title);
    for (let count = 0; count < 4; count++) {
      second.add(html(String(count).repeat(900)));
    }
    assert.deepEqual(store.runs, [second]);
    assert.equal(store.droppedRuns, 1);
    assert.deepEqual(second.dropped, { items: 2, characters: 0 });
    assert.ok(second.size <= 2500);
    assert.deepEqual(
      second.items.map((item) => (item.kind === "html" ? item.html[0] : "")),
      ["2", "3"],
    );
  });

  it("puts a note in the place of HTML of 50 MB, and keeps none of it", () => {
    const run = new ResultStore().begin(title);
    run.add(html("<p>x</p>".repeat(6_250_000)));
    assert.deepEqual(kinds(run), ["note"]);
    assert.match(
      (run.items[0] as { text: string }).text,
      /html is too large to be shown: 50\.0 MB, at most 16\.0 MB/,
    );
    assert.ok(run.size < 200);
  });

  it("bounds the text of a run and counts what was dropped", () => {
    const run = new ResultStore({ ...resultLimits, textCharacters: 100_000 }).begin(title);
    const line = `${"x".repeat(99)}\n`;
    for (let count = 0; count < 5000; count++) {
      run.add(out(line));
    }
    run.add(out("last\n"));
    const text = textOf(run);
    assert.ok(text.length <= 100_000 && text.length > 70_000, String(text.length));
    assert.ok(text.endsWith("last\n"));
    assert.equal(run.dropped.characters + text.length, 500_005);
  });

  it("takes a single output beyond the bound by its end", () => {
    const run = new ResultStore({ ...resultLimits, textCharacters: 100_000 }).begin(title);
    run.add(out(`${"x".repeat(4_000_000)}end`));
    assert.ok(textOf(run).length <= 100_000);
    assert.ok(textOf(run).endsWith("xend"));
  });

  it("bounds the number of items", () => {
    const run = new ResultStore({ ...resultLimits, items: 10 }).begin(title);
    for (let count = 0; count < 25; count++) {
      run.add(png);
    }
    assert.equal(run.items.length, 10);
    assert.equal(run.dropped.items, 15);
  });

  it("forgets all on clear, and hears runs under way again", () => {
    const store = new ResultStore();
    const [over, underWay] = [store.begin(title), store.begin(title)];
    for (const run of [over, underWay]) {
      run.add(png);
    }
    over.end("done");
    store.clear();
    assert.deepEqual(store.runs, []);
    underWay.add(png);
    assert.deepEqual(store.runs, [underWay]);
    assert.equal(underWay.items.length, 1);
  });
});

describe("ResultStore, fed by runs on a real engine", () => {
  let server: LocalServer;

  before(async () => {
    server = await startLocalServer();
  });

  after(() => server.stop());

  it("has what a program showed, in the order of its making", async () => {
    const { id } = await server.client.sessions.create({ image: "python", name: "shows-1" });
    const code = `
import base64
class Shown:
    def __init__(self, kind, value): setattr(self, "_repr_%s_" % kind, lambda: value)
print("before")
display(Shown("png", base64.b64decode("${redPng}")))
print("\\x1b[31mbetween\\x1b[0m")
display(Shown("svg", "<svg width='9' height='9'><circle r='4'/></svg>"))
display(Shown("html", "<table><tr><td>1</td></tr></table>"))
print("after")
`;
    const run = new ResultStore().begin(title);
    for await (const event of server.client.runs.start(id, { mode: "query", code })) {
      run.add(event);
    }
    assert.deepEqual(kinds(run), ["text", "image", "text", "image", "html", "text"]);
    const [, picture, , drawing, table] = run.items;
    assert.ok(picture?.kind === "image" && picture.base64 === redPng && picture.mimeType === "image/png");
    assert.ok(drawing?.kind === "image" && drawing.mimeType === "image/svg+xml");
    assert.ok(table?.kind === "html" && table.html.startsWith("<table>"));
    assert.equal(textOf(run), "before\n\x1b[31mbetween\x1b[0m\nafter\n");
  });
});
