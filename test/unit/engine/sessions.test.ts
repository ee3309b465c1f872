import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { collectGarbage } from "../../support/collectGarbage.js";
import { until } from "../../support/until.js";
import { sweepAbandoned } from "../../../src/engine/abandoned.js";
import { parseSize, parseSlots, slotsInPython } from "../../../src/engine/sessions/slots.js";
import { Refusal } from "../../../src/engine/http/refusal.js";
import { type EngineClient, pick } from "./support/client.js";
import { engines } from "./support/engines.js";
import { stubExecution } from "./support/stubExecution.js";

const statusOf = async (client: EngineClient, id: string): Promise<unknown> =>
  pick(
    await client.graphql("query($id: UUID!) { compute_session(id: $id) { status } }", { id }),
    "data.compute_session.status",
  );

describe("engine sessions", () => {
  const start = engines();
  const create = (client: EngineClient, name: string, more: Record<string, unknown> = {}) =>
    client.send("POST", "/session", { body: { name, image: "python", config: {}, ...more } });

  it("creates, reuses and refuses to reuse", async () => {
    for (const [release, status, keys] of [
      ["22.03", 200, ["sessionId", "sessionName", "status", "service_ports", "created"]],
      ["24.09", 201, ["sessionId", "sessionName", "status", "service_ports", "created"]],
      ["26.8", 201, ["sessionId", "sessionName", "status", "service_ports", "servicePorts", "created"]],
    ] as const) {
      const { client } = await start(release);
      const created = await create(client, "reused");
      assert.deepEqual([created.status, created.at("created"), created.at("status")], [201, true, "RUNNING"]);
      const again = await create(client, "reused");
      assert.deepEqual([again.status, again.at("created")], [status, false]);
      assert.deepEqual(Object.keys(again.at("") as object), keys);
      const refused = await create(client, "reused", { reuseIfExists: false });
      assert.deepEqual(
        [refused.status, refused.at("data.existingSessionId")],
        [400, created.at("sessionId")],
      );
      assert.equal((await create(client, "reused", { image: "shell" })).status, 400);
    }
  });

  it("creates one for who asks several times at once", async () => {
    const { client } = await start("24.09");
    await client.send("POST", "/folders", { body: { name: "data", host: "local:volume1" } });
    const more = { config: { mounts: ["data"] } };
    const made = await Promise.all([1, 2, 3].map(async () => create(client, "double", more)));
    assert.deepEqual(made.map((answer) => answer.at("created")).sort(), [false, false, true]);
    assert.equal(new Set(made.map((answer) => answer.at("sessionId"))).size, 1);
  });

  it("keeps little of sessions that have ended: no apps, and of their logs the newest", async function () {
    this.timeout(120_000);
    const { client } = await start();
    const ids: string[] = [];
    const used = (): number => {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const logOf = async (id: string): Promise<string> =>
      String((await client.send("GET", `/session/${id}/logs`)).at("result.logs"));
    const endOne = async (): Promise<void> => {
      const id = String((await create(client, "ends", { image: "shell" })).at("sessionId"));
      ids.push(id);
      const code = "head -c 900000 /dev/zero | tr '\\0' x";
      await client.send("POST", `/session/${id}`, { body: { mode: "query", code, runId: "fills" } });
      await until("all of its log", async () => (await logOf(id)).length >= 900_000);
      await client.send("DELETE", `/session/${id}`);
    };
    await endOne();
    const before = used();
    for (let turn = 0; turn < 20; turn += 1) {
      await endOne();
    }
    await until("less than 9 MB of 18 to be kept", () => used() - before < 9e6);
    const [first = "", last = ""] = [ids[0], ids.at(-1)];
    assert.match(await logOf(first), /^\(The log of this session is not kept any more/);
    assert.equal((await logOf(last)).length, 900_000);
  });

  it("answers v4 by name", async () => {
    const { client } = await start("19.09");
    const body = { clientSessionToken: "by-name", lang: "python", config: { clusterSize: 1 } };
    const created = await client.send("POST", "/kernel/create", { body });
    assert.deepEqual(created.at(""), {
      kernelId: "by-name",
      status: "RUNNING",
      servicePorts: [
        { name: "sshd", protocol: "tcp", ports: [2200] },
        { name: "ttyd", protocol: "http", ports: [7681] },
      ],
      created: true,
    });
    assert.equal((await client.send("GET", "/kernel/by-name")).at("status"), "RUNNING");
    assert.deepEqual((await client.send("DELETE", "/kernel/by-name")).at(""), { stats: {} });
  });

  const refusals: readonly (readonly [string, Record<string, unknown>, number, RegExp])[] = [
    ["an unknown image", { image: "cobol" }, 404, /Unknown image references/],
    ["a missing image", { image: undefined }, 400, /"image":"is required"/],
    ["a short name", { name: "abc" }, 400, /does not match pattern/],
    ["a reserved name", { name: "from-template" }, 400, /reserved word/],
    ["an unknown group", { group: "nope" }, 400, /Invalid group/],
    ["an unknown domain", { domain: "nope" }, 400, /Invalid domain/],
    ["an unknown resource group", { config: { scaling_group: "gpu" } }, 404, /No such scaling group/],
    ["a cluster", { cluster_size: 2 }, 400, /one computer/],
    ["a batch without a command", { type: "batch" }, 400, /non-empty startup command/],
    ["another type", { type: "inference" }, 400, /no inference sessions/],
    [
      "an unknown slot",
      { config: { resources: { "cuda.device": 1 } } },
      400,
      /Unknown slot type: 'cuda.device'/,
    ],
    ["too little memory", { config: { resources: { mem: "16m" } } }, 400, /smaller than the image minimum/],
    ["a missing folder", { config: { mounts: ["nosuch"] } }, 404, /No such virtual folder/],
    ["a mount outside", { config: { mounts: ["x"], mount_map: { x: "/etc" } } }, 400, /cannot be mounted/],
    ["no object", { config: "x" }, 400, /Input validation error/],
  ];
  for (const [what, more, status, words] of refusals) {
    it(`refuses ${what}`, async () => {
      const { client } = await start("24.09");
      const answer = await create(client, "refused", more);
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.text, words);
    });
  }

  it("takes any name on 26.8, as that server does", async () => {
    const { client } = await start();
    assert.equal((await create(client, "x y!", { enqueueOnly: true })).status, 201);
    const schema = await create(client, "x", { image: undefined });
    assert.equal(schema.at("type"), "https://api.backend.ai/probs/generic-bad-request");
  });

  it("shows a queued session on its way, and cancels it", async () => {
    const { client } = await start("26.8", { limits: { concurrency: 1 } });
    const first = await client.create("first-1");
    const queued = await create(client, "second", { enqueueOnly: true });
    assert.deepEqual([queued.at("status"), queued.at("servicePorts")], ["PENDING", []]);
    const second = String(queued.at("sessionId"));
    const waiting = await create(client, "third-1", { maxWaitSeconds: 0.05 });
    assert.equal(waiting.at("status"), "TIMEOUT");
    const info = await client.send("GET", `/session/${second}`);
    assert.equal(info.at("statusData"), null, "from 26.4 on servers keep their reasons to themselves");
    assert.equal(
      (await client.send("POST", `/session/${second}`, { body: { mode: "query", code: "1" } })).status,
      500,
    );
    assert.equal((await client.send("GET", `/session/${second}/logs`)).status, 404);
    const third = String(waiting.at("sessionId"));
    assert.deepEqual((await client.send("DELETE", `/session/${third}`)).at(""), {
      stats: { status: "cancelled" },
    });
    assert.equal(await statusOf(client, third), "CANCELLED");
    assert.deepEqual((await client.send("DELETE", `/session/${third}`)).at(""), { stats: {} });
    await client.send("DELETE", `/session/${first}`);
    await until("the second to run", async () => (await statusOf(client, second)) === "RUNNING");
    const history = await client.send("GET", `/session/${second}/status-history`);
    assert.deepEqual(Object.keys(history.at("") as object), [
      "PENDING",
      "SCHEDULED",
      "PREPARING",
      "PREPARED",
      "CREATING",
      "RUNNING",
    ]);
  });

  it("keeps waiting what the computer does not have", async () => {
    const { client } = await start("24.09");
    const answer = await create(client, "too-big", {
      maxWaitSeconds: 0.05,
      config: { resources: { cpu: 4096 } },
    });
    assert.deepEqual([answer.status, answer.at("status")], [201, "TIMEOUT"]);
  });

  it("refuses more sessions than it may have", async () => {
    for (const [release, status] of [
      ["20.03", 412],
      ["26.8", 400],
    ] as const) {
      const { client } = await start(release, { limits: { maxSessions: 1 } });
      await client.create("only-one");
      const refused = await create(client, "one-more");
      assert.equal(refused.status, status);
      assert.equal(refused.at("type"), "https://api.backend.ai/probs/quota-exceeded");
    }
  });

  it("ends idle and old sessions", async () => {
    const idle = await start("26.8", { limits: { idleTimeoutMs: 200 } });
    const one = await idle.client.create("idle-one");
    const seen = async (client: EngineClient, id: string): Promise<unknown> =>
      pick(
        await client.graphql("query($id: UUID!) { compute_session(id: $id) { status status_info } }", { id }),
        "data.compute_session",
      );
    const busy = await idle.client.create("busy-one");
    const run = idle.client.execute(busy, "import time; time.sleep(0.6); print('done')");
    await until("the idle one to end", async () => (await statusOf(idle.client, one)) === "TERMINATED");
    assert.equal(pick(await seen(idle.client, one), "status_info"), "idle-timeout");
    assert.equal(pick(await run, "console.0.1"), "done\n");
    const old = await start("26.8", { limits: { lifetimeMs: 200 } });
    const two = await old.client.create("old-one");
    await until("the old one to end", async () => (await statusOf(old.client, two)) === "TERMINATED");
    assert.equal(pick(await seen(old.client, two), "status_info"), "idle-session-lifetime");
  });

  it("runs batch sessions to their end and keeps their output", async () => {
    for (const [command, result, info] of [
      ["echo one; echo two >&2; pwd; exit 3", "FAILURE", "task-failed"],
      ["echo fine", "SUCCESS", "task-finished"],
    ] as const) {
      const { client } = await start("24.09");
      const missing = await client.send("GET", "/session/_/logs?taskId=00000000-0000-0000-0000-000000000000");
      assert.equal(missing.status, 404);
      const id = await client.create("batch-1", { type: "batch", startupCommand: command });
      const query = `query($id: UUID!) { compute_session(id: $id) { status result status_info containers { id } } }`;
      const ended = await until("the end", async () => {
        const shown = pick(await client.graphql(query, { id }), "data.compute_session");
        return pick(shown, "status") === "TERMINATED" && shown;
      });
      assert.deepEqual([pick(ended, "result"), pick(ended, "status_info")], [result, info]);
      const task = String(pick(ended, "containers.0.id"));
      const log = await client.send("GET", `/session/_/logs?taskId=${task}`);
      assert.equal(log.headers["content-type"], "text/plain");
      assert.match(log.text, command.startsWith("echo one") ? /^one\n[^]*two\n/ : /^fine\n$/);
      assert.equal((await client.send("HEAD", `/session/_/logs?taskId=${task}`)).status, 200);
      assert.equal((await client.send("GET", `/session/_/logs?task_id=${id}`)).text, "");
      assert.equal((await client.send("GET", "/session/_/logs?taskId=x")).status, 400);
      assert.equal((await client.send("GET", "/session/_/logs")).at("data.kernel_id"), "is required");
      assert.match(String((await client.send("GET", `/session/${id}/logs`)).at("result.logs")), /one|fine/);
    }
  });

  it("stops batch sessions that take too long", async () => {
    const { client } = await start("24.09");
    const id = await client.create("batch-2", {
      type: "batch",
      startup_command: "sleep 60",
      batch_timeout: "0.1s",
    });
    await until("the end", async () => (await statusOf(client, id)) === "TERMINATED");
  });

  it("gives sessions their environment, folders and bootstrap script", async () => {
    const { client } = await start("24.09");
    assert.equal((await client.send("POST", "/folders", { body: { name: "data" } })).status, 201);
    assert.equal((await client.send("POST", "/folders", { body: { name: "data" } })).status, 400);
    assert.equal((await client.send("POST", "/folders", { body: { name: "../x" } })).status, 400);
    const id = await client.create("outfitted", {
      bootstrap_script: "echo made > made.txt",
      config: { environ: { COLOR: "blue" }, mounts: ["data"], mount_map: { data: "/home/work/in/data" } },
    });
    const code = `import os; print(os.environ["COLOR"], os.environ["BACKENDAI_SESSION_NAME"], open("made.txt").read())
open("in/data/x.txt", "w").write("kept")`;
    assert.match(String(pick(await client.execute(id, code), "console.0.1")), /^blue outfitted made\n/);
    const list = await client.send("GET", `/session/${id}/files`, { body: { path: "in/data" } });
    assert.match(String(list.at("files")), /x\.txt/);
    assert.match(String((await client.send("GET", `/session/${id}`)).at("environ")), /'COLOR': 'blue'/);
    await client.send("DELETE", `/session/${id}`);
    const other = await client.create("another", { config: { mounts: ["data"] } });
    assert.match(
      String(pick(await client.execute(other, "print(open('data/x.txt').read())"), "console.0.1")),
      /kept/,
    );
    await client.send("DELETE", `/session/${other}`);
    const folders = await client.send("GET", "/folders");
    assert.equal(folders.at("0.name"), "data");
    const folder = `/folders/${String(folders.at("0.id"))}`;
    assert.equal((await client.send("GET", folder)).at("permission"), "rw");
    assert.equal((await client.send("DELETE", folder)).status, 204);
    assert.equal((await client.send("DELETE", "/folders", { body: { vfolderId: "nosuch" } })).status, 404);
  });

  it("stops while sessions are on their way up", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { client, engine } = await start("26.8", { limits: { concurrency: 2 }, stepMs: 100 });
      for (const name of ["first-1", "second-1", "third-1"]) {
        await create(client, name, { enqueueOnly: true });
      }
      await engine.close(); // went round for ever, and nothing else could run
    }
  });

  it("cancels a session that cannot start, and says why", async () => {
    const { client } = await start("26.8", {
      makeExecution: () => {
        throw new Error("no room");
      },
    });
    const answer = await create(client, "hopeless");
    assert.equal(answer.at("status"), "CANCELLED");
    const query = "query($id: UUID!) { compute_session(id: $id) { status_info status_data } }";
    const shown = await client.graphql(query, { id: answer.at("sessionId") });
    assert.equal(pick(shown, "data.compute_session.status_info"), "failed-to-start");
    assert.match(String(pick(shown, "data.compute_session.status_data")), /no room/);
  });

  it("ends a session whose processes give trouble, and stops", async () => {
    const { client, engine } = await start("24.09", {
      makeExecution: () => ({
        ...stubExecution,
        dispose: () => Promise.reject(new Error("they do not end")),
      }),
    });
    const id = await client.create("stubborn");
    assert.equal((await client.send("DELETE", `/session/${id}`)).status, 200);
    assert.equal(await statusOf(client, id), "TERMINATED");
    await client.create("stubborn");
    await engine.close();
  });

  it("restarts a session with its files, where the era can", async () => {
    const { client } = await start("24.09");
    const id = await client.create("restarted");
    await client.execute(id, "v = 1; open('keep.txt', 'w').write('kept')");
    assert.equal((await client.send("PATCH", `/session/${id}`)).status, 204);
    assert.match(JSON.stringify(await client.execute(id, "print(open('keep.txt').read())")), /kept/);
    assert.match(JSON.stringify(await client.execute(id, "print(v)")), /NameError/);
    const newest = await start();
    const other = await newest.client.create("restarted");
    assert.equal((await newest.client.send("PATCH", `/session/${other}`)).status, 501);
  });

  it("renames by the parameters of the era", async () => {
    const { client } = await start("24.09");
    const id = await client.create("before");
    assert.equal((await client.send("POST", `/session/${id}/rename?name=by-query`)).status, 204);
    assert.equal(
      (await client.send("POST", `/session/${id}/rename`, { body: { name: "by-body" } })).status,
      204,
    );
    assert.equal((await client.send("GET", "/session/by-body")).status, 200);
    assert.equal((await client.send("POST", `/session/${id}/rename`, { body: { name: "x" } })).status, 400);
    const empty = await client.send("POST", `/session/${id}/rename`, { body: {} });
    assert.equal(empty.at("data.session_name"), "is required");
    const newest = await start();
    const other = await newest.client.create("before");
    const byQuery = await newest.client.send("POST", `/session/${other}/rename?name=by-query`);
    assert.deepEqual([byQuery.status, byQuery.at("title")], [400, "Malformed request body."]);
    const own = await newest.client.send("POST", `/session/${other}/rename`, { body: { name: "before" } });
    assert.equal(own.at("type"), "https://api.backend.ai/probs/session-already-exists");
  });

  it("finds sessions by prefix up to 22.03 and exactly later", async () => {
    const { client } = await start("22.03");
    const id = await client.create("prefix-1");
    assert.equal((await client.send("GET", `/session/${id.slice(0, 8)}`)).status, 200);
    assert.equal((await client.send("GET", "/session/prefix")).status, 200);
    await client.create("prefix-2");
    const ambiguous = await client.send("GET", "/session/prefix");
    assert.equal(ambiguous.at("type"), "https://api.backend.ai/probs/too-many-sessions-matched");
    assert.equal((ambiguous.at("data.matches") as unknown[]).length, 2);
    assert.equal(
      ((await client.send("GET", "/session/_/match?id=prefix")).at("matches") as unknown[]).length,
      2,
    );
    const newest = await start();
    await newest.client.create("prefix-1");
    const unknown = await newest.client.send("GET", "/session/prefix");
    assert.deepEqual([unknown.status, unknown.at("msg")], [404, "Session (id=prefix) does not exist."]);
    assert.deepEqual((await newest.client.send("GET", "/session/_/match?id=prefix")).at("matches"), []);
  });

  it("keeps in the log what programs say when they are told to end", async () => {
    const { client } = await start("24.09");
    const id = String((await create(client, "farewell", { image: "shell" })).at("sessionId"));
    const exec = "trap 'echo last words; exit' TERM; echo go; while :; do sleep 0.05; done";
    await client.send("POST", `/session/${id}`, {
      body: { mode: "batch", code: "", runId: "a", options: { exec } },
    });
    const log = async (): Promise<string> =>
      String((await client.send("GET", `/session/${id}/logs`)).at("result.logs"));
    await until("the program to run", async () => (await log()).includes("go"));
    await client.send("DELETE", `/session/${id}`);
    assert.match(await log(), /^go\n(?:.*\n)?last words\n$/); // a shell may name what else was ended
  });

  it("shows logs after the end, but does not choose among namesakes", async () => {
    const { client } = await start("24.09");
    const id = await client.create("logged");
    await client.execute(id, "print('remember me')");
    await client.send("DELETE", `/session/${id}`);
    assert.match(String((await client.send("GET", `/session/${id}/logs`)).at("result.logs")), /remember me/);
    assert.equal((await client.send("GET", `/session/${id}`)).status, 404);
    await client.create("logged");
    const ambiguous = await client.send("GET", "/session/logged/logs");
    assert.equal(ambiguous.at("type"), "https://api.backend.ai/probs/too-many-sessions-matched");
  });

  it("ends a session whose run takes too long", async () => {
    const { client } = await start("24.09", { execTimeoutMs: 200 });
    const id = await client.create("endless");
    const result = await client.execute(id, "while True: pass");
    assert.equal(pick(result, "status"), "exec-timeout");
    await until("the end", async () => (await statusOf(client, id)) === "TERMINATED");
  });

  it("keeps the files of a data directory and nothing of a temporary one", async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), "engine-data-"));
    try {
      const { client, engine } = await start("24.09", { dataDir });
      const id = await client.create("lasting");
      await client.execute(id, "open('a.txt', 'w').write('kept')");
      await client.send("DELETE", `/session/${id}`);
      await engine.close();
      const [folder = ""] = await readdir(path.join(dataDir, "sessions"));
      assert.match(folder, /^lasting-[0-9a-f]{8}$/);
      assert.equal(await readFile(path.join(dataDir, "sessions", folder, "work/a.txt"), "utf8"), "kept");
    } finally {
      await rm(dataDir, { recursive: true });
    }
    const { client, engine } = await start();
    const id = await client.create("passing");
    const where = String(
      pick(await client.execute(id, "import os; print(os.getcwd())"), "console.0.1"),
    ).trim();
    assert.ok(existsSync(where));
    await engine.close();
    await engine.close(); // twice is harmless
    assert.equal(existsSync(path.dirname(path.dirname(path.dirname(where)))), false);
  });
});

