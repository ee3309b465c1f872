import assert from "node:assert/strict";
import { isAbort } from "../../../../src/base/abort.js";
import { containerBranch } from "../../../../src/sessions/tree/containerBranch.js";
import { SessionFactsStore } from "../../../../src/sessions/tree/sessionFacts.js";
import { SessionBranches } from "../../../../src/sessions/sessionBranches.js";
import { sessionTooltip } from "../../../../src/sessions/tree/sessionTooltip.js";
import { row, type SessionServer } from "../../../support/sessionServer.js";
import { session } from "../../../support/records.js";
import { until } from "../../../support/until.js";
import { Followed } from "../support/followed.js";

describe("SessionFactsStore", () => {
  let at: Followed;
  let server: SessionServer;
  let facts: SessionFactsStore;

  beforeEach(async () => {
    at = new Followed();
    server = await at.server();
    server.rows = [
      row("s", {
        cluster_size: 2,
        cluster_mode: "MULTI_NODE",
        occupied_slots: '{"cpu": "2", "mem": "4294967296"}',
        mounts: ["data", '["old","host","id","rw"]'],
        scaling_group: "default",
        idle_checks:
          '{"session_lifetime": {"remaining": 60, "remaining_time_type": "expire_after", "extra": null}}',
        containers: [
          {
            id: "k2",
            status: "PREPARING",
            agent: "i-b",
            cluster_role: "sub",
            cluster_idx: 1,
            cluster_hostname: "sub1",
          },
          { id: "k1", status: "RUNNING", agent: "i-a", cluster_role: "main", cluster_idx: 1 },
        ],
      }),
    ];
    await at.connect(server);
    facts = new SessionFactsStore(at.connection);
  });
  afterEach(async () => at.end());

  it("reads what a tooltip says, and keeps it for a moment", async () => {
    const shown = session({ id: "s", image: "python:3.11", clusterSize: 2 });
    const text = sessionTooltip(await facts.facts(shown));
    assert.match(text, /Resources: 2 cores · 4 GB memory/);
    assert.match(text, /Folders: data, old/);
    assert.match(text, /Digest: `sha256:0123`/);
    assert.match(text, /Cluster: 2 containers \(multi node\)/);
    await facts.facts(shown);
    assert.deepEqual([server.count("one s"), server.count("image")], [1, 1]);
  });

  it("has the containers of a cluster as rows, the main one first", async () => {
    const branches = new SessionBranches();
    branches.add(containerBranch(facts));
    const [root] = branches.items(session({ id: "s", clusterSize: 2 }));
    assert.equal(root?.row.label, "Containers");
    const rows = await branches.children(root);
    assert.deepEqual(
      rows.map(({ row: { label, description } }) => `${label} ${description}`),
      ["main1 i-a", "sub1 preparing · i-b"],
    );
    assert.deepEqual(branches.items(session({ id: "t", clusterSize: 1 })), []);
  });

  it("leaves out what the server does not give", async () => {
    const known = session({ id: "gone" });
    assert.deepEqual(await facts.facts(known), { session: known, digest: "sha256:0123" });
  });

  it("has nothing of a server that was left while it answered", async () => {
    const other = await at.server();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    server.hold = () => held;
    const late = facts.facts(session({ id: "s" }));
    late.catch(() => undefined);
    await until("the question", () => server.count("one s") === 1);
    const connecting = at.connect(other);
    release();
    await connecting;
    await assert.rejects(late, isAbort);
    await at.connection.disconnect();
    await assert.rejects(facts.facts(session({ id: "s" })), isAbort);
  });
});
