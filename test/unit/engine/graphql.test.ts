import assert from "node:assert/strict";
import { FilterError, parseFilter } from "../../../src/engine/graphql/filter.js";
import { ordered } from "../../../src/engine/graphql/order.js";
import { pick } from "./support/client.js";
import { engines, type Running } from "./support/engines.js";

describe("engine GraphQL", () => {
  const start = engines();

  it("lists sessions with paging, filter and order", async () => {
    const { client } = await start();
    for (const name of ["gql-b", "gql-a", "other"]) {
      await client.create(name);
    }
    const list = async (given: string): Promise<unknown> =>
      pick(
        await client.graphql(`{compute_session_list(${given}){items{name status} total_count}}`),
        "data.compute_session_list",
      );
    const namesOf = (page: unknown): unknown[] =>
      (pick(page, "items") as unknown[]).map((item) => pick(item, "name"));
    assert.deepEqual(namesOf(await list("limit:10,offset:0")), ["other", "gql-a", "gql-b"]);
    assert.deepEqual(namesOf(await list('limit:10,offset:0,order:"name"')), ["gql-a", "gql-b", "other"]);
    assert.deepEqual(namesOf(await list('limit:1,offset:1,order:"-name"')), ["gql-b"]);
    const filtered = await list('limit:10,offset:0,filter:"name ilike \\"GQL%\\" & status == \\"RUNNING\\""');
    assert.equal(pick(filtered, "total_count"), 2);
    assert.equal(pick(await list('limit:10,offset:0,status:"TERMINATED,CANCELLED"'), "total_count"), 0);
    assert.equal(pick(await list('limit:10,offset:0,domain_name:"nowhere"'), "total_count"), 0);
    const broken = await client.graphql(
      '{compute_session_list(limit:1,offset:0,filter:"name ~ 3"){total_count}}',
    );
    assert.match(String(pick(broken, "errors.0.message")), /Filter parsing error/);
    const foreign = await client.graphql(
      '{compute_session_list(limit:1,offset:0,access_key:"AKIASOMEBODY"){total_count}}',
    );
    assert.equal(pick(foreign, "errors.0.message"), "Forbidden operation.");
  });

  it("shows one session with its container and history", async () => {
    const { client } = await start("24.09");
    const id = await client.create("one-session", {
      tag: "mine",
      config: { resources: { cpu: 1, mem: "512m" } },
    });
    const query = `query($id: UUID!) { compute_session(id: $id) { id name type tag status result image
      requested_slots status_history main_kernel_id idle_checks priority mounts
      containers { id container_id status cluster_role } } }`;
    const shown = pick(await client.graphql(query, { id }), "data.compute_session");
    assert.equal(pick(shown, "type"), "INTERACTIVE");
    assert.equal(pick(shown, "tag"), "mine");
    assert.equal(pick(shown, "result"), "UNDEFINED");
    assert.deepEqual(JSON.parse(String(pick(shown, "requested_slots"))), { cpu: "1", mem: "536870912" });
    assert.deepEqual(Object.keys(JSON.parse(String(pick(shown, "status_history"))) as object), [
      "PENDING",
      "SCHEDULED",
      "PREPARING",
      "RUNNING",
    ]);
    assert.equal(pick(shown, "main_kernel_id"), pick(shown, "containers.0.id"));
    assert.notEqual(pick(shown, "main_kernel_id"), id);
    const container = pick(shown, "containers.0.id");
    const alone = await client.graphql(
      `query($id: UUID!) { compute_container(id: $id) { session_id status } }`,
      {
        id: container,
      },
    );
    assert.deepEqual(pick(alone, "data.compute_container"), { session_id: id, status: "RUNNING" });
    const listed = await client.graphql(
      `query($id: ID!) { compute_container_list(limit: 5, offset: 0, session_id: $id) { total_count } }`,
      { id },
    );
    assert.equal(pick(listed, "data.compute_container_list.total_count"), 1);
    const missing = await client.graphql(query, { id: "00000000-0000-0000-0000-000000000000" });
    assert.equal(pick(missing, "data.compute_session"), null);
  });

  it("speaks the names of v4", async () => {
    const { client } = await start("19.09");
    await client.create("old-one");
    const body = await client.graphql(
      `{ compute_session_list(limit: 5, offset: 0, order_key: "sess_id", order_asc: false) {
           items { sess_id sess_type id status lang mem_slot live_stat workers { id } } total_count }
         compute_session(sess_id: "old-one") { sess_id } compute_sessions(status: "RUNNING") { sess_id }
         compute_workers(sess_id: "old-one") { id } }`,
      {},
      "/admin/graphql",
    );
    assert.equal(pick(body, "compute_session_list.items.0.sess_id"), "old-one"); // no `data` around it
    assert.equal(pick(body, "compute_session_list.items.0.mem_slot"), 1024);
    assert.equal(pick(body, "compute_session.sess_id"), "old-one");
    assert.equal((await client.send("POST", "/admin/gql", { body: { query: "{x}" } })).status, 404);
  });

  const wrapping: Readonly<Record<string, readonly [legacy: boolean, gql: number, error: string]>> = {
    "20.03": [false, 404, "Cannot query field 'nosuch' on type 'Queries'."],
    "24.09": [false, 200, "Cannot query field 'nosuch' on type 'Queries'."],
    "26.8": [true, 200, "Cannot query field 'nosuch' on type 'Query'."],
  };
  for (const [release, [isWrapped, gql, words]] of Object.entries(wrapping)) {
    it(`${release} wraps results and errors as recorded`, async () => {
      const { client } = await start(release);
      const ask = (path: string, query: string) => client.send("POST", path, { body: { query } });
      const legacy = await ask("/admin/graphql", "{groups{name}}");
      assert.equal(legacy.at(`${isWrapped ? "data." : ""}groups.0.name`), "default");
      const refused = await ask("/admin/graphql", "{nosuch}");
      assert.deepEqual([refused.status, refused.at("data.0.message")], [400, words]);
      const wrapped = await ask("/admin/gql", "{nosuch}");
      assert.equal(wrapped.status, gql);
      if (gql === 200) {
        assert.deepEqual([wrapped.at("data"), wrapped.at("errors.0.message")], [null, words]);
        assert.equal((await ask("/admin/gql", "{")).at("data"), null);
        const hidden = await ask("/admin/gql", "{__schema{queryType{name}}}");
        assert.match(String(hidden.at("errors.0.message")), /introspection is disabled/);
      }
    });
  }

  it("has fields only where the release has them", async () => {
    const ask = async ({ client }: Running, query: string): Promise<unknown> =>
      pick(await client.graphql(query), "errors.0.message");
    const list = (field: string): string => `{compute_session_list(limit:1,offset:0){items{${field}}}}`;
    assert.match(String(await ask(await start("22.03"), list("priority"))), /Cannot query field/);
    assert.equal(await ask(await start("24.09"), list("priority")), undefined);
    const nodes = "{compute_session_nodes(first:5){count}}";
    assert.match(String(await ask(await start("24.03"), nodes)), /Cannot query field/);
    assert.match(String(await ask(await start("24.09"), nodes)), /argument 'project_id'/);
    const broken = await start("23.09");
    const legacy = "{legacy_compute_session_list(limit:1,offset:0){total_count}}";
    assert.match(String(await ask(broken, legacy)), /unexpected keyword argument 'status_data'/);
    assert.equal(await ask(await start("26.8"), legacy), undefined);
  });

  it("pages through Relay-style nodes", async () => {
    const { client } = await start();
    const ids = [await client.create("node-1"), await client.create("node-2")];
    const { groups } = pick(await client.graphql("{groups{id name}}"), "data") as {
      groups: { id: string }[];
    };
    const scope = `project:${groups[0]?.id ?? ""}`;
    const query = `query($scope: String, $after: String) { compute_session_nodes(scope_id: $scope, first: 1, after: $after,
      filter: "status == \\"RUNNING\\"") { count pageInfo { hasNextPage endCursor }
      edges { cursor node { id row_id name queue_position kernel_nodes { edges { node { row_id status } } } } } } }`;
    const first = pick(await client.graphql(query, { scope }), "data.compute_session_nodes");
    assert.deepEqual([pick(first, "count"), pick(first, "edges.0.node.row_id")], [2, ids[0]]);
    assert.equal(pick(first, "pageInfo.hasNextPage"), true);
    const after = pick(first, "pageInfo.endCursor");
    const second = pick(await client.graphql(query, { scope, after }), "data.compute_session_nodes");
    assert.equal(pick(second, "edges.0.node.row_id"), ids[1]);
    assert.equal(pick(second, "pageInfo.hasNextPage"), false);
    const id = pick(second, "edges.0.node.id");
    const one = await client.graphql("query($id: String!) { compute_session_node(id: $id) { name } }", {
      id,
    });
    assert.equal(pick(one, "data.compute_session_node.name"), "node-2");
    const elsewhere = await client.graphql(query, { scope: "project:00000000" });
    assert.equal(pick(elsewhere, "data.compute_session_nodes.count"), 0);
  });

  it("tells about the account, its limits and the images", async () => {
    const { client, engine } = await start("26.8", { limits: { maxSessions: 7 } });
    await client.send("POST", "/folders", { body: { name: "data" } });
    const data = pick(
      await client.graphql(
        `{ keypair { access_key is_admin rate_limit concurrency_used } user { email groups { name } }
           keypairs { access_key } keypair_list(limit: 1, offset: 0) { total_count }
           keypair_resource_policy { name max_concurrent_sessions } keypair_resource_policies { name }
           group(id: "x") { name } groups_by_name(name: "default") { name } domain { name } domains { name }
           scaling_group { name } scaling_groups { name driver } scaling_groups_for_domain(domain: "default") { name }
           scaling_groups_for_user_group(user_group: "default") { name }
           vfolder_list(limit: 5, offset: 0) { items { name } total_count }
           images { name tag aliases labels { key value } resource_limits { key min } }
           image(reference: "python") { name } }`,
      ),
      "data",
    );
    assert.equal(pick(data, "keypair.access_key"), engine.accessKey);
    assert.equal(pick(data, "keypair_resource_policy.max_concurrent_sessions"), 7);
    assert.equal(pick(data, "group"), null);
    assert.equal(pick(data, "vfolder_list.items.0.name"), "data");
    assert.equal(pick(data, "image.name"), "python");
    const images = pick(data, "images") as { name: string; labels: { key: string; value: string }[] }[];
    const python = images.find(({ name }) => name === "python");
    assert.ok(
      python?.labels.some(({ key, value }) => key === "ai.backend.runtime-type" && value === "python"),
    );
    const unknown = await client.graphql('{image(reference:"cobol"){name}}');
    assert.match(String(pick(unknown, "errors.0.message")), /Unknown image references/);
  });
});

