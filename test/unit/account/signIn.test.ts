import assert from "node:assert/strict";
import { ConnectionStore } from "../../../src/account/connectionStore.js";
import { createConnector, createProfileDoor } from "../../../src/account/connector.js";
import { profileOf } from "../../../src/account/profiles/profile.js";
import { ProfileSecrets } from "../../../src/account/profiles/profileSecrets.js";
import { ServerMemory } from "../../../src/account/serverMemory.js";
import { needsCode, probeServer, proveKeypair, proveLogin } from "../../../src/account/signIn.js";
import { silentLogger } from "../../../src/base/logger.js";
import { type Engine, startEngine } from "../../../src/engine/index.js";
import { describeError } from "../../../src/platform/describeError.js";
import { until } from "../../support/until.js";
import { memoryStore } from "../tunnel/support/memoryStore.js";
import { memorySecrets } from "./support/memorySecrets.js";

const person = { email: "person@example.com", password: "correct horse" };
const { signal } = new AbortController();

describe("signing in", () => {
  let engine: Engine;
  const secrets = new ProfileSecrets(memorySecrets());
  const options = {
    engineProgram: "none",
    nodePty: undefined,
    userAgent: "test",
    logger: silentLogger,
    memory: new ServerMemory(memoryStore(), silentLogger),
    secrets,
    network: () => ({}),
  };
  const door = createProfileDoor(options);

  before(async () => {
    engine = await startEngine({ ...person, stepMs: 1 });
  });
  after(async () => engine.close());

  const manager = (): ReturnType<typeof profileOf> => profileOf({ name: "M", endpoint: engine.endpoint });
  const web = (): ReturnType<typeof profileOf> =>
    profileOf({ name: "W", endpoint: engine.endpoint, login: "password" });

  it("finds out what answers at an address", async () => {
    assert.equal(await probeServer(door, manager(), signal), "manager");
    const nothing = profileOf({ endpoint: "http://127.0.0.1:9" });
    await assert.rejects(probeServer(door, nothing, signal), { code: "NETWORK" });
  });

  it("proves a keypair before it is kept", async () => {
    const { accessKey, secretKey } = engine;
    const proved = await proveKeypair(door, manager(), { accessKey, secretKey }, signal);
    assert.deepEqual(proved, { secret: { type: "keypair", accessKey, secretKey }, user: accessKey });
    const wrong = proveKeypair(door, manager(), { accessKey, secretKey: "wrong" }, signal);
    await assert.rejects(wrong, (error) => {
      assert.match(describeError(error).summary, /refused the keys/);
      return true;
    });
  });

  it("gets the keypair of a person with a password from a manager", async () => {
    const proved = await proveLogin(door, manager(), person, signal);
    const { accessKey, secretKey } = engine;
    assert.deepEqual(proved, { secret: { type: "keypair", accessKey, secretKey }, user: person.email });
    const wrong = proveLogin(door, manager(), { ...person, password: "wrong" }, signal);
    await assert.rejects(wrong, { code: "UNAUTHORIZED" });
  });

  it("keeps the cookie of a web server's login, and never the password", async () => {
    const proved = await proveLogin(door, web(), person, signal);
    assert.equal(proved.secret.type, "cookie");
    assert.ok(!JSON.stringify(proved).includes(person.password));
    const wrong = proveLogin(door, web(), { ...person, password: "wrong" }, signal);
    await assert.rejects(wrong, (error) => {
      assert.equal(needsCode(error), false);
      assert.equal(describeError(error).summary, "The e-mail address or the password is wrong.");
      return true;
    });
  });

  it("connects with what was kept, in this window and the next", async () => {
    const profile = web();
    await secrets.set(profile, await proveLogin(door, profile, person, signal));
    for (const window of [1, 2]) {
      const connection = new ConnectionStore(createConnector(options), silentLogger);
      const client = await connection.connect({ kind: "profile", profile }, signal);
      assert.equal(client.accessKey, engine.accessKey, `window ${window}`);
      assert.deepEqual(await client.images.list().then((images) => images.length > 0), true);
      await connection.disconnect();
    }
  });

  it("says that nobody is signed in", async () => {
    const profile = profileOf({ name: "Nobody", endpoint: engine.endpoint });
    const connection = new ConnectionStore(createConnector(options), silentLogger);
    await assert.rejects(connection.connect({ kind: "profile", profile }), (error) => {
      assert.deepEqual(describeError(error), {
        summary: "You are not signed in to Nobody.",
        detail: "Sign in to go on.",
        actions: ["signIn", "chooseServer"],
      });
      return true;
    });
  });

  it("turns a login that has ended into “sign in again”, at the next call and at the next connection", async () => {
    const profile = web();
    const signIn = await proveLogin(door, profile, person, signal);
    await secrets.set(profile, signIn);
    const connection = new ConnectionStore(createConnector(options), silentLogger);
    const client = await connection.connect({ kind: "profile", profile });
    const other = await door(profile, signIn.secret, signal);
    await other.auth.logout();
    await other.close();
    await assert.rejects(client.images.list(), { code: "UNAUTHORIZED" });
    await until("the connection to fail", () => connection.state.phase === "failed");
    const expired = { code: "SIGNED_OUT", hasExpired: true };
    const { state } = connection;
    assert.equal(
      state.phase === "failed" && describeError(state.error).summary,
      "Your login to W has expired.",
    );
    await connection.disconnect();
    await assert.rejects(connection.connect({ kind: "profile", profile }), expired);
  });
});
