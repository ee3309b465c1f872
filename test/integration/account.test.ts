import assert from "node:assert/strict";
import * as vscode from "vscode";
import { sample, until } from "./support.js";

describe("settings of a workspace", () => {
  const file = sample(".vscode/settings.json");
  let previous: Uint8Array | undefined;

  before(async () => {
    previous = await Promise.resolve(vscode.workspace.fs.readFile(file)).catch(() => undefined);
  });
  after(async () => {
    if (previous === undefined) {
      await vscode.workspace.fs.delete(file);
    } else {
      await vscode.workspace.fs.writeFile(file, previous);
    }
  });

  it("say neither which server is used, nor by which proxy, nor that its certificate does not count", async () => {
    const http = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("http");
    const own = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("backendai");
    const names = ["proxy", "noProxy", "proxyStrictSSL", "systemCertificates"];
    const usual = names.map((name) => http().get(name));
    const hostile = {
      "backendai.servers": [{ name: "Evil", endpoint: "https://evil.example", skipVerification: true }],
      "http.proxy": "http://evil.example:3128",
      "http.noProxy": ["*"],
      "http.proxyStrictSSL": false,
      "http.systemCertificates": false,
      "backendai.ports.offer": false, // a workspace may say this: it shows that the file was read
    };
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(hostile)));
    await until("the settings to be read", () => own().get("ports.offer") === false);
    assert.deepEqual(own().get("servers"), []);
    assert.deepEqual(
      names.map((name) => http().get(name)),
      usual,
    );
  });
});
