import assert from "node:assert/strict";
import { NetworkError, SignedOutError } from "../../../../src/base/errors.js";
import type { ConnectionState } from "../../../../src/account/connectionStore.js";
import type { SessionDetail } from "../../../../src/api/index.js";
import { SessionFilter } from "../../../../src/sessions/tree/sessionFilter.js";
import { sessionTooltip } from "../../../../src/sessions/tree/sessionTooltip.js";
import { containerRow } from "../../../../src/sessions/tree/containerBranch.js";
import { descriptionOf, welcomeOf } from "../../../../src/sessions/tree/viewState.js";
import { groupNode, moreNode } from "../../../../src/sessions/sessionTree.js";
import { session } from "../../../support/records.js";

describe("sessionTooltip", () => {
  const details: SessionDetail = {
    ...{ id: "1", name: "python-1", type: "interactive", image: "python", status: "RUNNING", clusterSize: 3 },
    ...{ statusInfo: undefined, statusData: undefined, sharedMemory: undefined, groupId: undefined },
    ...{ startupCommand: undefined, tag: undefined, dependencies: [] },
    requestedSlots: { cpu: "2", mem: "4294967296", "cuda.device": "1" },
    mounts: ["data", "my_models"],
    resourceGroup: "default",
    clusterMode: "multi-node",
    idleChecks: {
      session_lifetime: { remaining: 7500 },
      network_timeout: { remaining: 600 },
      utilization: { remaining: 60, remaining_time_type: "grace_period" },
      moon_phase: { remaining: 30 },
      never: { remaining: null },
    },
    containers: [],
  };

  it("says what the server tells beyond the list", () => {
    const shown = session({ image: "index.docker.io/lablup/python:3.11", clusterSize: 3, tag: "thesis" });
    const lines = sessionTooltip({ session: shown, details, digest: "sha256:0123" }).split("  \n");
    for (const line of [
      "Its longest life is over in 2 h 5 min",
      "Ends unless it is used within 10 min 0 s",
      "utilization is looked at from 1 min 0 s on",
      "moon phase ends it in 30\\.0 s",
      "Image: `index.docker.io/lablup/python:3.11`",
      "Digest: `sha256:0123`",
      "Resources: 2 cores · 4 GB memory · 1 GPU",
      "Cluster: 3 containers (multi node)",
      "Folders: data, my\\_models",
      "Tag: thesis",
    ]) {
      assert.ok(lines.includes(line), `${line} in\n${lines.join("\n")}`);
    }
  });

  it("does with what the list had where the server tells no more", () => {
    const text = sessionTooltip({ session: session({ status: "ERROR", statusInfo: "failed-to-start" }) });
    assert.match(text, /^\*\*python\\-1\*\* — error {2}\nReason: failed\\-to\\-start/);
    assert.doesNotMatch(text, /Resources|Digest|Cluster|undefined/);
  });

  it("keeps server text from becoming a link", () => {
    const text = sessionTooltip({
      session: session({ name: "[x](command:rm)", statusInfo: "<img src=x>", image: "`a` [b](c)" }),
      details: { ...details, mounts: ["[y](command:rm)", "a\n\n# b"] },
    });
    assert.match(text, /\\\[x\\\]\\\(command\\:rm\\\)/);
    assert.match(text, /\\<img src=x\\>/);
    assert.match(text, /\\\[y\\\]\\\(command\\:rm\\\), a \\# b/);
    assert.match(text, /Image: `'a' \[b\]\(c\)`/);
  });
});

describe("rows of groups, of more, and of containers", () => {
  it("say how many there are", () => {
    assert.deepEqual(groupNode("running", 9900), {
      id: "group.running",
      label: "Running",
      description: "9,900",
      contextValue: "group.running",
      accessibleLabel: "Running: 9900 sessions",
    });
    assert.equal(groupNode("ended", undefined).description, "");
    assert.equal(moreNode("waiting", { hidden: 1300, spanMs: undefined }).description, "1,300 hidden");
  });

  it("say how far back a click goes", () => {
    const label = (days: number): string => moreNode("ended", { hidden: 0, spanMs: days * 86_400_000 }).label;
    assert.equal(label(7), "Show last 7 days");
    assert.equal(label(Infinity), "Show all");
  });

  it("say where a container is and how it does", () => {
    const container = {
      id: "k1",
      name: "sub1",
      isMain: false,
      status: "PULLING",
      statusInfo: undefined,
      agent: "i-a",
    };
    const { label, description, contextValue, tooltip } = containerRow("s", container);
    assert.deepEqual([label, description, contextValue], ["sub1", "pulling · i-a", "container.starting"]);
    assert.equal(tooltip, "sub1: pulling\nAgent: i-a\nId: k1");
  });
});

describe("welcomeOf", () => {
  const target = { kind: "local" } as const;
  const connected = { phase: "connected", target, client: undefined } as unknown as ConnectionState;
  const failed = (error: unknown): ConnectionState => ({ phase: "failed", target, error });
  const offline = new NetworkError("There is no way to it.", undefined);
  const signedOut = new SignedOutError("Campus", "expired");
  const none = { isFiltered: false, size: 0 };

  const cases: readonly [string, ...Parameters<typeof welcomeOf>][] = [
    ["disconnected", { phase: "disconnected" }, { phase: "unknown" }, none],
    ["connecting", { phase: "connecting", target }, { phase: "unknown" }, none],
    ["signedOut", failed(signedOut), { phase: "unknown" }, none],
    ["offline", failed(offline), { phase: "unknown" }, none],
    ["failed", failed(new Error("It is another server.")), { phase: "unknown" }, none],
    ["loading", connected, { phase: "loading" }, none],
    ["none", connected, { phase: "ready" }, none],
    ["none", connected, { phase: "ready" }, { isFiltered: true, size: 0 }],
    ["filtered", connected, { phase: "ready" }, { isFiltered: true, size: 3 }],
    ["offline", connected, { phase: "stale", error: offline }, none],
    ["signedOut", connected, { phase: "stale", error: signedOut }, none],
    ["filtered", connected, { phase: "stale", error: offline }, { isFiltered: true, size: 3 }],
  ];
  for (const [welcome, connection, state, list] of cases) {
    it(`is ${welcome} for ${connection.phase}, ${state.phase}, ${list.size} sessions`, () => {
      assert.equal(welcomeOf(connection, state, list), welcome);
    });
  }

  it("has a description for the filter and for all users", () => {
    const filter = new SessionFilter("abc");
    const one = descriptionOf({ filter, passing: 12 }, { size: 340, scope: "all" });
    assert.equal(one, "“abc” · 12 of 340 sessions · of all users");
    assert.equal(descriptionOf({ filter: new SessionFilter(), passing: 3 }, { size: 3, scope: "own" }), "");
  });
});
