import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, shows, terminalOf, until } from "./support.js";

const console_ = "(query)";

const code = `catalogue = {'alpha': 1, 'beta': 2}
def greet(name, punctuation='!'):
    """Says hello."""
    return name + punctuation
`;

describe("Completion from a session, on the local engine", () => {
  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    await vscode.workspace
      .getConfiguration("backendai", { languageId: "python" })
      .update("completion.enabled", undefined, vscode.ConfigurationTarget.Global, true);
    terminalOf(console_)?.dispose();
    await disconnect();
  });

  /** What the session offers at `|` in a line that is added to the document; other servers' items are left out. */
  const offered = async (uri: vscode.Uri, marked: string): Promise<vscode.CompletionItem[]> => {
    const position = await typed(uri, marked);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      position,
      undefined,
      100,
    );
    return items.filter(({ sortText }) => sortText?.startsWith("zz") === true);
  };

  const labels = (items: readonly vscode.CompletionItem[]): string[] =>
    items.map(({ label }) => (typeof label === "string" ? label : label.label));

  it("offers what the session has defined once code was run there, and replaces the right part", async () => {
    const { uri } = await open("complete.py", code);
    assert.deepEqual(await offered(uri, "catal|"), [], "nothing is asked before something was run");
    await open("complete.py", code);
    await vscode.commands.executeCommand("editor.action.selectAll");
    await vscode.commands.executeCommand("backendai.query.runSelection");
    await shows(console_, /In \[1\]/);
    const items = await until("what the session knows", async () => {
      const found = await offered(uri, "print(catal|og)");
      return found.length > 0 ? found : undefined;
    });
    const item = items[labels(items).indexOf("catalogue")];
    assert.ok(item, labels(items).join(", "));
    assert.ok(item.range !== undefined && "inserting" in item.range);
    assert.equal(item.range.inserting.start.character, 6);
    assert.equal(item.range.inserting.end.character, 11);
    assert.equal(item.range.replacing.end.character, 13);
  });

  it("offers members and keys, and nothing in comments and texts", async () => {
    const { uri } = await open("complete.py", code);
    assert.ok(
      labels(await until("members", async () => some(await offered(uri, "catalogue.ke|")))).includes("keys"),
    );
    const keys = await until("keys", async () => some(await offered(uri, 'catalogue["|"]')));
    assert.deepEqual(labels(keys).sort(), ["alpha", "beta"]);
    assert.deepEqual(await offered(uri, "# catal|"), []);
    assert.deepEqual(await offered(uri, "'catal|'"), []);
    assert.deepEqual(await offered(uri, "import os as o|"), []);
  });

  it("offers paths of the session in texts", async () => {
    const { uri } = await open("complete.py", code);
    const sent = await open("compared.py", "print('sent')\n");
    await vscode.commands.executeCommand("backendai.run.file", sent.uri);
    await open("complete.py");
    await until(
      "paths",
      async () => labels(await offered(uri, "open('./comp|')")).includes("compared.py") || undefined,
    );
  });

  it("tells of a name under the pointer, and how a function is called", async () => {
    const { uri } = await open("complete.py", code);
    const hovers = await until("a hover", async () =>
      some(
        await vscode.commands.executeCommand<vscode.Hover[]>(
          "vscode.executeHoverProvider",
          uri,
          new vscode.Position(1, 6),
        ),
      ),
    );
    const [content] = hovers.flatMap(({ contents }) => contents);
    assert.match((content as vscode.MarkdownString).value, /greet\(name, punctuation='!'\)[^]*Says hello/);
    const position = await typed(uri, "greet('a', |)");
    const help = await until("the signature", async () =>
      vscode.commands.executeCommand<vscode.SignatureHelp | undefined>(
        "vscode.executeSignatureHelpProvider",
        uri,
        position,
      ),
    );
    assert.equal(help.signatures[0]?.activeParameter ?? help.activeParameter, 1);
    assert.match(help.signatures[0]?.label ?? "", /greet\(name, punctuation='!'\)/);
  });

  it("is switched off for one language, and on again", async () => {
    const { uri } = await open("complete.py", code);
    await vscode.commands.executeCommand("backendai.completion.toggle");
    assert.deepEqual(await offered(uri, "catal|"), []);
    await vscode.commands.executeCommand("backendai.completion.toggle");
    await until("completion to be on", async () => some(await offered(uri, "catal|")));
  });
});

/** Puts a line behind the document, without running it; where `|` is in it. */
async function typed(uri: vscode.Uri, marked: string): Promise<vscode.Position> {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  assert.ok(editor);
  const { document } = editor;
  const line = code.split("\n").length - 1;
  const rest = new vscode.Range(line, 0, document.lineCount, 0);
  await editor.edit((edit) => edit.replace(rest, marked.replace("|", "")));
  return new vscode.Position(line, marked.indexOf("|"));
}

function some<T>(found: readonly T[] | undefined): readonly T[] | undefined {
  return found !== undefined && found.length > 0 ? found : undefined;
}