describe("engine filters", () => {
  const rows = [
    { name: "alpha", size: "10", note: null },
    { name: "beta", size: "9", note: "x%" },
    { name: "gamma", size: "100", note: "y" },
  ];
  const select = (filter: string): string =>
    rows
      .filter(parseFilter(filter))
      .map(({ name }) => name)
      .join(" ");

  it("reads the operators of the filter language", () => {
    const cases: readonly (readonly [string, string])[] = [
      ['name == "beta"', "beta"],
      ['name != "beta"', "alpha gamma"],
      ["size > 9", "alpha gamma"],
      ["size >= 10 & size <= 10", "alpha"],
      ["size < 10", "beta"],
      ['name like "%a"', "alpha beta gamma"],
      ['name like "A%"', ""],
      ['name ilike "A%"', "alpha"],
      ['name like "_eta"', "beta"],
      ["note is null", "alpha"],
      ["note isnot null", "beta gamma"],
      ['note contains "y"', "gamma"],
      ['name == "alpha" | name == "beta" & size == 0', "alpha"],
      ['(name == "alpha" | name == "beta") & size == 9', "beta"],
    ];
    for (const [filter, expected] of cases) {
      assert.equal(select(filter), expected, filter);
    }
  });

  it("refuses what is no filter", () => {
    for (const text of ["", "name", "name ==", "name ~ 3", '(name == "a"', 'name == "a" extra']) {
      assert.throws(() => parseFilter(text), FilterError, text);
    }
  });

  it("orders numbers as numbers and by several keys", () => {
    assert.deepEqual(
      ordered(rows, "-size").map(({ size }) => size),
      ["100", "10", "9"],
    );
    const pairs = [
      { a: "1", b: "x" },
      { a: "1", b: "a" },
      { a: "0", b: "z" },
    ];
    assert.deepEqual(
      ordered(pairs, "a, b").map(({ b }) => b),
      ["z", "a", "x"],
    );
  });
});
