import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { ConnectionStore } from "../../../src/account/connectionStore.js";
import { createConnector, createProfileDoor } from "../../../src/account/connector.js";
import { connectAgain, followProfiles, followSignIns } from "../../../src/account/followAccount.js";
import { type Profile, profileOf } from "../../../src/account/profiles/profile.js";
import { ProfileSecrets } from "../../../src/account/profiles/profileSecrets.js";
import { ProfileStore } from "../../../src/account/profiles/profileStore.js";
import { ServerMemory } from "../../../src/account/serverMemory.js";
import { proveKeypair, proveLogin } from "../../../src/account/signIn.js";
import { type ConnectionTarget, serverIdOf } from "../../../src/account/target.js";
import { Emitter } from "../../../src/base/event.js";
import { DisposableStore } from "../../../src/base/lifecycle.js";
import { silentLogger } from "../../../src/base/logger.js";
import type { SecretStore } from "../../../src/base/secretStore.js";
import { type Engine, startEngine } from "../../../src/engine/index.js";
import { until } from "../../support/until.js";
import { memoryStore } from "../tunnel/support/memoryStore.js";
import { memorySecrets } from "./support/memorySecrets.js";

const person = { email: "person@example.com", password: "correct horse" };
const { signal } = new AbortController();

/** A setting that tells of each change, as VS Code's does. */
class Setting {
  value: unknown = [];
  readonly #didChange = new Emitter<void>();
  readonly onDidChange = this.#didChange.event;
  readonly read = (): unknown => this.value;
  readonly write = (value: unknown): Promise<void> => {
    this.value = value;
    this.#didChange.fire();
    return Promise.resolve();
  };
}

/** A window: its own connection, over the setting and the keychain that all windows share. */
class Window {
  readonly owned = new DisposableStore();
  readonly secrets: ProfileSecrets;
  readonly profiles: ProfileStore;
  readonly connection: ConnectionStore;
  readonly phases: string[] = [];
  readonly door: ReturnType<typeof createProfileDoor>;

  constructor(setting: Setting, keychain: SecretStore) {
    this.secrets = this.owned.add(new ProfileSecrets(keychain));
    this.profiles = this.owned.add(new ProfileStore(setting));
    const options = {
      engineProgram: "none",
      nodePty: undefined,
      userAgent: "test",
      logger: silentLogger,
      memory: new ServerMemory(memoryStore(), silentLogger),
      secrets: this.secrets,
      network: () => ({}),
    };
    this.door = createProfileDoor(options);
    this.connection = new ConnectionStore(createConnector(options), silentLogger);
    this.connection.onDidChange(({ phase }) => this.phases.push(phase));
    const { connection, profiles, secrets } = this;
    const again = async (target: ConnectionTarget): Promise<void> => {
      await connectAgain({ connection, profiles }, target).catch(() => undefined);
    };
    this.owned.add(followProfiles({ connection, profiles, secrets, again }));
    this.owned.add(followSignIns({ connection, profiles, secrets, again }));
  }

  async close(): Promise<void> {
    this.owned.dispose();
    await this.connection.disconnect();
  }
}

