import assert from "node:assert/strict";
import type { SessionSsh } from "../../../src/tunnel/sessionSsh.js";
import { openServerTarget, type ServerTarget } from "../../support/serverTarget.js";
import { freshSsh } from "./support/freshSsh.js";

/** Rounds; without the wait for closing channels, real sshds refused 52 of 60, and ended the connection. */
const rounds = 30;

describe("channels opened as others are closed", function () {
  this.timeout(60_000);
  let target: ServerTarget;
  let sessionId: string;
  let ssh: SessionSsh;

  before(async () => {
    target = await openServerTarget(process.env);
    const { id } = await target.client.sessions.create({
      image: target.pythonImage,
      name: `closing-${process.pid}`,
    });
    sessionId = id;
    ssh = freshSsh(target.client, id);
  });

  after(async () => {
    ssh?.dispose();
    await target?.client.sessions.destroy(sessionId, { forced: true }).catch(() => undefined);
    await target?.end();
  });

  it("open, each one, and without delay", async () => {
    const lease = await ssh.acquire();
    const { connection } = lease;
    const startedAt = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      const sftp = await connection.sftp();
      await new Promise<void>((resolve, reject) => {
        sftp.stat(".", (error) => (error ? reject(error) : resolve()));
      });
      sftp.end();
      const channel = await connection.exec("cat");
      channel.write("x");
      await new Promise((resolve) => channel.once("data", resolve));
      channel.close();
    }
    const meanMs = (performance.now() - startedAt) / rounds;
    lease.dispose();
    assert.ok(meanMs < 500, `${meanMs} ms a round`); // a channel that is waited for in vain costs a second
  });

  it("do not wait for one whose reader has stopped in the middle", async () => {
    const lease = await ssh.acquire();
    const { connection } = lease;
    const startedAt = performance.now();
    for (let round = 0; round < 5; round += 1) {
      const channel = await connection.exec("head -c 1000000 /dev/zero; sleep 600");
      await channel[Symbol.asyncIterator]().next();
      channel.close();
    }
    const elapsedMs = performance.now() - startedAt;
    lease.dispose();
    assert.ok(elapsedMs < 3000, `${elapsedMs} ms`);
  });

  it("wait once for one that never tells of its close, not each of them", async () => {
    const lease = await ssh.acquire();
    const { connection } = lease;
    const unread = await connection.exec("head -c 100000 /dev/zero");
    await new Promise((resolve) => unread.once("readable", resolve)); // it has come, and nobody takes it
    unread.close();
    unread.pause(); // by whoever reads it still
    const startedAt = performance.now();
    for (let round = 0; round < 5; round += 1) {
      const channel = await connection.exec("true");
      channel.resume();
      await new Promise((resolve) => channel.once("close", resolve));
    }
    const elapsedMs = performance.now() - startedAt;
    lease.dispose();
    assert.ok(elapsedMs < 4000, `${elapsedMs} ms`);
  });
});
