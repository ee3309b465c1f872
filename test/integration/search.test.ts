import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, until } from "./support.js";

/** Makes files in the session. */
const maker = `import os
os.makedirs("found/sub dir", exist_ok=True)
open("found/one.txt", "w").write("alpha Beta\\nbeta gamma\\n")
open("found/sub dir/two.py", "w").write("x = 'beta'\\n")
print("made")
`;

describe("Search in a session, on the local engine", function () {
  this.timeout(90_000);

  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
    const document = await open("searchmaker.py", maker);
    await run(document.uri);
    await shows("searchmaker.py", /exit code 0/);
  });

  after(async () => {
    await vscode.commands.executeCommand("backendai.search.clear");
    await disconnect();
  });

  it("finds lines, and copies and dismisses them", async () => {
    await find({ text: "beta", folder: "/home/work/found" });
    assert.equal(
      await copied(),
      [
        "/home/work/found/one.txt",
        "  1:7: alpha Beta",
        "  2:1: beta gamma",
        "/home/work/found/sub dir/two.py",
        "  1:6: x = 'beta'",
      ].join("\n"),
    );
    await find({ text: "b\\w+A", isRegex: true, isCaseSensitive: true, folder: "/home/work/found" });
    assert.equal(await copied(), "");
    await find({ text: "beta", folder: "/home/work/found", include: ["*.py"] });
    await vscode.commands.executeCommand("backendai.search.dismiss", "/home/work/found/sub dir/two.py");
    assert.equal(await copied(), "");
    await vscode.commands.executeCommand("backendai.search.refresh");
    assert.match(await copied(), /two\.py/);
  });

  it("shows what replacing makes of a file, and writes that", async () => {
    await find({ text: "(b)eta", isRegex: true, folder: "/home/work/found", include: ["one.txt"] });
    await vscode.commands.executeCommand("backendai.search.replace", "$1ETA");
    await vscode.commands.executeCommand("backendai.search.preview", "/home/work/found/one.txt");
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    const texts = await Promise.all(
      [input.original, input.modified].map(async (uri) =>
        (await vscode.workspace.openTextDocument(uri)).getText(),
      ),
    );
    assert.deepEqual(texts, ["alpha Beta\nbeta gamma\n", "alpha BETA\nbETA gamma\n"]);
    await vscode.commands.executeCommand("backendai.search.replaceFile", "/home/work/found/one.txt");
    assert.equal(await copied(), "", "what is replaced is no result any more");
    await vscode.commands.executeCommand("backendai.search.cancelReplace");
    await find({ text: "ETA", isCaseSensitive: true, folder: "/home/work/found" });
    assert.match(await copied(), /1:8: alpha BETA\n {2}2:2: bETA gamma$/);
  });

  it("replaces what was asked for, whatever is searched and typed meanwhile", async () => {
    const many = "/home/work/many";
    const code =
      "import os\nos.makedirs('many', exist_ok=True)\nfor n in range(30): open(f'many/{n}.txt', 'w').write('alpha beta\\n')\n";
    const document = await open("searchmany.py", code);
    await run(document.uri);
    await shows("searchmany.py", /exit code 0/);
    await find({ text: "beta", folder: many });
    await vscode.commands.executeCommand("backendai.search.replace", "first");
    const rows = Array.from({ length: 30 }, (_, n) => ({ kind: "file", file: { path: `${many}/${n}.txt` } }));
    const replacing = vscode.commands.executeCommand("backendai.search.replaceFile", rows[0], rows);
    await find({ text: "alpha", folder: many });
    await vscode.commands.executeCommand("backendai.search.replace", "second");
    await replacing;
    await vscode.commands.executeCommand("backendai.search.cancelReplace");
    await find({ text: "second", folder: many });
    assert.equal(await copied(), "");
    await find({ text: "alpha first", folder: many });
    assert.equal((await copied()).match(/alpha first/g)?.length, 30);
  });

  it("writes nothing that was shown for another search", async () => {
    const query = { folder: "/home/work/found", include: ["two.py"] };
    await find({ text: "x", ...query });
    await vscode.commands.executeCommand("backendai.search.replace", "y");
    await vscode.commands.executeCommand("backendai.search.preview", "/home/work/found/sub dir/two.py");
    await find({ text: "beta", ...query });
    await vscode.commands.executeCommand("backendai.search.replaceFile", "/home/work/found/sub dir/two.py");
    await vscode.commands.executeCommand("backendai.search.cancelReplace");
    await find({ text: "=", ...query });
    assert.match(await copied(), /x = 'y'/);
  });

  it("leaves a file alone that has changed since it was shown", async () => {
    await find({ text: "bETA", isCaseSensitive: true, folder: "/home/work/found", include: ["one.txt"] });
    await vscode.commands.executeCommand("backendai.search.replace", "lost");
    await vscode.commands.executeCommand("backendai.search.preview", "/home/work/found/one.txt");
    const document = await open("searchchange.py", "open('found/one.txt', 'a').write('more\\n')\n");
    await run(document.uri);
    await shows("searchchange.py", /exit code 0/);
    await vscode.commands.executeCommand("backendai.search.replaceFile", "/home/work/found/one.txt");
    assert.match(await copied(), /bETA gamma/, "it is still a result");
    await vscode.commands.executeCommand("backendai.search.cancelReplace");
    await find({ text: "lost", folder: "/home/work/found" });
    assert.equal(await copied(), "");
  });
});

async function find(query: Record<string, unknown>): Promise<void> {
  await vscode.commands.executeCommand("backendai.search.find", { query });
}

async function copied(): Promise<string> {
  await vscode.env.clipboard.writeText("nothing was copied");
  await vscode.commands.executeCommand("backendai.search.copy");
  return until("the copy", async () => {
    const text = await vscode.env.clipboard.readText();
    return text === "nothing was copied" ? undefined : { text };
  }).then(({ text }) => text);
}
