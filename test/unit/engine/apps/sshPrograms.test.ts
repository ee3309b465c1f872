import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type ssh2 from "ssh2";
import type { ClientChannel } from "ssh2";
import { until } from "../../../support/until.js";
import { ended, exec, login, openSftp, run } from "../support/appClients.js";
import type { EngineClient } from "../support/client.js";
import { engines } from "../support/engines.js";

const channelsLimit = 128;
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** All that a channel prints from now on. */
function shown(channel: ClientChannel): () => string {
  let text = "";
  channel.on("data", (bytes: Buffer) => (text += bytes.toString()));
  return () => text;
}

/** The process id that a program prints first. */
async function pidOf(channel: ClientChannel): Promise<number> {
  const text = shown(channel);
  return Number((await until("a process id", () => /^(\d+)\r?\n/.exec(text()) ?? undefined))[1]);
}

describe("engine sshd: programs", () => {
  const start = engines();
  let client: EngineClient;
  let ssh: ssh2.Client;
  let id = "";
  beforeEach(async () => {
    ({ client } = await start());
    id = await client.create("ssh-programs");
    ({ ssh } = await login(client, id));
  });
  afterEach(() => ssh.end());

  it("keeps output, errors and exit codes apart", async () => {
    const told = await run(ssh, "printf out; printf err >&2; exit 3");
    assert.deepEqual([told.stdout.toString(), told.stderr.toString(), told.code], ["out", "err", 3]);
    assert.equal((await run(ssh, "true")).code, 0);
    assert.equal((await run(ssh, "/nosuch/program")).code, 127);
    const both = await Promise.all([run(ssh, "echo 1; exit 1"), run(ssh, "echo 2; exit 2")]);
    assert.deepEqual(
      both.map(({ stdout, code }) => [stdout.toString(), code]),
      [
        ["1\n", 1],
        ["2\n", 2],
      ],
    );
  });

  it("starts programs in the session's home, with the variables that clients may set", async () => {
    const env = { LC_TIME: "C", LD_PRELOAD: "/evil.so", PATH: "/evil", BACKENDAI_ACCESS_KEY: "evil" };
    const told = await run(ssh, 'echo "$LC_TIME|$LD_PRELOAD|$PATH|$BACKENDAI_ACCESS_KEY"; ls', { env });
    const [variables = "", ...files] = told.stdout.toString().trim().split("\n");
    assert.match(variables, /^C\|/);
    assert.doesNotMatch(variables, /evil/);
    assert.deepEqual(files, ["id_container"]);
  });

  it("tells the signal that ended a program, one that the client sent included", async () => {
    const killed = await run(ssh, "kill -KILL $$");
    assert.deepEqual([killed.code, killed.signal], [null, "SIGKILL"]);
    const channel = await exec(ssh, "echo $$; exec sleep 600");
    const pid = await pidOf(channel);
    const end = ended(channel);
    channel.signal("TERM");
    const { code, signal } = await end;
    assert.deepEqual([code, signal], [null, "SIGTERM"]);
    assert.ok(!isAlive(pid));
    const caught = await exec(
      ssh,
      "trap 'echo caught; exit 5' USR1; echo ready; while :; do sleep 0.01; done",
    );
    const text = shown(caught);
    await until("the trap", () => text().includes("ready"));
    caught.signal("USR1");
    assert.equal((await ended(caught)).code, 5);
    assert.equal(text(), "ready\ncaught\n");
  });

  it("gives a program its input until the client ends it", async () => {
    const sent = Buffer.alloc(3 * 1024 * 1024, "0123456789abcde");
    const channel = await exec(ssh, "cat; echo; echo end >&2");
    const end = ended(channel);
    channel.write(sent.subarray(0, 1_000_001));
    channel.end(sent.subarray(1_000_001));
    const { stdout, stderr, code } = await end;
    assert.equal(stdout.length, sent.length + 1);
    assert.equal(sha256(stdout.subarray(0, -1)), sha256(sent));
    assert.deepEqual([stderr.toString(), code], ["end\n", 0]);
  });

  it("outlives input that a program does not read", async () => {
    const channel = await exec(ssh, "head -c 1");
    const end = ended(channel);
    channel.end(Buffer.alloc(4 * 1024 * 1024, "x"));
    assert.deepEqual(await end, {
      stdout: Buffer.from("x"),
      stderr: Buffer.alloc(0),
      code: 0,
      signal: undefined,
    });
  });

  it("runs programs on a terminal of the size and kind that is asked for, and resizes it", async () => {
    const pty = { term: "vt220", rows: 33, cols: 77 };
    const channel = await exec(ssh, "tty; echo $TERM; stty size; read line; stty size; exit 4", { pty });
    const text = shown(channel);
    await until("the size", () => text().includes("33 77"));
    assert.match(text(), /^\/dev\/\S+\r\nvt220\r\n33 77\r\n$/);
    const end = ended(channel);
    channel.setWindow(44, 111, 0, 0);
    channel.write("typed\r");
    assert.equal((await end).code, 4);
    assert.match(text(), /33 77\r\ntyped\r\n44 111\r\n$/);
  });

  it("opens a login shell, which ends with exit and takes ^C", async () => {
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      ssh.shell({ term: "xterm", rows: 24, cols: 80 }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      );
    });
    const text = shown(channel);
    const end = ended(channel);
    channel.write("echo login-$((40 + 2)); sleep 600\r");
    await until("the echo", () => text().includes("login-42"));
    channel.write("\x03");
    await until("the prompt", () => /\^C[^]*[#$] /.test(text()));
    channel.write("echo code-$?; exit 7\r");
    assert.equal((await end).code, 7);
    assert.match(text(), /code-130/);
  });

  it("gives all of 20 MB to a slow reader, and lets the program wait for it", async () => {
    const made = await run(ssh, "head -c 20000000 /dev/urandom > big; sha256sum big");
    const hash = createHash("sha256");
    const channel = await exec(ssh, "cat big; touch written");
    const close = once(channel, "close");
    for (let turn = 0; turn < 200; turn += 1) {
      await client.send("GET", "/auth/role"); // the engine has work to do, and time to read on
    }
    assert.equal((await run(ssh, "ls")).stdout.toString(), "big\nid_container\n");
    let size = 0;
    for await (const bytes of channel as AsyncIterable<Buffer>) {
      hash.update(bytes);
      size += bytes.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await close;
    assert.equal(size, 20_000_000);
    assert.equal(hash.digest("hex"), made.stdout.toString().slice(0, 64));
    assert.match((await run(ssh, "ls")).stdout.toString(), /written/);
  });

  it("mixes nothing up when output and errors both fill the channel", async () => {
    await run(ssh, "head -c 5000000 /dev/urandom > one; head -c 5000000 /dev/urandom > two");
    const both = await run(ssh, "cat one & cat two >&2; wait");
    const hashes = (await run(ssh, "cat one | sha256sum; cat two | sha256sum")).stdout.toString();
    assert.equal(hashes, `${sha256(both.stdout)}  -\n${sha256(both.stderr)}  -\n`);
  });

  it("refuses more channels than a connection may have, until one is closed", async () => {
    const open = await Promise.all(Array.from({ length: channelsLimit }, () => openSftp(ssh)));
    await assert.rejects(exec(ssh, "true"), /open failure/);
    const closed = once(open[0] ?? assert.fail(), "close");
    open[0]?.end();
    await closed;
    assert.equal((await run(ssh, "exit 9")).code, 9);
  });

  it("ends programs with the session", async () => {
    const channel = await exec(ssh, "echo $$; trap '' TERM HUP; while :; do sleep 0.05; done");
    const onTerminal = await exec(ssh, "echo $$; trap '' TERM HUP; while :; do sleep 0.05; done", {
      pty: true,
    });
    const pids = [await pidOf(channel), await pidOf(onTerminal)];
    assert.deepEqual(pids.map(isAlive), [true, true]);
    const closed = [once(channel, "close"), once(onTerminal, "close")];
    await client.send("DELETE", `/session/${id}`);
    await Promise.all(closed);
    await until("the end of both", () => !pids.some(isAlive));
  });

  it("takes terminal and pipes away from programs whose client is gone", async () => {
    const { ssh: leaving, link } = await login(client, id);
    const pids = [
      await pidOf(await exec(leaving, "echo $$; exec cat")),
      await pidOf(await exec(leaving, "echo $$; exec sleep 600", { pty: true })),
    ];
    assert.deepEqual(pids.map(isAlive), [true, true]);
    link.destroy();
    await until("the end of both", () => !pids.some(isAlive));
  });
});