describe("engine data directory", () => {
  it("removes what killed engines left, and nothing else", async () => {
    const parent = await mkdtemp(path.join(tmpdir(), "engine-sweep-"));
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const [name, owner] of [
      ["engine-dead", gone],
      ["engine-live", process.pid],
      ["other-dead", gone],
    ] as const) {
      await mkdir(path.join(parent, name));
      await writeFile(path.join(parent, name, "owner.pid"), `${owner}\n`);
    }
    await mkdir(path.join(parent, "engine-unclaimed"));
    await sweepAbandoned(parent, "engine-");
    assert.deepEqual((await readdir(parent)).sort(), ["engine-live", "engine-unclaimed", "other-dead"]);
    await rm(parent, { recursive: true });
  });
});

describe("engine slots", () => {
  it("reads sizes and refuses what is none", () => {
    assert.deepEqual(["512m", "1g", "1073741824", "1.5k", "2GiB", "x"].map(parseSize), [
      512 * 1024 ** 2,
      1024 ** 3,
      1073741824,
      1536,
      2 * 1024 ** 3,
      undefined,
    ]);
    assert.deepEqual(parseSlots({ cpu: "2", mem: "256m" }), { cpu: 2, mem: 256 * 1024 ** 2 });
    assert.throws(() => parseSlots({ mem: "lots" }), Refusal);
    assert.equal(slotsInPython({ cpu: 1 }), "{'cpu': Decimal('1')}");
  });
});
