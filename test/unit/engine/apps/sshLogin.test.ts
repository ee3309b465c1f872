import assert from "node:assert/strict";
import { once } from "node:events";
import ssh2, { type ConnectConfig, type ParsedKey } from "ssh2";
import { keyOf, login, run } from "../support/appClients.js";
import type { EngineClient } from "../support/client.js";
import { engines } from "../support/engines.js";

const refusal = /All configured authentication methods failed/;

function parsed(key: string): ParsedKey {
  const found = ssh2.utils.parseKey(key);
  assert.ok(!(found instanceof Error));
  return found;
}

/** A key that no session knows. Of the ed25519 keys that ssh2 makes it can't read one in 400. */
function foreignKey(): string {
  return ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }).private;
}

/** Shows the public half of one key, and signs with another. */
class ForgingAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #shown: ParsedKey;
  readonly #used: ParsedKey;
  signatures = 0;

  constructor(shown: ParsedKey, used: ParsedKey) {
    super();
    this.#shown = shown;
    this.#used = used;
  }

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    callback(undefined, [this.#shown]);
  }

  override sign(_key: unknown, data: Buffer, options: unknown, callback?: unknown): void {
    this.signatures += 1;
    const answer = typeof options === "function" ? options : callback;
    assert.ok(typeof answer === "function");
    Reflect.apply(answer, undefined, [undefined, this.#used.sign(data)]);
  }
}

describe("engine sshd: login", () => {
  const start = engines();
  const session = async (): Promise<{ client: EngineClient; id: string; key: string }> => {
    const { client } = await start();
    const id = await client.create("ssh-login");
    return { client, id, key: await keyOf(client, id) };
  };

  it("lets in who has the session's key, as the user work", async () => {
    const { client, id } = await session();
    const { ssh, link } = await login(client, id);
    assert.equal((await run(ssh, "echo in")).stdout.toString(), "in\n");
    ssh.end();
    await once(link, "close");
  });

  it("keeps the key where only its owner reads it", async () => {
    const { client, id, key } = await session();
    const listed = await client.send("GET", `/session/${id}/files?path=.`);
    assert.match(String(listed.at("files")), /"mode":"-rw-------"[^}]*"filename":"id_container"/);
    assert.ok(parsed(key).isPrivateKey());
  });

  it("refuses other keys, another session's among them, other users, and passwords", async () => {
    const { client, id, key } = await session();
    const other = await client.create("ssh-other");
    const rows: readonly (readonly [string, ConnectConfig])[] = [
      ["a key of the client's own", { privateKey: foreignKey() }],
      ["the key of another session", { privateKey: await keyOf(client, other) }],
      ["root", { privateKey: key, username: "root" }],
      ["no user", { privateKey: key, username: "" }],
      ["no key", { privateKey: key, authHandler: ["none"] }],
      ["a password", { privateKey: key, password: "work", authHandler: ["password"] }],
    ];
    for (const [what, config] of rows) {
      await assert.rejects(login(client, id, config), refusal, what);
    }
    const { ssh } = await login(client, id, { privateKey: key });
    ssh.end();
  });

  it("refuses who knows the public half of the key alone, and asks other keys for no signature", async () => {
    const { client, id, key } = await session();
    const [own, other] = [parsed(key), parsed(await keyOf(client, await client.create("ssh-2")))];
    const forged = new ForgingAgent(own, other);
    await assert.rejects(login(client, id, { agent: forged, authHandler: ["agent"] }), refusal);
    assert.equal(forged.signatures, 1);
    const foreign = new ForgingAgent(other, other);
    await assert.rejects(login(client, id, { agent: foreign, authHandler: ["agent"] }), refusal);
    assert.equal(foreign.signatures, 0);
    const genuine = new ForgingAgent(own, own);
    const { ssh } = await login(client, id, { agent: genuine, authHandler: ["agent"] });
    ssh.end();
  });

  it("goes by the key that it made, whatever becomes of the file", async () => {
    const { client, id, key } = await session();
    const planted = foreignKey();
    const { ssh } = await login(client, id);
    await run(ssh, "rm id_container && touch id_container");
    ssh.end();
    await assert.rejects(login(client, id, { privateKey: planted }), refusal);
    (await login(client, id, { privateKey: key })).ssh.end();
  });

  it("breaks connections when the session restarts, and has a new host key and the old key then", async () => {
    const { client } = await start("24.09");
    const id = await client.create("ssh-restart");
    const key = await keyOf(client, id);
    const seen: string[] = [];
    const config: ConnectConfig = {
      privateKey: key,
      hostHash: "sha256",
      hostVerifier: (hash: string) => seen.push(hash) > 0,
    };
    const first = await login(client, id, config);
    const gone = once(first.link, "close");
    assert.equal((await client.send("PATCH", `/session/${id}`)).status, 204);
    await gone;
    const second = await login(client, id, config);
    assert.equal((await run(second.ssh, "echo again")).stdout.toString(), "again\n");
    second.ssh.end();
    assert.equal(new Set(seen).size, 2);
  });

  it("ends connections with the session", async () => {
    const { client, id } = await session();
    const { link } = await login(client, id);
    const gone = once(link, "close");
    assert.equal((await client.send("DELETE", `/session/${id}`)).status, 200);
    await gone;
  });
});
