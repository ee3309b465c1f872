import assert from "node:assert/strict";
import { ConnectionStore } from "../../../../src/account/connectionStore.js";
import { Emitter } from "../../../../src/base/event.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { idleDeadline } from "../../../../src/sessions/lifecycle/idle/idleDeadline.js";
import { IdleWatch, type IdleWarning } from "../../../../src/sessions/lifecycle/idle/idleWatch.js";
import { keepWorking } from "../../../../src/sessions/lifecycle/idle/keepWorking.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { until } from "../../../support/until.js";

const hourMs = 3_600_000;

describe("sessions that end by themselves, on a real engine", () => {
  let server: LocalServer;
  let watch: IdleWatch | undefined;
  let used: Set<string>;
  let warnings: IdleWarning[];

  async function serve(options: Parameters<typeof startLocalServer>[0], warningMs = hourMs): Promise<void> {
    server = await startLocalServer(options);
    const open = {
      client: server.client,
      onDidClose: new Emitter<Error>().event,
      close: () => Promise.resolve(),
    };
    const connection = new ConnectionStore(() => Promise.resolve(open), silentLogger);
    await connection.connect({ kind: "local" });
    used = new Set();
    warnings = [];
    watch = new IdleWatch({
      connection,
      usedSessions: () => used,
      nameOf: () => undefined,
      warningMs: () => warningMs,
      logger: silentLogger,
      pauses: { lookMs: 40, confirmMs: 30 },
    });
    watch.onDidWarn((warning) => warnings.push(warning));
  }

  afterEach(async () => {
    watch?.dispose();
    watch = undefined;
    await server.stop();
  });

  it("tell when, each kind of check, from 22.09 on", async () => {
    for (const [apiVersion, manager] of [
      ["v6.20220615", "22.09.23"],
      ["v8.20240915", "24.09.6"],
      ["v9.20250722", "26.8.1"],
    ] as const) {
      await serve({ apiVersion, manager, limits: { idleTimeoutMs: 600_000, lifetimeMs: 2 * hourMs } });
      const { sessions, runs } = server.client;
      const { id } = await sessions.create({ image: "python", name: "idle-1" });
      const asked = Date.now();
      const checks = (await sessions.idleChecks()).get(id)!;
      assert.deepEqual(Object.keys(checks), ["network_timeout", "session_lifetime"]);
      const found = idleDeadline(checks, asked)!;
      assert.equal(found.kind, "idle");
      assert.ok(Math.abs(found.at - asked - 600_000) < 20_000, String(found.at - asked));
      assert.deepEqual((await sessions.detail(id)).idleChecks["session_lifetime"]?.extra, null);
      for await (const event of runs.start(id, { mode: "query", code: "1" })) {
        assert.ok(event.type);
      }
      await server.stop();
      watch?.dispose();
    }
    await serve({ apiVersion: "v6.20220315", manager: "22.03.3" });
    await assert.rejects(server.client.sessions.idleChecks(), { code: "UNSUPPORTED" });
  });

  it("are warned of once, while somebody looks", async () => {
    await serve({ limits: { idleTimeoutMs: 600_000 } });
    const { id } = await server.client.sessions.create({ image: "python", name: "idle-1" });
    watch!.setShown(true);
    await until("a warning", () => warnings.length > 0);
    const asked = await countedCalls(async () => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.ok(asked > 2, "it goes on looking");
    assert.equal(warnings.length, 1);
    assert.deepEqual([warnings[0]!.sessionId, warnings[0]!.deadline.kind], [id, "idle"]);
    watch!.setShown(false);
  });

  it("are not asked about while none is used and nobody looks", async () => {
    await serve({ limits: { idleTimeoutMs: 600_000 } });
    await server.client.sessions.create({ image: "python", name: "idle-1" });
    const asked = await countedCalls(async () => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.equal(asked, 0);
    assert.deepEqual(warnings, []);
    used.add("idle-1");
    used.add([...(await server.client.sessions.idleChecks()).keys()][0]!);
    await until("a warning of the session that is used", () => warnings.length > 0);
  });

  it("are not warned of while they are far from their end, or work", async () => {
    await serve({ limits: { idleTimeoutMs: 600_000 } }, 60_000);
    const { id } = await server.client.sessions.create({ image: "python", name: "idle-1" });
    watch!.setShown(true);
    const asked = await countedCalls(async () => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.ok(asked > 2);
    assert.deepEqual(warnings, []);
    assert.ok((await server.client.sessions.idleChecks()).get(id)!["network_timeout"]?.remaining);
  });

  it("are kept by an empty query, which counts as use", async () => {
    await serve({ limits: { idleTimeoutMs: 600_000 } });
    const { id } = await server.client.sessions.create({ image: "python", name: "idle-1" });
    await new Promise((resolve) => setTimeout(resolve, 1300));
    const before = idleDeadline((await server.client.sessions.idleChecks()).get(id)!, Date.now())!;
    const { signal } = new AbortController();
    const kept = await keepWorking(server.client, id, before, { signal, lookMs: 20 });
    assert.equal(kept.outcome, "later");
    assert.ok(kept.deadline!.at > before.at + 1000);
  });

  /** How often the engine was asked for idle checks meanwhile. */
  async function countedCalls(work: () => Promise<unknown>): Promise<number> {
    const { sessions } = server.client;
    const original = sessions.idleChecks.bind(sessions);
    let count = 0;
    sessions.idleChecks = async (call) => {
      count += 1;
      return original(call);
    };
    await work();
    sessions.idleChecks = original;
    return count;
  }
});
