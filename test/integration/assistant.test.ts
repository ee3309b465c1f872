import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, until } from "./support.js";

describe("Tools for language models, on the local engine", function () {
  this.timeout(90_000);

  before(async () => {
    await set("chat.disableAIFeatures", false); // the chat is switched off for all other tests
  });

  after(async () => {
    await disconnect();
    await set("chat.disableAIFeatures", true);
  });

  it("are told to other extensions, with what a model has to know", async () => {
    const tools = await until("the tools", () => {
      const ours = vscode.lm.tools.filter(({ name }) => name.startsWith("backendai_"));
      return ours.length > 0 ? ours : undefined;
    });
    assert.deepEqual(tools.map(({ name }) => name).sort(), [
      "backendai_list_files",
      "backendai_list_sessions",
      "backendai_read_file",
      "backendai_run_code",
      "backendai_search_files",
      "backendai_start_session",
      "backendai_tail_log",
    ]);
    for (const { name, description, inputSchema } of tools) {
      assert.ok(description.length > 80, name);
      assert.match(JSON.stringify(inputSchema), /"type":"object"/, name);
    }
  });

  it("say what to do where nothing is connected", async () => {
    await disconnect();
    assert.match(
      await invoke("list_sessions"),
      /^No Backend\.AI server is connected\. Ask the person to run/,
    );
  });

  it("start a session, run code there, and find what it wrote", async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
    assert.match(
      await invoke("start_session", { language: "python", name: "assistant-one" }),
      /^Session assistant-one/,
    );
    const code = "open('assistant.txt', 'w').write('alpha\\nneedle\\n'); print('wrote')";
    assert.match(await invoke("run_code", { code, session: "assistant-one" }), /ran to its end[^]*wrote/);
    const at = { session: "assistant-one" };
    assert.match(await invoke("list_files", at), /^assistant\.txt {2}13 B/m);
    assert.match(await invoke("read_file", { ...at, path: "assistant.txt" }), /alpha\nneedle/);
    assert.match(await invoke("search_files", { ...at, query: "needle" }), /assistant\.txt:2: needle/);
    assert.match(await invoke("list_sessions"), /- assistant-one \(status: running/);
    assert.match(await invoke("tail_log", at), /^The log of session assistant-one on Local engine/);
  });

  it("obey the settings of the person at once", async () => {
    await withSetting("backendai.assistant.readOnly", true, async () => {
      assert.match(await invoke("run_code", { code: "print(1)" }), /^Read-only mode is on/);
    });
    for (const [name, value] of [
      ["backendai.assistant.enabled", false],
      ["chat.disableAIFeatures", true],
    ] as const) {
      await withSetting(name, value, async () => {
        assert.match(await invoke("list_sessions"), /^The tools of Backend\.AI are switched off/, name);
      });
    }
    assert.match(await invoke("list_sessions"), /^Connected to Local engine/);
  });

  it("end with the call that is cancelled", async () => {
    const source = new vscode.CancellationTokenSource();
    const input = { code: "import time; time.sleep(600)", session: "assistant-one" };
    const call = vscode.lm.invokeTool(
      "backendai_run_code",
      { input, toolInvocationToken: undefined },
      source.token,
    );
    setTimeout(() => source.cancel(), 500);
    await assert.rejects(Promise.resolve(call), /cancell?ed/i);
    assert.match(await invoke("run_code", { code: "print('free')", session: "assistant-one" }), /free/);
  });

  it("cut their answer to what the model takes", async () => {
    const input = { code: "print('word ' * 20000)", session: "assistant-one" };
    const text = await invoke("run_code", input, {
      tokenBudget: 300,
      countTokens: (counted) => Promise.resolve(Math.ceil(counted.length / 4)),
    });
    assert.ok(text.length <= 1200 && text.length > 500, String(text.length));
  });
});

async function invoke(
  name: string,
  input: object = {},
  tokenizationOptions?: vscode.LanguageModelToolTokenizationOptions,
): Promise<string> {
  const { content } = await vscode.lm.invokeTool(`backendai_${name}`, {
    input,
    toolInvocationToken: undefined,
    ...(tokenizationOptions && { tokenizationOptions }),
  });
  const [part] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  return part.value;
}

async function withSetting(name: string, value: boolean, work: () => Promise<void>): Promise<void> {
  const before = vscode.workspace.getConfiguration().inspect<boolean>(name)?.globalValue;
  await set(name, value);
  try {
    await work();
  } finally {
    await set(name, before);
  }
}

async function set(name: string, value: boolean | undefined): Promise<void> {
  await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
}