describe("windows that share servers and sign-ins", () => {
  let engine: Engine;
  let setting: Setting;
  let here: Window;
  let there: Window;

  beforeEach(async () => {
    engine = await startEngine({ ...person, stepMs: 1 });
    setting = new Setting();
    const keychain = memorySecrets();
    here = new Window(setting, keychain);
    there = new Window(setting, keychain);
  });
  afterEach(async () => {
    await Promise.all([here.close(), there.close()]);
    await engine.close();
  });

  async function signedIn(profile: Profile): Promise<void> {
    await setting.write([{ name: profile.name, endpoint: profile.endpoints.join(), login: profile.login }]);
    const { accessKey, secretKey } = engine;
    const signIn =
      profile.login === "password"
        ? await proveLogin(here.door, profile, person, signal)
        : await proveKeypair(here.door, profile, { accessKey, secretKey }, signal);
    await here.secrets.set(profile, signIn);
  }
  const keypair = (): Profile => profileOf({ name: "K", endpoint: engine.endpoint });
  const web = (): Profile => profileOf({ name: "W", endpoint: engine.endpoint, login: "password" });

  it("use another group and other folders from the next session on, on the same connection", async () => {
    const profile = keypair();
    await signedIn(profile);
    const client = await here.connection.connect({ kind: "profile", profile });
    here.phases.length = 0;
    await there.profiles.save({ ...profile, group: "vision", mounts: ["data"] });
    assert.deepEqual(client.defaults, { domain: "default", group: "vision", mounts: ["data"] });
    const { state } = here.connection;
    assert.equal(state.phase === "connected" && state.client, client);
    assert.deepEqual(here.phases, ["connected"]);
  });

  it("connect anew to a server that is reached otherwise, and leave one that is gone", async () => {
    const profile = keypair();
    await signedIn(profile);
    const client = await here.connection.connect({ kind: "profile", profile });
    const [first = ""] = profile.endpoints;
    await there.profiles.save({ ...profile, endpoints: [first], skipVerification: true });
    await until("another client", () => {
      const { state } = here.connection;
      return state.phase === "connected" && state.client !== client;
    });
    await there.profiles.remove(profile.id);
    await until("the server to be left", () => here.connection.state.phase === "disconnected");
  });

  it("connect as the setting is by then, or not at all, when it changes again while a server is left", async () => {
    const profile = keypair();
    await signedIn(profile);
    await here.connection.connect({ kind: "profile", profile });
    let leave = (): void => undefined;
    here.connection.beforeClose(() => new Promise((resolve) => (leave = resolve)));
    await there.profiles.save({ ...profile, group: "first", skipVerification: true });
    await there.profiles.save({ ...profile, group: "second" });
    leave();
    await until("another client", () => here.connection.state.phase === "connected");
    assert.equal(here.connection.current?.defaults.group, "second");
    await there.profiles.save({ ...profile, skipVerification: true });
    const elsewhere = { kind: "profile", profile: { ...profile, id: "elsewhere" } } as const;
    const chosen = here.connection.connect(elsewhere);
    leave();
    await assert.rejects(chosen, { reason: "never" });
    assert.deepEqual(here.connection.state.phase === "failed" && here.connection.state.target, elsewhere);
  });

  it("do not send a sign-in to another address that a setting names", async () => {
    const profile = keypair();
    await signedIn(profile);
    await here.connection.connect({ kind: "profile", profile });
    const evil = await startEngine();
    await setting.write([{ name: "K", endpoint: evil.endpoint }]);
    await until("the sign-in to be missing", () => here.connection.state.phase === "failed");
    const { state } = here.connection;
    assert.equal(state.phase === "failed" && (state.error as { code?: string }).code, "SIGNED_OUT");
    await evil.close();
  });

  it("sign out and in together", async () => {
    const profile = keypair();
    await signedIn(profile);
    await here.connection.connect({ kind: "profile", profile });
    await there.connection.connect({ kind: "profile", profile });
    await there.secrets.delete(profile.id);
    await until("both to be signed out", () =>
      [here, there].every(({ connection }) => connection.state.phase === "disconnected"),
    );
    await assert.rejects(here.connection.connect({ kind: "profile", profile }), { reason: "never" });
    await signedIn(profile);
    await until("the window that waits to be connected", () => here.connection.state.phase === "connected");
  });

  it("use a login that another window renewed as soon as their own has ended", async () => {
    const profile = web();
    await signedIn(profile);
    const old = (await here.secrets.get(profile))?.secret;
    await here.connection.connect({ kind: "profile", profile });
    const client = here.connection.current;
    await there.secrets.set(profile, await proveLogin(there.door, profile, person, signal));
    assert.equal(here.connection.current, client, "what works is left alone");
    assert.ok(old?.type === "cookie");
    const ending = await there.door(profile, old, signal);
    await ending.auth.logout();
    await ending.close();
    await assert.rejects(async () => client?.images.list(), { code: "UNAUTHORIZED" });
    await until("the renewed login to be used", () => {
      const { state } = here.connection;
      return state.phase === "connected" && state.client !== client;
    });
  });

  it("say that somebody has to sign in, once, when no login is left", async () => {
    const profile = web();
    await signedIn(profile);
    const client = await here.connection.connect({ kind: "profile", profile });
    const secret = (await here.secrets.get(profile))?.secret;
    assert.ok(secret?.type === "cookie");
    const ending = await there.door(profile, secret, signal);
    await ending.auth.logout();
    await ending.close();
    here.phases.length = 0;
    const calls = await Promise.allSettled([
      client.images.list(),
      client.groups.list(),
      client.folders.list(),
    ]);
    assert.ok(calls.every(({ status }) => status === "rejected"));
    await until("the connection to fail", () => here.connection.state.phase === "failed");
    assert.deepEqual(here.phases, ["failed"]);
  });

  describe("while another server is only being tried", () => {
    /** At the first address of a server; the second one is tried once it hangs up. */
    let silent: Server;
    let isSilent: boolean;
    let used: Profile;
    let tried: Profile;

    beforeEach(async () => {
      isSilent = true;
      silent = createServer((socket) => (isSilent ? undefined : socket.destroy())).listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as AddressInfo;
      const { accessKey, secretKey } = engine;
      used = keypair();
      tried = profileOf({ name: "T", endpoint: `http://127.0.0.1:${String(port)},${engine.endpoint}` });
      await signedIn(used);
      await there.profiles.save(tried);
      await here.secrets.set(tried, { secret: { accessKey, secretKey, type: "keypair" }, user: "somebody" });
      await here.connection.connect({ kind: "profile", profile: used });
      here.connection.connect({ kind: "profile", profile: tried }).catch(() => undefined);
      assert.equal(here.connection.state.phase, "connecting");
    });
    afterEach(() => silent.close());

    const usedId = (): string => {
      const { state, current } = here.connection;
      return state.phase === "connected" && state.client === current ? serverIdOf(state.target) : state.phase;
    };

    it("stay where they are when that one is removed", async () => {
      const client = here.connection.current;
      await there.profiles.remove(tried.id);
      assert.equal(usedId(), used.id);
      assert.equal(here.connection.current, client);
      await client?.images.list();
    });

    it("stay where they are when that one is signed out of", async () => {
      const client = here.connection.current;
      await there.secrets.delete(tried.id);
      await until("the other to be given up", () => here.connection.state.phase !== "connecting");
      assert.equal(usedId(), used.id);
      assert.equal(here.connection.current, client);
      await client?.images.list();
    });

    it("stay where they are until that one has proved itself, as it is by then", async () => {
      const client = here.connection.current;
      await there.profiles.save({ ...tried, group: "vision" });
      assert.equal(here.connection.current, client);
      assert.equal(client?.defaults.group, "default", "the group is the other server's");
      assert.equal(here.connection.state.phase, "connecting");
      isSilent = false;
      await there.profiles.save({ ...tried, group: "vision", mounts: ["data"] });
      await until("the other to be used", () => usedId() === tried.id);
      assert.deepEqual(here.connection.current?.defaults, {
        domain: "default",
        group: "vision",
        mounts: ["data"],
      });
    });

    const changes: Readonly<Record<string, () => Promise<void>>> = {
      removed: async () => there.profiles.remove(used.id),
      "signed out of": async () => there.secrets.delete(used.id),
      "reached otherwise": async () => there.profiles.save({ ...used, skipVerification: true }),
    };
    for (const [change, make] of Object.entries(changes)) {
      it(`leave the one in use, and it alone, when it is ${change}`, async () => {
        await make();
        await until("it to be left", () => here.connection.current === undefined);
        assert.deepEqual([...new Set(here.phases)], ["connecting", "connected"]);
        assert.equal(here.connection.state.phase, "connecting");
      });
    }
  });
});
