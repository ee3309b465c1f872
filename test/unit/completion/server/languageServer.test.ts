import assert from "node:assert/strict";
import { CompletionItemKind, type InsertReplaceEdit } from "vscode-languageserver-protocol";
import { delay } from "../../../../src/base/abort.js";
import type { CodePoint } from "../../../../src/completion/source/completionSource.js";
import { until } from "../../../support/until.js";
import { deskOf, Editor, sourceOf } from "../support/editor.js";

describe("completion: language server", () => {
  const editors: Editor[] = [];
  const editorOf = (...desk: ConstructorParameters<typeof Editor>): Editor => {
    const editor = new Editor(...desk);
    editors.push(editor);
    return editor;
  };

  afterEach(() => {
    for (const editor of editors.splice(0)) {
      editor.close();
    }
  });

  it("answers with items that replace the last part of a name, below those of other servers", async () => {
    const points: CodePoint[] = [];
    const editor = editorOf(
      deskOf({
        complete: async (point) => {
          points.push(point);
          return Promise.resolve({
            candidates: [
              { name: "path", kind: "module" },
              { name: "join", kind: "function", detail: "(a, *p)" },
            ],
            isIncomplete: false,
          });
        },
      }),
    );
    const { capabilities } = await editor.open("import os\nx = os.pa.b");
    assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2 });
    const list = await editor.complete(1, 9);
    assert.equal(list?.isIncomplete, false);
    const [path, join] = list?.items ?? [];
    assert.equal(path?.kind, CompletionItemKind.Module);
    assert.deepEqual(path?.textEdit, {
      newText: "path",
      insert: { start: { line: 1, character: 7 }, end: { line: 1, character: 9 } },
      replace: { start: { line: 1, character: 7 }, end: { line: 1, character: 9 } },
    } satisfies InsertReplaceEdit);
    assert.deepEqual(join?.labelDetails, { detail: "(a, *p)" });
    assert.ok((path?.sortText ?? "") < (join?.sortText ?? ""));
    assert.ok((path?.sortText ?? "") > "path", "sorts below what another server says of the same name");
    const place = { kind: "name", token: "os.pa", start: 7, end: 9 };
    assert.deepEqual(points, [
      { languageId: "python", code: "import os\nx = os.pa.b", row: 1, col: 9, place },
    ]);
  });

  it("follows changes, also several in one message", async () => {
    const seen: string[] = [];
    const editor = editorOf(
      deskOf({
        complete: async ({ code, row, col }) => {
          seen.push(`${code.split("\n")[row]?.slice(0, col) ?? ""}|`);
          return Promise.resolve({ candidates: [], isIncomplete: false });
        },
      }),
    );
    await editor.open("a\nb\n");
    await editor.change(
      { range: { start: { line: 1, character: 1 }, end: { line: 1, character: 1 } }, text: "cd" },
      { range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: "😀 = 1\nz" },
    );
    await editor.complete(1, 3);
    await editor.change({ text: "whole" });
    await editor.complete(0, 5);
    assert.deepEqual(seen, ["zbc|", "whole|"]);
  });

  it("asks nothing in comments and texts, and offers paths of the session in texts that are paths", async () => {
    const folders: string[] = [];
    const editor = editorOf({
      source: sourceOf({ complete: () => assert.fail("nothing is to be asked") }),
      folder: async (folder) => {
        folders.push(folder);
        return Promise.resolve([
          { name: "data", kind: "folder" },
          { name: ".hidden", kind: "file" },
        ]);
      },
    });
    await editor.open("# os.pa\nopen('./in/da')\n'plain wo'");
    assert.deepEqual((await editor.complete(0, 7))?.items, []);
    assert.deepEqual((await editor.complete(2, 9))?.items, []);
    const paths = await editor.complete(1, 13);
    assert.deepEqual(folders, ["./in/"]);
    assert.deepEqual(
      paths?.items.map(({ label, kind, command }) => [label, kind, command?.command]),
      [["data/", CompletionItemKind.Folder, "editor.action.triggerSuggest"]],
    );
  });

  it("keeps nobody waiting: what is late is left out, and asked for again", async () => {
    let isLateOver = false;
    const editor = editorOf(
      deskOf({
        complete: async () => {
          await delay(700);
          isLateOver = true;
          return { candidates: [{ name: "late" }], isIncomplete: false };
        },
      }),
    );
    await editor.open("na");
    const startedAt = performance.now();
    const list = await editor.complete(0, 2);
    const tookMs = performance.now() - startedAt;
    assert.deepEqual(list, { isIncomplete: true, items: [] });
    assert.equal(isLateOver, false);
    assert.ok(tookMs < 600, `${tookMs} ms`);
    await until("the editor to be told", () => editor.late.length > 0);
    assert.deepEqual(editor.late, [{ what: "suggestions", position: { line: 0, character: 2 } }]);
  });

  it("tells how a function is called also when that is late, and of a list no longer", async () => {
    const editor = editorOf(
      deskOf({
        complete: async () => {
          await delay(2100);
          return { candidates: [{ name: "late" }], isIncomplete: false };
        },
        signature: async () => {
          await delay(2200);
          return { label: "f(a)", parameters: ["a"] };
        },
      }),
    );
    await editor.open("f(");
    const [list, help] = await Promise.all([editor.complete(0, 2), editor.signature(0, 2)]);
    assert.deepEqual([list?.items, help], [[], null]);
    await until("the editor to be told", () => editor.late.length > 0);
    assert.deepEqual(editor.late, [{ what: "signature", position: { line: 0, character: 2 } }]);
  });

  it("answers nothing and says it in the log when a source fails, before or after the time is over", async () => {
    const editor = editorOf(
      deskOf({ complete: async () => Promise.reject(new Error("the server fell over")) }),
    );
    await editor.open("na");
    assert.deepEqual(await editor.complete(0, 2), { isIncomplete: true, items: [] });
    assert.deepEqual(editor.log, ["completion: the server fell over"]);
  });

  it("tells of a name when its item is looked at, with what the session knows as text and never as markup", async () => {
    const asked: string[] = [];
    const editor = editorOf(
      deskOf({
        complete: async () => Promise.resolve({ candidates: [{ name: "join" }], isIncomplete: false }),
        describe: async (expression) => {
          asked.push(expression);
          return Promise.resolve({
            signature: "join(a, *p)",
            value: "``` broken",
            documentation: "Join.\n    [click](command:evil) <img src=x> $(error)",
          });
        },
      }),
    );
    await editor.open("os.path.jo");
    const [item] = (await editor.complete(0, 10))?.items ?? [];
    assert.ok(item);
    const resolved = await editor.resolve(item);
    assert.deepEqual(asked, ["os.path.join"]);
    assert.equal(resolved.detail, "join(a, *p)");
    const { documentation } = resolved;
    assert.ok(documentation !== undefined && typeof documentation !== "string");
    assert.match(documentation.value, /^````text\n``` broken\n````/);
    assert.ok(!documentation.value.includes("](command"));
    assert.ok(!documentation.value.includes("<img src") || documentation.value.includes("\\<img"));
    assert.match(documentation.value, /\\\[click\\\]\\\(command\\:evil\\\)/);
  });

  it("hovers over the whole dotted name, and over nothing in comments", async () => {
    const editor = editorOf(
      deskOf({
        describe: async (expression) => Promise.resolve({ type: `type of ${expression}`, value: "1" }),
      }),
    );
    await editor.open("x = os.path.join(a)\n# os.path");
    const hover = await editor.hover(0, 9);
    assert.deepEqual(hover?.contents, {
      kind: "markdown",
      value: "```python\ntype of os.path\n```\n\n```text\n1\n```",
    });
    assert.equal(await editor.hover(1, 4), null);
  });

  it("tells how a function is called, and which parameter an argument is for", async () => {
    const editor = editorOf(
      deskOf({
        signature: async (callee) =>
          Promise.resolve({
            label: `${callee}(a, b, *rest, key=1)`,
            parameters: ["a", "b", "*rest", "key=1"],
          }),
      }),
    );
    await editor.open("f(1, (2, 3), 'x,y', 4, 5\nf(1, key=");
    const help = await editor.signature(0, 24);
    assert.equal(help?.signatures[0]?.label, "f(a, b, *rest, key=1)");
    assert.equal(help?.signatures[0]?.activeParameter, 2);
    assert.equal((await editor.signature(1, 9))?.signatures[0]?.activeParameter, 3);
  });

  it("answers nothing for a document that no session runs", async () => {
    const editor = editorOf(undefined);
    await editor.open("os.pa");
    assert.equal(await editor.complete(0, 5), undefined);
    assert.equal(await editor.hover(0, 1), null);
  });
});
