import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { ConnectionStore } from "../../../src/account/connectionStore.js";
import { createConnector, createProfileDoor } from "../../../src/account/connector.js";
import { profileOf } from "../../../src/account/profiles/profile.js";
import { ProfileSecrets } from "../../../src/account/profiles/profileSecrets.js";
import { ServerMemory } from "../../../src/account/serverMemory.js";
import { groupsOf, probeServer, proveKeypair, proveLogin, remedyOf } from "../../../src/account/signIn.js";
import { GroupNotFoundError } from "../../../src/api/errors.js";
import { silentLogger } from "../../../src/base/logger.js";
import { type Engine, startEngine } from "../../../src/engine/index.js";
import { describeError } from "../../../src/platform/describeError.js";
import { until } from "../../support/until.js";
import { ScriptedServer } from "../api/support/scriptedServer.js";
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
    await assert.rejects(wrong, (error) => {
      assert.equal(remedyOf(error), "answer");
      assert.equal(describeError(error).summary, "The e-mail address or the password is wrong.");
      return true;
    });
  });

  it("keeps the cookie of a web server's login, and never the password", async () => {
    const proved = await proveLogin(door, web(), person, signal);
    assert.equal(proved.secret.type, "cookie");
    assert.ok(!JSON.stringify(proved).includes(person.password));
    const wrong = proveLogin(door, web(), { ...person, password: "wrong" }, signal);
    await assert.rejects(wrong, (error) => {
      assert.equal(remedyOf(error), "answer");
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
    const expired = { code: "SIGNED_OUT", reason: "expired" };
    const { state } = connection;
    assert.equal(
      state.phase === "failed" && describeError(state.error).summary,
      "Your login to W has expired.",
    );
    await connection.disconnect();
    await assert.rejects(connection.connect({ kind: "profile", profile }), expired);
  });

  it("asks a keypair's person to sign in again when the server no longer takes it", async () => {
    const other = await startEngine({ stepMs: 1 });
    const profile = profileOf({ name: "K", endpoint: other.endpoint });
    const { accessKey, secretKey } = other;
    await secrets.set(profile, await proveKeypair(door, profile, { accessKey, secretKey }, signal));
    const connection = new ConnectionStore(createConnector(options), silentLogger);
    const client = await connection.connect({ kind: "profile", profile });
    const port = Number(new URL(other.endpoint).port);
    await other.close();
    const renewed = await startEngine({ stepMs: 1, port, accessKey, secretKey: "another" });
    await assert.rejects(client.images.list(), { code: "UNAUTHORIZED" });
    await until("the connection to fail", () => connection.state.phase === "failed");
    const { state } = connection;
    assert.equal(
      state.phase === "failed" && describeError(state.error).summary,
      "K no longer takes the keys that you signed in with.",
    );
    await assert.rejects(connection.connect({ kind: "profile", profile }), {
      code: "SIGNED_OUT",
      reason: "refused",
    });
    await renewed.close();
  });

  it("goes to the next address when the first is dead, and keeps one sign-in for both", async () => {
    const profile = profileOf({ name: "Two", endpoint: `http://127.0.0.1:9, ${engine.endpoint}` });
    assert.equal(await probeServer(door, profile, signal), "manager");
    const { accessKey, secretKey } = engine;
    await secrets.set(profile, await proveKeypair(door, profile, { accessKey, secretKey }, signal));
    const connection = new ConnectionStore(createConnector(options), silentLogger);
    const client = await connection.connect({ kind: "profile", profile });
    assert.equal(client.endpoint, engine.endpoint);
    await connection.disconnect();
  });

  it("tells of the person's groups, and starts sessions for the profile's, with its folders", async () => {
    const { accessKey, secretKey } = engine;
    const plain = manager();
    const signIn = await proveKeypair(door, plain, { accessKey, secretKey }, signal);
    const groups = await groupsOf(door, plain, signIn, signal);
    assert.deepEqual(
      groups.map(({ name, domain }) => [name, domain]),
      [["default", "default"]],
    );
    const profile = { ...plain, name: "G", id: "g", group: "vision", mounts: ["data"] };
    await secrets.set(profile, signIn);
    const connection = new ConnectionStore(createConnector(options), silentLogger);
    const client = await connection.connect({ kind: "profile", profile });
    assert.deepEqual(client.defaults, { domain: "default", group: "vision", mounts: ["data"] });
    const create = async (): Promise<unknown> =>
      client.sessions.create({ image: "python", enqueueOnly: true });
    await assert.rejects(create(), GroupNotFoundError);
    await client.folders.create("data");
    client.setDefaults({ ...client.defaults, group: "default" });
    const created = await client.sessions.create({ image: "python" });
    const { entries } = await client.files.list(created.id);
    assert.ok(
      entries.some(({ name }) => name === "data"),
      "the folder of the profile is in it",
    );
    await client.sessions.destroy(created.id);
    await connection.disconnect();
  });

  it("ends at once when the person gives up on a server that says nothing, and says so of one that goes away", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const profile = profileOf({ name: "Silent", endpoint: `http://127.0.0.1:${port}`, login: "password" });
    const controller = new AbortController();
    const proving = proveLogin(door, profile, person, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(proving, { name: "AbortError" });
    silent.close();
    const scripted = await ScriptedServer.start();
    scripted.answer = (_, response) => void response.socket?.destroy();
    const dying = { ...profile, endpoints: [scripted.url] };
    await assert.rejects(proveLogin(door, dying, person, signal), (error) => {
      assert.equal(remedyOf(error), undefined);
      assert.equal(describeError(error).summary, "The connection was closed by the server.");
      return true;
    });
    await scripted.stop();
  });
});
