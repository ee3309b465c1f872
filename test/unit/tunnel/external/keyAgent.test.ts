import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import fc from "fast-check";
import ssh2 from "ssh2";
import { DisposableStore } from "../../../../src/base/lifecycle.js";
import { KeyAgent } from "../../../../src/tunnel/external/agent/keyAgent.js";
import { SigningKey } from "../../../../src/tunnel/external/agent/signingKey.js";
import { SshUnavailableError } from "../../../../src/tunnel/sshConnection.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { needPrograms, run } from "./support/programs.js";

const kinds = [
  { name: "RSA", words: ["-t", "rsa", "-b", "2048"] },
  { name: "RSA in PEM", words: ["-t", "rsa", "-b", "2048", "-m", "PEM"] },
  { name: "ECDSA 256", words: ["-t", "ecdsa", "-b", "256"] },
  { name: "ECDSA 256 in PEM", words: ["-t", "ecdsa", "-b", "256", "-m", "PEM"] },
  { name: "ECDSA 384", words: ["-t", "ecdsa", "-b", "384"] },
  { name: "ECDSA 521", words: ["-t", "ecdsa", "-b", "521"] },
  { name: "ed25519", words: ["-t", "ed25519"] },
];

describe("KeyAgent with OpenSSH", () => {
  needPrograms("ssh-keygen", "ssh-add");
  const folder = temporaryFolders();
  const owned = new DisposableStore();
  after(() => owned.dispose());

  async function agentWith(
    words: readonly string[],
  ): Promise<{ dir: string; agent: string; key: SigningKey }> {
    const dir = await folder();
    const made = await run(["ssh-keygen", "-q", "-N", "", "-f", path.join(dir, "made"), ...words]);
    assert.equal(made.code, 0, made.stderr);
    const key = new SigningKey(await readFile(path.join(dir, "made")));
    await rm(path.join(dir, "made"));
    const agent = path.join(dir, "agent");
    owned.add(await KeyAgent.listen(agent, key));
    return { dir, agent, key };
  }

  for (const { name, words } of kinds) {
    it(`signs with ${name} as ssh-keygen can verify, many times`, async () => {
      const { dir, agent, key } = await agentWith(words);
      const env = { ...process.env, SSH_AUTH_SOCK: agent };
      const listed = await run(["ssh-add", "-L"], { env });
      assert.equal(listed.stdout, `${key.publicLine} Backend.AI session\n`);
      const pub = path.join(dir, "id.pub");
      await writeFile(pub, `${key.publicLine}\n`);
      const signers = path.join(dir, "signers");
      await writeFile(signers, `me ${key.publicLine}\n`);
      const signed = await run(["ssh-keygen", "-q", "-Y", "sign", "-n", "test", "-f", pub], {
        env,
        input: "text",
      });
      assert.equal(signed.code, 0, signed.stderr);
      const file = path.join(dir, "signature");
      await writeFile(file, signed.stdout);
      const verify = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        signers,
        "-I",
        "me",
        "-n",
        "test",
        "-s",
        file,
      ] as const;
      assert.equal((await run([...verify], { input: "text" })).code, 0);
      assert.notEqual((await run([...verify], { input: "other" })).code, 0);

      // Numbers of a signature that begin with zeros or with a high bit are seldom: ask often.
      const asked = await new Promise<number>((resolve, reject) => {
        const client = new ssh2.AgentProtocol(true);
        const socket = connect(agent);
        socket.pipe(client).pipe(socket);
        const known = ssh2.utils.parseKey(key.publicLine);
        assert.ok(!(known instanceof Error));
        let left = name.startsWith("RSA") ? 3 : 200;
        const count = left;
        const ask = (): void => {
          if (left === 0) {
            socket.end();
            resolve(count);
            return;
          }
          const data = Buffer.from(`text ${String(left)}`);
          left -= 1;
          client.sign(known, data, { hash: "sha512" }, (error, signature) => {
            const isRsa = key.type === "ssh-rsa";
            const plain =
              isRsa || !key.type.startsWith("ecdsa") ? signature : derOf(signature ?? Buffer.alloc(0));
            if (error || !plain || !known.verify(data, plain, isRsa ? "sha512" : undefined)) {
              reject(error ?? new Error(`signature ${String(left)} is wrong`));
            } else {
              ask();
            }
          });
        };
        ask();
      });
      assert.ok(asked > 0);
    });
  }

  it("signs with RSA by the hash that the flags name", async () => {
    const { key } = await agentWith(["-t", "rsa", "-b", "2048"]);
    const data = Buffer.from("text");
    const known = ssh2.utils.parseKey(key.publicLine);
    assert.ok(!(known instanceof Error));
    const table = [
      [0, "ssh-rsa", "sha1"],
      [2, "rsa-sha2-256", "sha256"],
      [4, "rsa-sha2-512", "sha512"],
      [6, "rsa-sha2-512", "sha512"],
    ] as const;
    for (const [flags, name, hash] of table) {
      const blob = key.sign(data, flags);
      const end = 4 + blob.readUInt32BE(0);
      assert.equal(blob.toString("latin1", 4, end), name);
      assert.ok(known.verify(data, blob.subarray(end + 4), hash), name);
    }
  });

  it("refuses another key, and what it does not know, without losing its place", async () => {
    const { agent, key } = await agentWith(["-t", "ed25519"]);
    const other = (await agentWith(["-t", "ed25519"])).key;
    const request = (message: Buffer): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      return Buffer.concat([length, message]);
    };
    const sign = (blob: Buffer): Buffer =>
      request(
        Buffer.concat([Buffer.from([13]), request(blob), request(Buffer.from("data")), Buffer.alloc(4)]),
      );
    const extension = request(
      Buffer.concat([Buffer.from([27]), request(Buffer.from("session-bind@openssh.com")), Buffer.alloc(300)]),
    );
    const socket = connect(agent);
    socket.end(
      Buffer.concat([extension, sign(other.publicBlob), sign(key.publicBlob), request(Buffer.from([11]))]),
    );
    const answers: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => answers.push(chunk));
    await once(socket, "close");
    const all = Buffer.concat(answers);
    const types: number[] = [];
    for (let at = 0; at < all.length; at += 4 + all.readUInt32BE(at)) {
      types.push(all[at + 4]!);
    }
    assert.deepEqual(types, [5, 5, 14, 12]);
  });

  it("survives any bytes, and hangs up on a message that is too long", async () => {
    const { agent, key } = await agentWith(["-t", "ed25519"]);
    const tooLong = connect(agent);
    tooLong.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 11]));
    tooLong.resume();
    await once(tooLong, "close");
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(11, 13, 27),
        async (bytes, type) => {
          const length = Buffer.alloc(4);
          length.writeUInt32BE(bytes.length + 1);
          const socket = connect(agent);
          socket.end(Buffer.concat([length, Buffer.from([type]), bytes]));
          socket.resume();
          await once(socket, "close");
        },
      ),
      { numRuns: 60 },
    );
    const env = { ...process.env, SSH_AUTH_SOCK: agent };
    assert.match((await run(["ssh-add", "-L"], { env })).stdout, new RegExp(`^${key.type} `));
  });

  it("rejects what is no private key with SshUnavailableError", () => {
    assert.throws(() => new SigningKey(Buffer.from("-----BEGIN PRIVATE KEY-----\n")), SshUnavailableError);
  });
});

/** An ECDSA signature of ssh, two numbers, in the form that OpenSSL verifies. */
function derOf(pair: Buffer): Buffer {
  const middle = 4 + pair.readUInt32BE(0);
  const integers = [pair.subarray(4, middle), pair.subarray(middle + 4)].map((number) =>
    Buffer.concat([Buffer.from([2, number.length]), number]),
  );
  const body = Buffer.concat(integers);
  return Buffer.concat([
    Buffer.from(body.length > 127 ? [0x30, 0x81, body.length] : [0x30, body.length]),
    body,
  ]);
}
