import assert from "node:assert/strict";
import type { SessionDetail } from "../../../../src/api/index.js";
import type { Remedy } from "../../../../src/sessions/lifecycle/pending/obstacles.js";
import { pendingReason } from "../../../../src/sessions/lifecycle/pending/pendingReason.js";

const waiting: SessionDetail = {
  id: "6f2c3ab2-0000-4000-8000-000000000001",
  name: "train",
  type: "batch",
  image: "r/python:3.11",
  status: "PENDING",
  statusInfo: undefined,
  statusData: undefined,
  requestedSlots: { cpu: "8", mem: "17179869184", "cuda.device": "0" },
  sharedMemory: undefined,
  mounts: [],
  groupId: undefined,
  resourceGroup: "gpu",
  startupCommand: undefined,
  tag: undefined,
  clusterSize: 1,
  dependencies: [],
  clusterMode: undefined,
  containers: [],
  idleChecks: {},
};

/** What a scheduler of predicates (20.09 to 25.12) or of errors (25.13 to 26.3) leaves behind. */
function failed(name: string, msg: string, more: Partial<SessionDetail> = {}): SessionDetail {
  const scheduler = { retries: 3, last_try: "2026-11-27T20:00:00+00:00", failed_predicates: [{ name, msg }] };
  return { ...waiting, statusInfo: "predicate-checks-failed", statusData: { scheduler }, ...more };
}

const other = "6f2c3ab2-0000-4000-8000-000000000002";

