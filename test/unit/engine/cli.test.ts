import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { readArguments } from "../../../src/engine/cli/arguments.js";
import type { Engine } from "../../../src/engine/index.js";
import { until } from "../../support/until.js";
import { EngineClient, pick } from "./support/client.js";

const root = path.resolve(import.meta.dirname, "../../..");
type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Started {
  readonly child: Child;
  readonly variables: Readonly<Record<string, string>>;
  readonly words: () => string;
  readonly exit: Promise<number | null>;
}

function spawnEngine(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Started & { output: () => string } {
  const child = spawn(process.execPath, ["--import", "tsx", "src/engine/main.ts", ...args], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    // Coverage of a process that loads its sources in another way cannot be merged with that of the tests.
    env: { ...process.env, NODE_V8_COVERAGE: undefined, ...environment },
  });
  let output = "";
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
  const exit = once(child, "close").then(([code]) => code as number | null);
  return { child, variables: {}, words: () => words, output: () => output, exit };
}

async function ready(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Started> {
  const started = spawnEngine(args, environment);
  await until("the keys", () => started.output().includes("BACKEND_SECRET_KEY"));
  await until("the words", () => started.words().includes("Ctrl-C"));
  // The lines are for `eval`: a shell must read them.
  const shell = execFileSync("/bin/sh", ["-c", `${started.output()}\nenv`], { encoding: "utf8" });
  const variables = Object.fromEntries(
    shell
      .split("\n")
      .filter((line) => line.startsWith("BACKEND_"))
      .map((line) => line.split("=", 2) as [string, string]),
  );
  return { ...started, variables };
}

function clientOf({ variables }: Started, version = "v9.20250722"): EngineClient {
  const engine = {
    endpoint: variables["BACKEND_ENDPOINT"] ?? "",
    accessKey: variables["BACKEND_ACCESS_KEY"] ?? "",
    secretKey: variables["BACKEND_SECRET_KEY"] ?? "",
  };
  return new EngineClient(engine as Engine, version);
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("engine command line", function () {
  this.timeout(60_000);

  it("lets a shell eval what it prints, and serves on", () => {
    const ask = "fetch(process.env.BACKEND_ENDPOINT).then((r) => r.text()).then(console.log)";
    const hello = `"${process.execPath}" --eval "${ask}"`;
    const engine = `"${process.execPath}" --import tsx src/engine/main.ts`;
    const script = `eval "$(${engine} 2>/dev/null & echo export ENGINE=$!)"; ${hello}; kill "$ENGINE"`;
    const env = { ...process.env, NODE_V8_COVERAGE: undefined };
    const answer = execFileSync("/bin/sh", ["-c", script], {
      cwd: root,
      env,
      encoding: "utf8",
      timeout: 50_000,
    });
    assert.match(answer, /"version": ?"v9\.20250722"/);
  });

  /** Starts something that lasts in a session and answers its process and its directory. */
  async function occupy(started: Started): Promise<{ pid: number; directory: string }> {
    const client = clientOf(started);
    const id = await client.create("lasting");
    const code =
      "import os, subprocess; p = subprocess.Popen(['sleep', '600'], start_new_session=True); print(p.pid, os.getcwd())";
    const printed = String(pick(await client.execute(id, code), "console.0.1"));
    await client.close();
    const [pid = "", directory = ""] = printed.trim().split(" ");
    assert.ok(isAlive(Number(pid)), printed);
    return { pid: Number(pid), directory };
  }

  const endings: readonly (readonly [string, readonly string[], (child: Child) => void])[] = [
    ["Ctrl-C", [], (child) => child.kill("SIGINT")],
    ["SIGTERM", [], (child) => child.kill("SIGTERM")],
    ["the end of its owner's pipe", ["--stdin-owner"], (child) => child.stdin.end()],
  ];
  for (const [what, args, end] of endings) {
    it(`leaves nothing behind after ${what}`, async () => {
      const started = await ready(args);
      const { pid, directory } = await occupy(started);
      end(started.child);
      assert.equal(await started.exit, 0, started.words());
      await until("the session's process to end", () => !isAlive(pid));
      assert.equal(existsSync(directory), false);
      assert.equal(existsSync(path.resolve(directory, "../../..")), false);
    });
  }

  it("goes on with its sessions after an error that nobody caught", async () => {
    const faults = `process.on("SIGUSR2", () => { void Promise.reject(new Error("lost")); throw new Error("thrown"); })`;
    const started = await ready([], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(faults)}`,
    });
    const client = clientOf(started);
    const id = await client.create("surviving");
    started.child.kill("SIGUSR2");
    await until("the words", () => /lost/.test(started.words()) && /thrown/.test(started.words()));
    assert.equal((await client.send("GET", `/session/${id}`)).at("status"), "RUNNING");
    await client.close();
    started.child.kill("SIGINT");
    assert.equal(await started.exit, 0);
  });

  it("says that sessions run as this user, and the password only to a person", async () => {
    const byPerson = await ready([]);
    assert.match(byPerson.words(), /runs as you, with all your rights/);
    assert.match(byPerson.words(), /with password [0-9a-f]{20}/);
    byPerson.child.kill("SIGINT");
    await byPerson.exit;
    const byProgram = await ready(["--stdin-owner"]);
    assert.doesNotMatch(byProgram.words(), /password/);
    byProgram.child.stdin.end();
    await byProgram.exit;
  });

  it("plays the release it is told to, with keys from the environment", async () => {
    const started = await ready(["--api", "v8.20240915", "--manager", "24.09.14"], {
      BACKENDAI_ENGINE_ACCESS_KEY: "AKIAMINE",
      BACKENDAI_ENGINE_SECRET_KEY: "it's mine",
    });
    assert.equal(started.variables["BACKEND_ENDPOINT_TYPE"], "api");
    assert.equal(started.variables["BACKEND_ACCESS_KEY"], "AKIAMINE");
    assert.equal(started.variables["BACKEND_SECRET_KEY"], "it's mine");
    const client = clientOf(started, "v8.20240915");
    assert.equal((await client.send("GET", "/auth/role")).status, 200);
    assert.equal((await client.send("GET", "/")).at("manager"), "24.09.14");
    await client.close();
    started.child.kill("SIGTERM");
    assert.equal(await started.exit, 0);
  });

  it("explains itself, a wrong argument and a taken port in one sentence", async () => {
    const help = spawnEngine(["--help"]);
    assert.equal(await help.exit, 0);
    assert.match(help.output(), /--stdin-owner/);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const rows: readonly (readonly [readonly string[], RegExp])[] = [
      [["--nosuch"], /^Unknown option '--nosuch'\.\n$/],
      [["--port", "x"], /^--port must be a number from 0 on, not “x”\.\n$/],
      [["--api", "v1"], /is not an API version/],
      [["--port", String(port)], /cannot listen on 127\.0\.0\.1:\d+: the port is in use\.\n$/],
    ];
    await Promise.all(
      rows.map(async ([args, words]) => {
        const started = spawnEngine(args);
        assert.equal(await started.exit, 2, started.words());
        assert.match(started.words(), words);
        assert.equal(started.output(), "");
      }),
    );
    server.close();
  });
});

describe("engine arguments", () => {
  it("reads them all", () => {
    const line = readArguments(
      [
        ...["--port", "8000", "--data", "/data", "--api", "v7.20230615", "--manager", "23.09.10"],
        ...[
          "--access-key",
          "A",
          "--secret-key",
          "S",
          "--email",
          "e@x",
          "--password",
          "p",
          "--max-sessions",
          "3",
        ],
        ...["--concurrency", "2", "--idle-timeout", "60", "--lifetime", "3600", "--exec-timeout", "5"],
        ...["--rate-limit", "100", "--defects", "terminalMute,slowEnd", "--stdin-owner"],
      ],
      { BACKENDAI_ENGINE_ACCESS_KEY: "ignored" },
    );
    assert.deepEqual(line, {
      isStdinOwner: true,
      wantsHelp: false,
      options: {
        port: 8000,
        dataDir: "/data",
        apiVersion: "v7.20230615",
        manager: "23.09.10",
        accessKey: "A",
        secretKey: "S",
        email: "e@x",
        password: "p",
        limits: { maxSessions: 3, concurrency: 2, idleTimeoutMs: 60_000, lifetimeMs: 3_600_000 },
        execTimeoutMs: 5000,
        rateLimit: 100,
        defects: ["terminalMute", "slowEnd"],
      },
    });
  });

  it("knows the defects that a release was recorded to have, and none of other names", () => {
    const recorded = (manager: string): readonly string[] =>
      readArguments(["--defects", "recorded", "--api", "v8.20240915", "--manager", manager], {}).options
        .defects ?? [];
    assert.ok(recorded("24.09.6").includes("uploadNames") && !recorded("24.09.6").includes("executeFails"));
    assert.ok(recorded("24.09.14").includes("executeFails") && !recorded("24.09.14").includes("uploadNames"));
    assert.throws(() => readArguments(["--defects", "loud"], {}), /knows no “loud”.*terminalMute/);
  });

  it("takes secrets from the environment", () => {
    const { options } = readArguments([], {
      BACKENDAI_ENGINE_SECRET_KEY: "S",
      BACKENDAI_ENGINE_PASSWORD: "P",
    });
    assert.deepEqual([options.secretKey, options.password, options.port], ["S", "P", 0]);
  });

  it("takes empty secrets for none", () => {
    const { options } = readArguments(["--secret-key", "", "--email="], {
      BACKENDAI_ENGINE_ACCESS_KEY: "",
      BACKENDAI_ENGINE_SECRET_KEY: "S",
      BACKENDAI_ENGINE_PASSWORD: "",
    });
    assert.deepEqual(
      [options.accessKey, options.secretKey, options.email, options.password],
      [undefined, "S", undefined, undefined],
    );
  });
});
