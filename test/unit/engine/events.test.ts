import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createParser } from "eventsource-parser";
import { until } from "../../support/until.js";
import { pick, type EngineClient } from "./support/client.js";
import { engines } from "./support/engines.js";

interface Heard {
  readonly name: string;
  readonly data: unknown;
}

/** Listens to a stream of events until the test ends. */
async function listen(client: EngineClient, path: string): Promise<Heard[]> {
  const heard: Heard[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => heard.push({ name: event ?? "", data: JSON.parse(data) as unknown }),
  });
  const response = await client.open("GET", path);
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["content-type"], "text/event-stream");
  response.body.on("data", (chunk: Buffer) => parser.feed(chunk.toString("utf8")));
  response.body.on("error", () => undefined);
  return heard;
}

const paths: Readonly<Record<string, string>> = {
  "19.09": "/stream/kernel/_/events?sessionId=*",
  "20.03": "/events/session?name=*",
  "26.8": "/events/session?sessionName=*",
};

describe("engine events", () => {
  const start = engines();

  const orders: Readonly<Record<string, string>> = {
    "19.09":
      "kernel_enqueued kernel_preparing kernel_creating kernel_started kernel_terminating kernel_terminated",
    "20.03":
      "kernel_enqueued kernel_preparing kernel_creating kernel_started kernel_terminating kernel_terminated",
    "22.09":
      "session_enqueued session_scheduled kernel_preparing kernel_creating kernel_started session_started " +
      "session_terminating kernel_terminating kernel_terminated kernel_terminated kernel_terminated session_terminated",
    "23.09":
      "kernel_preparing kernel_creating kernel_started session_terminating kernel_terminating kernel_terminated " +
      "kernel_terminated kernel_terminated session_terminated",
    "24.09":
      "session_enqueued session_scheduled kernel_preparing kernel_creating kernel_started session_started " +
      "session_terminating kernel_terminating kernel_terminated kernel_terminated kernel_terminated session_terminated",
    "26.8":
      "session_pending session_scheduled session_preparing session_prepared kernel_preparing kernel_creating " +
      "kernel_started session_creating session_started session_terminating kernel_terminated kernel_terminated " +
      "session_terminated",
  };
  for (const [release, order] of Object.entries(orders)) {
    it(`${release} tells a session's life in the recorded order`, async () => {
      const { client } = await start(release);
      const heard = await listen(client, paths[release] ?? "/events/session?name=*");
      const id = await client.create("alive-one");
      await client.send("DELETE", `${client.prefix}/${id}`);
      await until("the last event", () => heard.at(-1)?.name.endsWith("_terminated"));
      await until("all events", () => heard.length >= order.split(" ").length);
      assert.equal(heard.map(({ name }) => name).join(" "), order);
    });
  }

  it("says what each era says about a session", async () => {
    const first = async (release: string): Promise<unknown> => {
      const { client } = await start(release);
      const heard = await listen(client, paths[release] ?? "/events/session?name=*");
      await client.create("told-one");
      return (await until("a kernel event", () => heard.find(({ name }) => name === "kernel_started"))).data;
    };
    const old = await first("19.09");
    assert.deepEqual(Object.keys(old as object), ["sessionId", "ownerAccessKey", "reason"]);
    assert.equal(pick(old, "sessionId"), "told-one");
    assert.deepEqual(Object.keys((await first("20.03")) as object), [
      "sessionName",
      "ownerAccessKey",
      "reason",
    ]);
    const current = await first("24.09");
    assert.deepEqual(Object.keys(current as object), [
      "reason",
      "sessionName",
      "ownerAccessKey",
      "sessionId",
      "exitCode",
      "kernelId",
      "clusterRole",
      "clusterIdx",
    ]);
  });

  it("filters by name, id and scope", async () => {
    const { client } = await start("24.09");
    const named = await listen(client, "/events/session?name=wanted&scope=kernel");
    const id = await client.create("unwanted");
    await client.create("wanted");
    const byId = await listen(client, `/events/session?sessionId=${id}&scope=session`);
    await client.send("DELETE", `/session/${id}`);
    await until("the end", () => byId.some(({ name }) => name === "session_terminated"));
    assert.deepEqual([...new Set(named.map(({ data }) => pick(data, "sessionName")))], ["wanted"]);
    assert.deepEqual(
      byId.map(({ name }) => name),
      ["session_terminating", "session_terminated"],
    );
  });

  it("refuses other owners, unknown groups and scope lists", async () => {
    const { client } = await start("24.09");
    for (const [query, status] of [
      ["ownerAccessKey=AKIASOMEBODY", 403],
      ["groupName=nosuch", 404],
      ["scope=session,kernel", 400],
    ] as const) {
      assert.equal((await client.send("GET", `/events/session?${query}`)).status, status, query);
    }
    const newest = await start("26.8");
    const missing = await newest.client.send("GET", "/events/session?sessionName=nosuch&scope=session");
    assert.equal(missing.status, 404);
  });

  it("follows a commit as a background task, also after its end", async () => {
    const { client } = await start("24.09");
    const id = await client.create("committed");
    await client.upload(id, { "/home/work/a.txt": "a" }, true);
    const commit = await client.send("POST", `/session/${id}/commit`, { body: { filename: "mine.tar.gz" } });
    assert.equal(commit.status, 201);
    assert.match(String(commit.at("path")), /\/mine\.tar\.gz$/);
    const path = `/events/background-task?task_id=${String(commit.at("bgtask_id"))}`;
    const heard = await listen(client, path);
    await until("the end", () => heard.some(({ name }) => name === "server_close"));
    assert.equal(heard.at(-2)?.name, "bgtask_done");
    const later = await listen(client, path);
    await until("the end again", () => later.some(({ name }) => name === "server_close"));
    assert.deepEqual(
      later.map(({ name }) => name),
      ["bgtask_done", "server_close"],
    );
    assert.equal((await client.send("GET", `/session/${id}/commit`)).at("status"), "ready");
  });

  it("lets only this user read commits, also below a directory that others can read", async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), "engine-commits-"));
    await chmod(dataDir, 0o755);
    const { client, engine } = await start("24.09", { dataDir });
    const id = await client.create("committed");
    const commit = await client.send("POST", `/session/${id}/commit`, { body: { filename: "mine.tar.gz" } });
    const heard = await listen(client, `/events/background-task?task_id=${String(commit.at("bgtask_id"))}`);
    await until("the end", () => heard.some(({ name }) => name === "server_close"));
    const modes = await Promise.all(
      ["commits", "commits/mine.tar.gz"].map(
        async (name) => (await stat(path.join(dataDir, name))).mode & 0o777,
      ),
    );
    assert.deepEqual(modes, [0o700, 0o600]);
    await engine.close();
    await rm(dataDir, { recursive: true });
  });

  it("treats unknown tasks as each era does", async () => {
    const unknown = "/events/background-task?task_id=00000000-0000-0000-0000-000000000000";
    assert.equal((await (await start("21.03")).client.send("GET", unknown)).status, 404);
    assert.equal((await (await start("23.09")).client.send("GET", unknown)).status, 500);
    assert.equal((await listen((await start("24.09")).client, unknown)).length, 0);
  });
});
