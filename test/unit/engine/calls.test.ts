import assert from "node:assert/strict";
import { releases } from "../../../src/wire/releases.js";
import { pick } from "./support/client.js";
import { engines } from "./support/engines.js";

describe("engine calls", () => {
  const start = engines();

  it("has the calls of each release and no others", async () => {
    /** Calls by the first release that has them (`protocol.md` §1.5). */
    const since: readonly (readonly [method: string, tail: string, release: string])[] = [
      ["GET", "/_/match?id=x", "20.03"],
      ["POST", "/_/create-from-template", "20.03"],
      ["POST", "/_/create-cluster", "20.09"],
      ["POST", "/{id}/rename", "22.03"],
      ["POST", "/{id}/start-service", "22.03"],
      ["GET", "/{id}/commit", "22.09"],
      ["GET", "/{id}/abusing-report", "22.09"],
      ["GET", "/{id}/direct-access-info", "22.09"],
      ["POST", "/_/sync-agent-registry", "22.09"],
      ["GET", "/{id}/dependency-graph", "23.09"],
      ["POST", "/{id}/imagify", "24.03"],
      ["POST", "/_/transit-status", "24.09"],
      ["GET", "/{id}/status-history", "26.8"],
    ];
    const order = releases.map(({ release }) => release as string);
    for (const { release } of releases) {
      const { client } = await start(release);
      const id = await client.create("calls-1");
      for (const [method, tail, first] of since) {
        const path = client.prefix + tail.replace("{id}", id);
        const answer = await client.send(method, path, method === "POST" ? { body: {} } : {});
        const isUnknown =
          answer.status === 405 ||
          (answer.status === 404 && /Unknown URL path/.test(String(answer.at("title"))));
        assert.equal(
          isUnknown,
          order.indexOf(release) < order.indexOf(first),
          `${release} ${method} ${tail}`,
        );
      }
      const v2 = await client.send("GET", `/v2/sessions/${id}`);
      assert.equal(v2.status, release === "26.8" ? 200 : 404, release);
    }
  });

  it("reads the run id from the key of the era", async () => {
    const { client } = await start("24.09");
    const id = await client.create("runs-1");
    const post = (body: unknown) => client.send("POST", `/session/${id}`, { body });
    assert.equal((await post({ mode: "query", code: "1" })).at("msg"), "runId is missing!");
    assert.equal((await post({ mode: "nonsense", runId: null })).at("msg"), "mode has an invalid value.");
    assert.equal((await post({ runId: null })).at("msg"), "mode is missing or empty!");
    const mine = await post({ mode: "query", code: "print(1)", runId: "mine" });
    assert.equal(mine.at("result.runId"), "mine");
    const newest = await start();
    const other = await newest.client.create("runs-1");
    const send = (body: unknown) => newest.client.send("POST", `/session/${other}`, { body });
    const ignored = await send({ mode: "continue", code: "", runId: "only-old" });
    assert.deepEqual(
      [ignored.status, ignored.at("type")],
      [500, "https://api.backend.ai/probs/invalid-session-data"],
    );
    const query = await send({ mode: "query", code: "print(1)", runId: "ignored" });
    assert.notEqual(query.at("result.runId"), "ignored");
    assert.equal((await send({ mode: "query", code: "1/0", run_id: null })).at("result.exitCode"), 1);
    assert.equal((await post({ mode: "query", code: "1/0", runId: null })).at("result.exitCode"), 0);
  });

  it("asks for input over REST and interrupts", async () => {
    const { client } = await start();
    const id = await client.create("input-1");
    const run_id = "ask";
    const question = await client.execute(id, "x = input('? ')\nprint(x)", { run_id });
    assert.deepEqual(
      [pick(question, "status"), pick(question, "options.is_password")],
      ["waiting-input", false],
    );
    const answered = await client.execute(id, "me", { mode: "input", run_id });
    assert.deepEqual([pick(answered, "status"), pick(answered, "console.0.1")], ["finished", "me\n"]);
    const running = client.execute(id, "import time\nprint('go', flush=True)\nwhile True: time.sleep(0.05)", {
      run_id,
    });
    await client.send("GET", `/session/${id}/logs`);
    await running;
    assert.equal((await client.send("POST", `/session/${id}/interrupt`)).status, 204);
    const last = await client.execute(id, "", { mode: "continue", run_id });
    assert.match(JSON.stringify(last), /KeyboardInterrupt/);
  });

  it("runs batches with their notices", async () => {
    const { client } = await start("24.09");
    const id = await client.create("batch-1");
    const runId = "b";
    const options = { clean: null, build: "echo built", exec: "echo ran; exit 3" };
    const seen: unknown[] = [];
    let result = await client.execute(id, "", { mode: "batch", runId, options });
    for (
      ;
      pick(result, "status") !== "finished";
      result = await client.execute(id, "", { mode: "continue", runId })
    ) {
      seen.push(pick(result, "status"));
    }
    assert.deepEqual(
      seen.filter((status) => status !== "continued"),
      ["clean-finished", "build-finished"],
    );
    assert.equal(pick(result, "exitCode"), 3);
    const wrong = await client.execute(id, "", { mode: "batch", options: { exec: 1 } });
    assert.match(JSON.stringify(wrong), /validation error/);
  });

  it("completes with the field of the era", async () => {
    for (const [release, field] of [
      ["24.09", "completions"],
      ["26.8", "suggestions"],
    ] as const) {
      const { client } = await start(release);
      const id = await client.create("complete");
      await client.execute(id, "import os");
      const options = { row: 0, col: 10, line: "os.getcw", post: "" };
      const answer = await client.send("POST", `/session/${id}/complete`, {
        body: { code: "os.getcw", options },
      });
      assert.ok((answer.at(`result.${field}`) as string[]).includes("os.getcwd"), answer.text);
      const mode = { mode: "complete", code: "os.getcw", options, runId: null };
      const nested = await client.send("POST", `/session/${id}`, { body: mode });
      assert.ok(nested.at(release === "26.8" ? "result.result.suggestions" : "result.completions"));
    }
  });

  it("answers the small calls", async () => {
    const { client } = await start("24.09");
    const id = await client.create("small-1");
    const get = (tail: string) => client.send("GET", `/session/${id}${tail}`);
    assert.deepEqual((await get("/abusing-report")).at(""), {});
    assert.deepEqual((await get("/direct-access-info")).at(""), {});
    assert.equal((await get("/commit")).at("status"), "ready");
    const graph = await get("/dependency-graph");
    assert.deepEqual([graph.at("status"), graph.at("depends_on")], ["KernelStatus.RUNNING", []]);
    const transit = await client.send("POST", "/session/_/transit-status", { body: { ids: [id, "nosuch"] } });
    assert.deepEqual(transit.at("session_status_map"), { [id]: "RUNNING" });
    const service = await client.send("POST", `/session/${id}/start-service`, { body: { app: "ttyd" } });
    assert.deepEqual(
      [service.status, service.at("msg")],
      [503, "No coordinator configured for this resource group"],
    );
    const shutdown = await client.send("POST", `/session/${id}/shutdown-service`, {
      body: { service_name: "x" },
    });
    assert.equal(shutdown.status, 204);
    assert.equal((await client.send("POST", `/session/${id}/imagify`, { body: {} })).status, 503);
    const newest = await start();
    const other = await newest.client.create("small-1");
    const transit26 = await newest.client.send("POST", "/session/_/transit-status", { body: { ids: [] } });
    assert.equal(transit26.status, 501);
    const service26 = await newest.client.send("POST", `/session/${other}/start-service`, {
      body: { app: "x" },
    });
    assert.equal(service26.at("type"), "https://api.backend.ai/probs/appproxy-connection-error");
    const commit = await newest.client.send("POST", `/session/${other}/commit?filename=../../evil.tar.gz`);
    assert.match(String(commit.at("path")), /\/evil\.tar\.gz$/);
    const info = await newest.client.send("GET", `/session/${other}`);
    assert.deepEqual([info.at("status"), info.at("statusInfo"), info.at("tag")], ["RUNNING", "None", ""]);
    const oldest = await start("20.03");
    const info20 = await oldest.client.send("GET", `/session/${await oldest.client.create("small-1")}`);
    assert.equal(info20.at("idleChecks"), undefined);
  });

  it("answers the lists of the user interface", async () => {
    const { client } = await start("24.09");
    await client.create("listed");
    const get = async (path: string): Promise<unknown> => (await client.send("GET", path)).at("");
    assert.deepEqual(await get("/config/resource-slots"), { cpu: "count", mem: "bytes" });
    assert.deepEqual(await get("/scaling-groups?group=default"), { scaling_groups: [{ name: "default" }] });
    assert.deepEqual(await get("/manager/announcement"), { enabled: false, message: "" });
    assert.deepEqual(await get("/user-config/dotfiles"), []);
    assert.equal(pick(await get("/manager/status"), "active_sessions"), 1);
    assert.deepEqual(pick(await get("/manager/status"), "nodes.0.api_version"), [8, "20240915"]);
    assert.equal(pick(await get("/folders/_/hosts"), "default"), "local:volume1");
    assert.equal(pick(await get("/resource/presets"), "presets.0.name"), "cpu01-small");
    const checked = await client.send("POST", "/resource/check-presets", { body: { group: "default" } });
    assert.deepEqual(checked.at("keypair_using"), { cpu: "1", mem: "1073741824" });
    assert.equal(checked.at("presets.0.allocatable"), true);
    assert.equal((await client.send("GET", "/scaling-groups/default/wsproxy-version")).status, 503);
    assert.equal((await client.send("GET", "/scaling-groups/nosuch/wsproxy-version")).status, 404);
  });

  it("searches, shows and ends sessions over v2", async () => {
    const { client } = await start();
    const ids = [await client.create("two-a"), await client.create("two-b"), await client.create("two-c")];
    const search = (body: unknown) => client.send("POST", "/v2/sessions/my/search", { body });
    const page = await search({ limit: 2, order: [{ field: "name", direction: "ASC" }] });
    assert.deepEqual(
      [page.at("items.0.metadata.name"), page.at("items.1.metadata.name")],
      ["two-a", "two-b"],
    );
    assert.deepEqual([page.at("total_count"), page.at("has_next_page")], [3, true]);
    assert.equal(
      (await search({ offset: 2, order: [{ field: "created_at" }] })).at("has_previous_page"),
      true,
    );
    const filters: readonly (readonly [unknown, number])[] = [
      [{ status: { in_: ["RUNNING"] } }, 3],
      [{ status: { not_equals: "RUNNING" } }, 0],
      [{ status: { not_in: ["PENDING"] }, name: { contains: "-b" } }, 1],
      [{ name: { i_contains: "TWO" } }, 3],
      [{ id: { equals: ids[2] } }, 1],
    ];
    for (const [filter, count] of filters) {
      assert.equal((await search({ filter })).at("total_count"), count, JSON.stringify(filter));
    }
    for (const field of ["status", "id", "terminated_at"]) {
      assert.equal((await search({ order: [{ field, direction: "ASC" }] })).status, 200);
    }
    assert.equal((await client.send("POST", "/v2/sessions/search", { body: {} })).status, 403);
    assert.equal((await client.send("GET", `/v2/sessions/${ids[0]}`)).at("lifecycle.status"), "RUNNING");
    assert.equal((await client.send("GET", `/v2/sessions/${ids[0]}/logs`)).at("logs"), "");
    const ended = await client.send("POST", "/v2/sessions/terminate", {
      body: { session_ids: [ids[0], "nosuch"] },
    });
    assert.deepEqual([ended.at("terminating"), ended.at("skipped")], [[ids[0]], ["nosuch"]]);
    const forced = { session_ids: [ids[1]], forced: true };
    assert.deepEqual(
      (await client.send("POST", "/v2/sessions/terminate", { body: forced })).at("force_terminated"),
      [ids[1]],
    );
  });
});
