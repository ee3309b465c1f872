import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { foldersLeft, searchFolders } from "../support/leftBehind.js";
import { ProcessSampler } from "../support/processSampler.js";
import { disconnect, open, run, sample, shows, until } from "./support.js";

const mark = randomBytes(6).toString("hex");
/** Each can be told from all else there is. */
const secrets = {
  secretKey: `Zq9secretkey${mark}+/x`,
  wrongKey: `Zq9wrongkey${mark}`,
  password: `Zq9password${mark}`,
  variable: `Zq9variable${mark}`,
};
const environment = ["ENDPOINT", "ENDPOINT_TYPE", "ACCESS_KEY", "SECRET_KEY"].map(
  (name) => `BACKEND_${name}`,
);
const sessionFile = ".backend.ai/session.json";

describe("Secrets", () => {
  const sampler = new ProcessSampler(Object.values(secrets));
  const formerly = environment.map((name) => process.env[name]);
  let engine: ChildProcess;
  let echo: Server;
  let local: string;

  before(async function () {
    if (process.platform !== "linux") {
      this.skip(); // processes are looked at by /proc
    }
    local = await mkdtemp(path.join(os.tmpdir(), "backendai-secrets-"));
    const started = await startEngine(path.join(local, "data"));
    engine = started.engine;
    echo = await startEcho();
    setEnvironment(started.endpoint, secrets.secretKey);
    sampler.start();
  });

  after(async () => {
    sampler.stop();
    await disconnect();
    environment.forEach((name, index) => {
      const value = formerly[index];
      if (value === undefined) {
        Reflect.deleteProperty(process.env, name);
      } else {
        process.env[name] = value;
      }
    });
    engine.stdin?.end();
    echo.closeAllConnections();
    echo.close();
    await rm(local, { recursive: true, force: true });
  });

  it("stay where they belong: nothing that work leaves behind has them", async () => {
    await disconnect();
    await vscode.commands.executeCommand("backendai.account.connectEnvironment");
    await useEverything();
    await failWithEcho();
    const target = vscode.Uri.file(path.join(local, "bundle.zip"));
    assert.ok(
      await vscode.commands.executeCommand("backendai.support.export", { target, hidesServers: true }),
    );
    const bundle = unpacked(target.fsPath);
    assert.deepEqual(Object.keys(bundle).sort(), [
      ...["README.txt", "counts.json", "log.txt", "problems.txt"],
      ...["server.json", "settings.json", "variables.txt", "versions.json"],
    ]);
    assert.match(bundle["versions.json"] ?? "", /"extension": "\d+\.\d+\.\d+"/);
    assert.match(bundle["variables.txt"] ?? "", /^BACKEND_SECRET_KEY$/m);
    assert.match(
      bundle["problems.txt"] ?? "",
      /refused the keys.*••••••/,
      "what the echo said was logged, masked",
    );
    assert.match(bundle["counts.json"] ?? "", /"run finished": \d|"run exited": \d|"run \w+": \d/);
    assert.ok(!JSON.stringify(bundle).includes(os.homedir()), "the home folder");

    const channels = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "output");
    const texts = [
      ...Object.entries(bundle),
      ...channels.map((document) => [document.fileName, document.getText()]),
    ];
    const needles = Object.values(secrets);
    assert.deepEqual(
      texts.filter(([, text = ""]) => needles.some((needle) => text.includes(needle))).map(([name]) => name),
      [],
    );
    assert.deepEqual(await searchFolders(foldersLeft([local]), needles), []);
    assert.deepEqual(sampler.found, []);
    assert.ok(sampler.seen > 5, "processes were looked at");
  });

  /** Sessions, runs, files, completion: what a person does on a good day. */
  async function useEverything(): Promise<void> {
    const request = { image: "python", name: "secrets-1", environment: { API_TOKEN: secrets.variable } };
    const file = sample(sessionFile);
    await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(request)));
    await vscode.commands.executeCommand("backendai.sessions.startFile", file);
    await vscode.workspace.fs.delete(file); // a person's own file has what they wrote into it
    const code =
      "import os\nsecret_names = [name for name in os.environ if 'KEY' in name]\nprint(len(secret_names))\n";
    const document = await open("secrets.py", code);
    await run(document.uri);
    await shows("secrets.py", /exit code 0/);
    const authority = new URL(process.env["BACKEND_ENDPOINT"] ?? "").host;
    const remote = vscode.Uri.from({
      scheme: "backendai",
      authority,
      path: "/secrets-1/home/work/secrets.txt",
    });
    await vscode.workspace.fs.writeFile(remote, Buffer.from("kept\n"));
    assert.equal(Buffer.from(await vscode.workspace.fs.readFile(remote)).toString(), "kept\n");
    await vscode.commands.executeCommand(
      "vscode.executeCompletionItemProvider",
      document.uri,
      new vscode.Position(1, 3),
    );
  }

  /** Wrong keys, and a server that says back what it was sent. */
  async function failWithEcho(): Promise<void> {
    setEnvironment(process.env["BACKEND_ENDPOINT"] ?? "", secrets.wrongKey);
    await vscode.commands.executeCommand("backendai.account.connectEnvironment");
    setEnvironment(`http://127.0.0.1:${(echo.address() as AddressInfo).port}`, secrets.secretKey);
    await vscode.commands.executeCommand("backendai.account.connectEnvironment");
  }
});

function setEnvironment(endpoint: string, secretKey: string): void {
  Object.assign(process.env, {
    BACKEND_ENDPOINT: endpoint,
    BACKEND_ENDPOINT_TYPE: "api",
    BACKEND_ACCESS_KEY: "AKIASECRETSTEST00000",
    BACKEND_SECRET_KEY: secretKey,
  });
}

async function startEngine(data: string): Promise<{ engine: ChildProcess; endpoint: string }> {
  const extension = vscode.extensions.getExtension("backendai.backendai-sessions");
  const program = path.join(extension?.extensionPath ?? "", "dist/engine.cjs");
  const engine = spawn(process.execPath, [program, "--stdin-owner", "--data", data], {
    env: {
      ...process.env,
      ELECTRON_RUN_AS_NODE: "1",
      BACKENDAI_ENGINE_ACCESS_KEY: "AKIASECRETSTEST00000",
      BACKENDAI_ENGINE_SECRET_KEY: secrets.secretKey,
      BACKENDAI_ENGINE_PASSWORD: secrets.password,
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  let output = "";
  engine.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const endpoint = await until("the engine", () => /BACKEND_ENDPOINT=["']?(http[^\s"']+)/.exec(output)?.[1]);
  return { engine, endpoint };
}

/** A server that refuses every key and says back all that it knows of it, in several forms. */
async function startEcho(): Promise<Server> {
  const echo = createServer((request, response) => {
    if (request.url === "/") {
      response.end(JSON.stringify({ version: "v9.20250722", manager: "26.8.1" }));
      return;
    }
    const key = secrets.secretKey;
    const msg = `no: ${key} ${encodeURIComponent(key)} ${Buffer.from(key).toString("base64")} ${request.headers.authorization ?? ""}`;
    response.writeHead(401, { "Content-Type": "application/problem+json" });
    const title = `Wrong key ${key}`;
    response.end(JSON.stringify({ type: "https://api.backend.ai/probs/auth-failed", title, msg }));
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
  return echo;
}

function unpacked(file: string): Readonly<Record<string, string>> {
  const script = `import json,sys,zipfile
z=zipfile.ZipFile(sys.argv[1]); print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`;
  const output = execFileSync("python3", ["-c", script, file], { maxBuffer: 50_000_000 });
  return JSON.parse(output.toString()) as Record<string, string>;
}
