import assert from "node:assert/strict";
import {
  ConfigurationError,
  ConflictError,
  type CreateSessionOptions,
  GraphqlError,
  NotFoundError,
  ProtocolError,
  TimeoutError,
  UnsupportedError,
} from "../../../src/api/index.js";
import { drain, problem, withServer } from "./support/scriptedServer.js";

const v4 = { version: "v4.20190615", manager: "19.09.27" };
const v5 = { version: "v5.20191215", manager: "20.03.19" };
const v6 = { version: "v6.20220315", manager: "22.03.3" };
const v7 = { version: "v7.20230615", manager: "23.09.10" };
const v9 = { version: "v9.20250722", manager: "26.8.1" };

describe("sessions", () => {
  const at = withServer({ mounts: ["mine"], timeouts: { headersMs: 200 } });
  const json = (): Record<string, unknown> =>
    JSON.parse(at.server.received.at(-1)!.body.toString()) as Record<string, unknown>;
  async function speak(hello: typeof v4): Promise<void> {
    at.server.hello = hello;
    await at.reconnect();
  }
  const uuid = "6f2c3ab2-0000-4000-8000-000000000001";

  it("are created in the words of each era", async () => {
    const options: CreateSessionOptions = {
      image: "python",
      name: "name-1",
      clusterSize: 2,
      mounts: ["other", "mine"],
      resources: { cpu: 1 },
      resourceGroup: "g",
    };
    const answers = [
      [v4, "/kernel/create", { kernelId: "name-1", servicePorts: null }, "name-1"],
      [v5, "/session", { sessionId: uuid, sessionName: "name-1" }, uuid],
      [v9, "/session/_/create", { sessionId: uuid, created: false, service_ports: [] }, uuid],
    ] as const;
    for (const [hello, path, answer, id] of answers) {
      await speak(hello);
      at.server.answer = () => answer;
      const created = await at.client.sessions.create(options);
      assert.deepEqual(
        [created.id, created.name, created.status, created.created],
        [id, "name-1", "RUNNING", false],
      );
      assert.deepEqual([created.domain, created.group, created.servicePorts], ["default", "default", []]);
      assert.equal(at.server.lines.at(-1), `POST ${path}`);
      const body = json();
      assert.equal(body[hello === v4 ? "clientSessionToken" : "name"], "name-1");
      assert.deepEqual((body["config"] as { mounts: string[] }).mounts, ["mine", "other"]);
    }
    assert.equal(json()["cluster_size"], 2);
  });

  it("get a name when none is given, and refuse one that servers could not find", async () => {
    at.server.answer = (_, response) => {
      response.writeHead(201, { "Content-Type": "application/json" }).end(`{"sessionId":"${uuid}"}`);
    };
    const created = await at.client.sessions.create({ image: "python" }, { ownerAccessKey: "KEY" });
    assert.match(created.name, /^session-[0-9a-f]{12}$/);
    assert.equal(created.created, true);
    assert.equal(json()["owner_access_key"], "KEY");
    assert.match(at.server.lines.at(-1)!, /\?owner_access_key=KEY$/);
    for (const name of ["abc", "bad name!", "-lead", "x".repeat(65)]) {
      await assert.rejects(at.client.sessions.create({ image: "python", name }), ConfigurationError);
    }
  });

  it("are waited for as long as create may take, and no longer", async () => {
    at.server.answer = () => undefined;
    const isLate = (ms: number) => (error: unknown) => error instanceof TimeoutError && error.ms === ms;
    await assert.rejects(at.client.sessions.create({ image: "a", timeoutMs: 30 }), isLate(30));
    await assert.rejects(at.client.sessions.create({ image: "a", enqueueOnly: true }), isLate(200));
    await assert.rejects(at.client.sessions.create({ image: "a", maxWaitSeconds: 0.1 }), isLate(300));
    at.server.answer = (_, response) => problem(response, 400, "session-already-exists");
    await assert.rejects(at.client.sessions.create({ image: "a", reuseIfExists: false }), ConflictError);
  });

  it("end with statistics, a status or nothing", async () => {
    for (const [body, stats] of [
      ['{"stats":{"cpu":1}}', { cpu: 1 }],
      ['{"stats":null}', {}],
      ["", {}],
    ] as const) {
      at.server.answer = (_, response) => void response.end(body);
      assert.deepEqual(await at.client.sessions.destroy("x", { recursive: true }), stats);
    }
    assert.equal(at.server.lines.at(-1), "DELETE /session/x?recursive=true");
  });

  it("restart where the server can", async () => {
    at.server.answer = (_, response) => void response.writeHead(204).end();
    await at.client.sessions.restart("x");
    at.server.answer = (_, response) => problem(response, 501, "not-implemented");
    await assert.rejects(at.client.sessions.restart("x"), UnsupportedError);
    at.server.answer = (_, response) => problem(response, 404, "session-not-found");
    await assert.rejects(at.client.sessions.restart("x"), NotFoundError);
    const asked = at.server.lines.length;
    await speak(v9);
    await assert.rejects(at.client.sessions.restart("x"), (error) => {
      return error instanceof UnsupportedError && /older than 26.4.4.*manager 26.8.1/.test(error.message);
    });
    assert.equal(at.server.lines.length, asked);
  });

  it("give logs, and a task's log in pieces of one size", async () => {
    at.server.answer = () => ({ result: { logs: "text" } });
    assert.equal(await at.client.sessions.logs("x", { kernelId: "k" }), "text");
    assert.equal(at.server.lines.at(-1), "GET /session/x/logs?kernel_id=k");
    at.server.answer = (_, response) => {
      response.write("0123456");
      setImmediate(() => response.end("789"));
    };
    const pieces = await drain(at.client.sessions.taskLogs("k", { chunkSize: 4 }));
    assert.deepEqual(pieces.map(String), ["0123", "4567", "89"]);
    at.server.answer = (_, response) => problem(response, 404, "object-not-found");
    await assert.rejects(drain(at.client.sessions.taskLogs("k")), NotFoundError);
    await speak(v7);
    await assert.rejects(at.client.sessions.logs("x", { kernelId: "k" }), UnsupportedError);
  });

  it("are renamed by a body, matched and interrupted", async () => {
    at.server.answer = () => ({ matches: [{ id: "i", name: "n", status: "RUNNING" }] });
    await at.client.sessions.rename("x", "other");
    assert.deepEqual(json(), { name: "other" });
    assert.equal((await at.client.sessions.match("n"))[0]?.name, "n");
    await at.client.sessions.interrupt("x");
    assert.deepEqual(at.server.lines.slice(1), ["GET /session/_/match?id=n", "POST /session/x/interrupt"]);
  });

  it("have the rarer calls where the release has them", async () => {
    const { sessions } = at.client;
    at.server.answer = ({ url, method }) => {
      const answers: Record<string, object> = {
        "/commit": method === "GET" ? { status: "ready" } : { bgtask_id: "t", path: "p" },
        "/imagify": { task_id: "t" },
        "/abusing-report": { abuse_report: null },
        "/direct-access-info": { public_host: "h", sshd_ports: ["22"] },
        "/dependency-graph": { session_id: "i", session_name: "n", status: "RUNNING", depends_on: [] },
        "/transit-status": { session_status_map: { i: "RUNNING" } },
        "/status-history": { result: { PENDING: "t" } },
        "/create-from-template": { sessionId: "i" },
        "/create-cluster": { sessionId: "i" },
      };
      return Object.entries(answers).find(([tail]) => url.includes(tail))?.[1];
    };
    assert.deepEqual(await sessions.commit("x", { filename: "f" }), { taskId: "t", path: "p" });
    assert.deepEqual(json(), { filename: "f" });
    assert.equal(await sessions.commitStatus("x"), "ready");
    assert.equal(await sessions.imagify("x", "image"), "t");
    assert.equal(await sessions.abusingReport("x"), undefined);
    assert.deepEqual(await sessions.directAccess("x"), { host: "h", sshPorts: [22] });
    assert.equal((await sessions.dependencyGraph("x")).session_name, "n");
    assert.deepEqual(await sessions.transitStatus(["i"]), { i: "RUNNING" });
    assert.equal((await sessions.createFromTemplate("t", { name: "from-t" })).id, "i");
    assert.equal((await sessions.createCluster("t", { name: "cluster" })).id, "i");
    await speak(v9);
    assert.deepEqual(await at.client.sessions.statusHistory("x"), { PENDING: "t" });
    await at.client.sessions.commit("x", { filename: "f" });
    assert.equal(at.server.lines.at(-1), "POST /session/x/commit?filename=f");
  });

  it("say what an old server lacks before anything is sent", async () => {
    await speak(v4);
    const { sessions, apps, events } = at.client;
    const calls = [
      sessions.commit("x"),
      sessions.imagify("x", "a"),
      sessions.abusingReport("x"),
      sessions.directAccess("x"),
      sessions.dependencyGraph("x"),
      sessions.transitStatus([]),
      sessions.statusHistory("x"),
      sessions.createFromTemplate("t"),
      sessions.createCluster("t"),
      sessions.rename("x", "name"),
      sessions.match("x"),
      apps.list("x"),
      apps.startService("x", "a"),
      apps.shutdownService("x", "a"),
      drain(events.backgroundTask("t")),
    ];
    for (const call of calls) {
      await assert.rejects(call, UnsupportedError);
    }
    assert.deepEqual(at.server.lines, []);
  });

  it("are listed in the words of each era, a page at a time, without repeats", async () => {
    const rows = [
      { id: "k1", sess_id: "one", sess_type: "BATCH", image: "i", status: "running", result: "SUCCESS" },
      { id: "k2", sess_id: "two", name: "two", type: "INTERACTIVE", status: "NOVEL", main_kernel_id: "m2" },
    ];
    const created = "2026-11-23T18:51:24.622722+00:00";
    at.server.answer = ({ body }) => {
      const { variables } = JSON.parse(body.toString()) as { variables: { offset: number } };
      const items = [
        rows.map((row) => ({ ...row, created_at: created, terminated_at: null }))[variables.offset],
      ];
      const data = { compute_session_list: { items, total_count: 2 } };
      return at.client.dialect.graphql.wrapped ? { data } : data;
    };
    for (const [hello, path] of [
      [v4, "/admin/graphql"],
      [v5, "/admin/graphql"],
      [v7, "/admin/gql"],
    ] as const) {
      await speak(hello);
      const listed = await drain(at.client.sessions.list({ status: ["RUNNING", "PENDING"], limit: 1 }));
      assert.equal(at.server.lines.at(-1), `POST ${path}`);
      assert.deepEqual(
        listed.map(({ id }) => id),
        hello === v4 ? ["one", "two"] : ["k1", "k2"],
      );
      assert.deepEqual(
        listed.map(({ mainKernelId }) => mainKernelId),
        ["k1", "m2"],
      );
      assert.deepEqual(
        [listed[0]?.type, listed[0]?.status, listed[0]?.result],
        ["batch", "RUNNING", "success"],
      );
      assert.equal(listed[0]?.createdAt?.toISOString(), "2026-11-23T18:51:24.622Z");
      assert.equal(listed[0]?.terminatedAt, undefined);
      assert.equal((json()["variables"] as { status: string }).status, "RUNNING,PENDING");
      assert.match(
        String(json()["query"]),
        hello === v7 ? /order:"-created_at".*main_kernel_id/ : /order_key/,
      );
    }
  });

  it("are all listed though one of them ends between two pages", async () => {
    const ids = ["a", "b", "c", "d"];
    at.server.answer = ({ body }) => {
      const { variables } = JSON.parse(body.toString()) as { variables: { offset: number; limit: number } };
      const { offset, limit } = variables;
      const items = ids.slice(offset, offset + limit).map((id) => ({ id, status: "RUNNING" }));
      const total_count = ids.length;
      if (ids[0] === "a") {
        ids.shift(); // the others move up
      }
      return { data: { compute_session_list: { items, total_count } } };
    };
    const listed = await drain(at.client.sessions.list({ limit: 2 }));
    assert.deepEqual(listed.map(({ id }) => id).sort(), ["a", "b", "c", "d"]);
  });

  it("are looked up one by one", async () => {
    at.server.answer = () => ({ data: { compute_session: { id: "i", name: "n", status: "ERROR" } } });
    assert.equal((await at.client.sessions.summary("i")).name, "n");
    at.server.answer = () => ({ data: { compute_session: null } });
    await assert.rejects(at.client.sessions.summary("i"), NotFoundError);
  });

  it("report GraphQL's errors and odd answers", async () => {
    at.server.answer = () => ({ data: null, errors: [{ message: "Forbidden operation." }, "plain"] });
    await assert.rejects(at.client.sessions.page(), (error) => {
      return error instanceof GraphqlError && error.messages.join() === "Forbidden operation.,plain";
    });
    at.server.answer = () => ({ data: {} });
    await assert.rejects(at.client.sessions.page(), ProtocolError);
    await speak(v6);
    at.server.answer = () => ({ groups: [] });
    assert.deepEqual(await at.client.graphql("{groups{id}}"), {});
  });
});
