import assert from "node:assert/strict";
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { temporaryFiles } from "../host/leaks/runSecrets.js";
import { searchPlaces } from "../support/leaks/leftBehind.js";
import { ProcessSampler } from "../support/leaks/processSampler.js";
import { SecretSearch } from "../support/leaks/secretSearch.js";
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
/** Where a session itself keeps its key, and a window the word that lets ssh programs of this user in: no leaks. */
const ownPlaces = /\/work\/id_container: ssh key |\/backendai-ssh-[^/]*\/[^/]*\/ticket: relay token /;
const sessionFile = ".backend.ai/session.json";

describe("Secrets", () => {
  const search = new SecretSearch(secrets);
  const sampler = new ProcessSampler();
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
    await useSsh();
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
    assert.deepEqual(
      texts.flatMap(([name = "", text = ""]) => search.find(text).map((what) => `${name}: ${what}`)),
      [],
    );
    const found = await searchPlaces([...places(), local], search);
    assert.deepEqual(
      found.filter((what) => !ownPlaces.test(what)),
      [],
    );
    assert.ok(found.length >= 2, "both were looked for, and are where they belong");
    assert.deepEqual(sampler.find(search), []);
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

  /** A run and a program of this computer by ssh: with the key that the session hands out, and the word that lets programs in. */
  async function useSsh(): Promise<void> {
    const settings = vscode.workspace.getConfiguration("backendai.run");
    await settings.update("connection", "ssh", vscode.ConfigurationTarget.Global);
    try {
      const document = await open("secretsBySsh.py", "print('by', 'ssh')\n");
      await run(document.uri);
      await shows("secretsBySsh.py", /by ssh[^]*exit code 0/);
    } finally {
      await settings.update("connection", undefined, vscode.ConfigurationTarget.Global);
    }
    await vscode.commands.executeCommand("backendai.ssh.copyCommand");
    const command = await vscode.env.clipboard.readText();
    const { stdout } = await promisify(execFile)("sh", ["-c", `${command} echo let in`], { timeout: 20_000 });
    assert.equal(stdout, "let in\n");
    const sessions = path.join(local, "data/sessions");
    const [session = ""] = await readdir(sessions);
    search.add("ssh key", await readFile(path.join(sessions, session, "work/id_container"), "utf8"));
    const config = /-F '?([^' ]+)/.exec(command)?.[1] ?? "";
    const ticket = /'([^']+\/ticket)'/.exec(await readFile(config, "utf8"))?.[1] ?? "";
    search.add("relay token", (await readFile(ticket, "utf8")).trim().split("\n").at(-1) ?? "");
  }

  /** Wrong keys, and a server that says back what it was sent. */
  async function failWithEcho(): Promise<void> {
    setEnvironment(process.env["BACKEND_ENDPOINT"] ?? "", secrets.wrongKey);
    await vscode.commands.executeCommand("backendai.account.connectEnvironment");
    setEnvironment(`http://127.0.0.1:${(echo.address() as AddressInfo).port}`, secrets.secretKey);
    await vscode.commands.executeCommand("backendai.account.connectEnvironment");
  }
});

/** The window's user data, its workspace, and what it put among the temporary files. */
function places(): readonly string[] {
  const profile = process.env["VSCODE_TEST_PROFILE"];
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const startedAt = Date.now() - process.uptime() * 1000;
  return [...(profile === undefined ? [] : [profile]), ...folders, ...temporaryFiles(startedAt)];
}

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
