import assert from "node:assert/strict";
import { ConnectionStore, type OpenConnection } from "../../../src/account/connectionStore.js";
import type { ConnectionTarget } from "../../../src/account/target.js";
import type { BackendAIClient } from "../../../src/api/index.js";
import { reasonOf } from "../../../src/base/abort.js";
import { Emitter } from "../../../src/base/event.js";
import { silentLogger } from "../../../src/base/logger.js";

const local: ConnectionTarget = { kind: "local" };
const server: ConnectionTarget = {
  kind: "environment",
  endpoints: ["https://a.example"],
  credentials: { type: "keypair", accessKey: "a", secretKey: "b" },
  domain: "default",
  group: "default",
  mounts: [],
  skipVerification: false,
};

/** A connector whose attempts a test settles by hand. */
class Attempts {
  readonly started: {
    target: ConnectionTarget;
    signal: AbortSignal;
    resolve: () => void;
    reject: (e: Error) => void;
  }[] = [];
  readonly closed: ConnectionTarget[] = [];
  readonly didClose = new Emitter<Error>();

  readonly connect = (target: ConnectionTarget, signal: AbortSignal): Promise<OpenConnection> =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(reasonOf(signal)));
      this.started.push({ target, signal, reject, resolve: () => resolve(this.#open(target)) });
    });

  #open(target: ConnectionTarget): OpenConnection {
    return {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the store only hands it on
      client: { endpoint: target.kind } as BackendAIClient,
      onDidClose: this.didClose.event,
      close: () => {
        this.closed.push(target);
        return Promise.resolve();
      },
    };
  }
}

async function started(attempts: Attempts, index: number): Promise<Attempts["started"][number]> {
  while (attempts.started.length <= index) {
    await new Promise(setImmediate);
  }
  return attempts.started[index]!;
}

describe("ConnectionStore", () => {
  function create(): { attempts: Attempts; store: ConnectionStore; phases: string[] } {
    const attempts = new Attempts();
    const store = new ConnectionStore(attempts.connect, silentLogger);
    const phases: string[] = [];
    store.onDidChange((state) => phases.push(state.phase));
    return { attempts, store, phases };
  }

  it("shares one attempt among callers who want the same server", async () => {
    const { attempts, store, phases } = create();
    const both = [store.connect(local), store.connect({ kind: "local" })];
    (await started(attempts, 0)).resolve();
    const [first, second] = await Promise.all(both);
    assert.equal(first, second);
    assert.equal(attempts.started.length, 1);
    assert.equal(await store.connect(local), first);
    assert.deepEqual(phases, ["connecting", "connected"]);
  });

  it("lets the newest choice win and closes what came too late", async () => {
    const { attempts, store } = create();
    const old = store.connect(local);
    await started(attempts, 0);
    const wanted = store.connect(server);
    await assert.rejects(old, { name: "AbortError" });
    (await started(attempts, 1)).resolve();
    assert.equal((await wanted).endpoint, "environment");
    assert.deepEqual(store.state.phase === "connected" && store.state.target, server);
  });

  it("leaves an attempt to the others when one caller gives up", async () => {
    const { attempts, store } = create();
    const controller = new AbortController();
    const impatient = store.connect(local, controller.signal);
    const patient = store.connect(local);
    const attempt = await started(attempts, 0);
    controller.abort();
    await assert.rejects(impatient, { name: "AbortError" });
    assert.equal(attempt.signal.aborted, false);
    attempt.resolve();
    assert.equal((await patient).endpoint, "local");
  });

  it("keeps the error of a failed attempt, and tries anew when asked again", async () => {
    const { attempts, store } = create();
    const failing = store.connect(server);
    (await started(attempts, 0)).reject(new Error("refused"));
    await assert.rejects(failing, /refused/);
    assert.equal(store.state.phase, "failed");
    const again = store.connect(server);
    (await started(attempts, 1)).resolve();
    await again;
    assert.equal(store.state.phase, "connected");
  });

  it("fails when the server goes for good, and closes what is left of it", async () => {
    const { attempts, store } = create();
    const connecting = store.connect(local);
    (await started(attempts, 0)).resolve();
    await connecting;
    attempts.didClose.fire(new Error("the engine stopped"));
    assert.equal(store.state.phase, "failed");
    while (attempts.closed.length === 0) {
      await new Promise(setImmediate);
    }
    assert.deepEqual(attempts.closed, [local]);
  });

  it("stays on the server it has when another one is not reached", async () => {
    const { attempts, store, phases } = create();
    const connecting = store.connect(local);
    (await started(attempts, 0)).resolve();
    const client = await connecting;
    const switching = store.connect(server);
    (await started(attempts, 1)).reject(new Error("wrong key"));
    await assert.rejects(switching, /wrong key/);
    assert.deepEqual(store.state, { phase: "connected", target: local, client });
    assert.deepEqual(attempts.closed, []);
    assert.deepEqual(phases, ["connecting", "connected", "connecting", "connected"]);
  });

  it("is still where it was when that is chosen again while another server is tried", async () => {
    const { attempts, store, phases } = create();
    const connecting = store.connect(local);
    (await started(attempts, 0)).resolve();
    const client = await connecting;
    const elsewhere = store.connect(server);
    const attempt = await started(attempts, 1);
    const back = store.connect({ kind: "local" });
    await assert.rejects(elsewhere, { name: "AbortError" });
    assert.equal(await back, client);
    assert.equal(attempt.signal.aborted, true);
    assert.equal(attempts.started.length, 2);
    assert.deepEqual(attempts.closed, []);
    assert.deepEqual(phases, ["connecting", "connected", "connecting", "connected"]);
  });

  it("gives an attempt up when nobody waits for it any more", async () => {
    const { attempts, store } = create();
    const controller = new AbortController();
    const waiting = store.connect(local, controller.signal);
    const attempt = await started(attempts, 0);
    controller.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    assert.equal(attempt.signal.aborted, true);
    assert.equal(store.state.phase, "disconnected");
  });

  it("lets others finish with a client before it is closed", async () => {
    const { attempts, store } = create();
    const connecting = store.connect(local);
    (await started(attempts, 0)).resolve();
    const client = await connecting;
    const order: string[] = [];
    store.beforeClose(async (leaving) => {
      assert.equal(leaving, client);
      await new Promise(setImmediate);
      order.push(`farewell, ${String(attempts.closed.length)} closed`);
    });
    await store.disconnect();
    assert.deepEqual(order, ["farewell, 0 closed"]);
    assert.deepEqual(attempts.closed, [local]);
  });

  it("takes another description of the server in use, and connects to nothing for it", async () => {
    const { attempts, store } = create();
    const connecting = store.connect(server);
    (await started(attempts, 0)).resolve();
    const client = await connecting;
    const other = { ...server, group: "vision" } as const;
    store.redescribe(other);
    assert.deepEqual(store.state, { phase: "connected", target: other, client });
    assert.equal(await store.connect(other), client);
    assert.equal(attempts.started.length, 1);
    await store.disconnect();
    store.redescribe(server);
    assert.deepEqual(store.state, { phase: "disconnected" });
  });

  it("closes the server it leaves, and is silent about one it never reached", async () => {
    const { attempts, store, phases } = create();
    const connecting = store.connect(local);
    await started(attempts, 0);
    await store.disconnect();
    await assert.rejects(connecting, { name: "AbortError" });
    assert.deepEqual(phases, ["connecting", "disconnected"]);
    const again = store.connect(local);
    (await started(attempts, 1)).resolve();
    await again;
    await store.disconnect();
    assert.deepEqual(attempts.closed, [local]);
  });
});