describe("pendingReason", () => {
  const known: readonly [names: readonly string[], msg: string, cause: RegExp, remedy: Remedy][] = [
    [
      ["reserved_time", "SchedulingValidationError"],
      "Before start time",
      /asked to start later/,
      "showDetails",
    ],
    [
      ["ReservedBatchSessionNotReady", "ReservedBatchSessionValidator"],
      "Batch session is scheduled to start at 2026-11-28T08:00:00+00:00; current time is before that.",
      /asked to start at .*2026/,
      "showDetails",
    ],
    [
      ["dependencies", "DependenciesNotSatisfied", "SessionDependenciesValidator"],
      `Waiting dependency sessions to finish as success. (prepare (${other}))`,
      /waits for other sessions to succeed: prepare\.$/,
      "showDetails",
    ],
    [
      ["concurrency", "ConcurrencyLimitExceeded", "ConcurrencyLimitValidator"],
      "You cannot run more than 5 concurrent sessions",
      /Only 5 of your sessions/,
      "endAnother",
    ],
    [
      [
        "pending_session_count_limit",
        "PendingSessionCountLimitExceeded",
        "PendingSessionCountLimitValidator",
      ],
      "You cannot create more than 3 pending session(s).",
      /Too many of your sessions wait: 3 may/,
      "cancel",
    ],
    [
      [
        "pending_session_resource_limit",
        "PendingSessionResourceLimitExceeded",
        "PendingSessionResourceLimitValidator",
      ],
      "Your pending session quota is exceeded. (cpu=8 mem=16g)",
      /may wait at once\. It is 8 cores · 16 GB memory\./,
      "startSmaller",
    ],
    [
      ["keypair_resource_limit", "KeypairResourceQuotaExceeded", "KeypairResourceLimitValidator"],
      "Your keypair resource quota is exceeded. (cpu=8 mem=16g cuda.device=1)",
      /limit of your keypair .* It is 8 cores · 16 GB memory · 1 GPU\./,
      "startSmaller",
    ],
    [
      ["user_resource_limit", "UserResourceQuotaExceeded", "UserResourceLimitValidator"],
      "Your main-keypair resource quota is exceeded. (cpu=8)",
      /limit of your account .* 8 cores/,
      "startSmaller",
    ],
    [
      [
        "user_group_resource_limit",
        "GroupResourceQuotaExceeded",
        "GroupResourceLimitValidator",
        "ProjectResourceQuotaExceeded",
      ],
      "Your group resource quota is exceeded. (cpu=8)",
      /limit of your group/,
      "startSmaller",
    ],
    [
      ["domain_resource_limit", "DomainResourceQuotaExceeded", "DomainResourceLimitValidator"],
      "Your domain resource quota is exceeded. (cpu=8)",
      /limit of your domain/,
      "startSmaller",
    ],
    [
      ["scaling_group_resource_limit"],
      "The scaling group 'gpu' does not accept the session type 'SessionTypes.BATCH'. ",
      /resource group gpu can't be used.*does not accept/,
      "cancel",
    ],
    [
      ["no-available-instances", "NoCompatibleAgentError"],
      "No agents with required architecture 'aarch64'. Available architectures: x86_64",
      /another architecture/,
      "cancel",
    ],
    [
      ["NoAvailableAgentError"],
      "No agents available in scaling group 'gpu'",
      /No agent of the resource group gpu is up/,
      "cancel",
    ],
  ];
  for (const [names, msg, cause, remedy] of known) {
    it(`knows ${names.join(", ")}`, () => {
      for (const name of names) {
        const reason = pendingReason(failed(name, msg));
        assert.match(reason.causes.join(" "), cause, name);
        assert.equal(reason.remedy, remedy, name);
        assert.ok(reason.help.length > 0 && reason.isKnown);
        assert.ok(reason.words.includes(`${name}: ${msg}`));
      }
    });
  }

  it("tells agents that are full from agents that can't run it", () => {
    const noPlace = (msg: string): SessionDetail => ({
      ...waiting,
      statusInfo: "no-available-instances",
      statusData: { scheduler: { retries: 7, msg } },
    });
    const big =
      "Could not find a contiguous resource region in any agent big enough to host the session (id: x, resource group: gpu)";
    const reasons = [
      big,
      "No agents are available for scheduling",
      "No agents found to be compatible with the image architecture (image[0]: r/python:3.11, arch: aarch64)",
      "No agents found to be available because all agents have reached the hard limit of the number of containers.",
      "The designated agent (i-1) does not have the enough remaining capacity (cpu, requested: 8, remaining: 2).",
    ].map((msg) => pendingReason(noPlace(msg)));
    assert.deepEqual(
      reasons.map(({ causes: [cause] }) => cause),
      [
        "No agent of the resource group gpu has so much free at once.",
        "No agent of the resource group gpu is up.",
        "No agent of the resource group gpu can run this image: its processors are of another architecture.",
        "Every agent of the resource group gpu runs as many containers as it may.",
        "The agent that was asked for has not so much left.",
      ],
    );
    assert.deepEqual(
      reasons.map(({ remedy }) => remedy),
      ["startSmaller", "cancel", "cancel", "showDetails", "startSmaller"],
    );
  });

  it("says that a session waits for ever for one that has ended without success", () => {
    const dependencies = [{ id: other, name: "prepare", status: "CANCELLED" }];
    const msg = `Waiting dependency sessions to finish as success. (prepare (${other}))`;
    const reason = pendingReason(failed("dependencies", msg, { dependencies }));
    assert.match(reason.causes[0]!, /prepare to succeed, which ended without success/);
    assert.match(reason.help[0]!, /never start/);
    assert.equal(reason.remedy, "cancel");
  });

  it("names every obstacle, and offers what ends the waiting", () => {
    const scheduler = {
      failed_predicates: [
        { name: "concurrency", msg: "You cannot run more than 5 concurrent sessions" },
        { name: "pending_session_count_limit", msg: "You cannot create more than 3 pending session(s)." },
      ],
    };
    const reason = pendingReason({ ...waiting, statusData: { scheduler } });
    assert.equal(reason.causes.length, 2);
    assert.equal(reason.remedy, "cancel");
  });

  it("tells the server's words where it does not know the rule", () => {
    const reason = pendingReason(failed("(quota-plugin)", "Your team has used its hours."));
    assert.deepEqual(reason.causes, ["A rule of the server holds it back: Your team has used its hours."]);
    assert.equal(reason.remedy, "showDetails");
    assert.match(pendingReason(failed("mystery", "")).causes[0]!, /holds it back: mystery\.$/);
    const crashed = pendingReason(failed("concurrency2", "ZeroDivisionError('division by zero')"));
    assert.match(crashed.causes[0]!, /ZeroDivisionError/);
  });

  it("reads the sentences of 19.09 and 20.03, which have no more", () => {
    const of = (statusInfo: string): string => pendingReason({ ...waiting, statusInfo }).causes[0]!;
    assert.match(of("out-of-resource (keypair resource quota exceeded)"), /limit of your keypair/);
    assert.match(of("out-of-resource (group resource quota exceeded)"), /limit of your group/);
    assert.match(of("out-of-resource (domain resource quota exceeded)"), /limit of your domain/);
    assert.match(
      of("out-of-resource (no available resource in scaling groups)"),
      /No agent .* has so much free/,
    );
    assert.match(of("out-of-resource (no scaling groups available)"), /No agent/);
  });

  it("says that the scheduler failed, in its words", () => {
    const statusData = { error: { src: "other", name: "KeyError", repr: "KeyError('cpu')" } };
    const reason = pendingReason({ ...waiting, statusInfo: "scheduler-error", statusData });
    assert.deepEqual(reason.causes, ["The scheduler of the server failed: KeyError('cpu')."]);
  });

  it("finds out by the figures where the scheduler is silent", () => {
    const silent = { ...waiting, statusInfo: "None" };
    const keypair = pendingReason(silent, { remaining: { keypair: { cpu: "4", mem: "Infinity" } } });
    assert.match(keypair.causes[0]!, /limit of your keypair/);
    const agents = pendingReason(silent, {
      remaining: { keypair: { cpu: "Infinity" }, resourceGroup: { cpu: "4", mem: "8589934592" } },
    });
    assert.equal(
      agents.causes[0],
      "No agent of the resource group gpu has so much free at once. Free there: 4 cores · 8 GB memory.",
    );
    const blocked = pendingReason({
      ...silent,
      dependencies: [{ id: other, name: "prepare", status: "RUNNING" }],
    });
    assert.match(blocked.causes[0]!, /waits for other sessions to succeed: prepare/);
  });

  it("tells the place in the queue where nothing else is known", () => {
    const of = (position: number | undefined): string =>
      pendingReason({ ...waiting, statusInfo: "Session enqueued" }, { position }).causes[0]!;
    assert.equal(of(0), "It is the next in the queue of its resource group.");
    assert.equal(of(1), "1 session is before it in the queue of its resource group.");
    assert.equal(of(12), "12 sessions are before it in the queue of its resource group.");
    assert.match(of(undefined), /does not say for what/);
    assert.equal(pendingReason(waiting).isKnown, false);
  });

  it("says what happens at each status that is no queue", () => {
    for (const status of [
      "SCHEDULED",
      "PULLING",
      "PREPARED",
      "CREATING",
      "RESERVED",
      "PREEMPTED",
      "RESCHEDULING",
    ]) {
      const { causes, isKnown } = pendingReason({ ...waiting, status });
      assert.ok(causes[0]!.length > 20 && !causes[0]!.includes("queue of its resource group"), status);
      assert.equal(isKnown, false);
    }
  });

  it("survives whatever a server sends", () => {
    for (const statusData of [
      null,
      "text",
      [],
      { scheduler: "no" },
      { scheduler: { failed_predicates: [1] } },
    ]) {
      assert.equal(pendingReason({ ...waiting, statusData }).remedy, "showDetails");
    }
  });
});
