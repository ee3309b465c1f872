import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/logger.js";
import { openLink } from "../../../src/terminal/links/openLink.js";
import { HostKeys } from "../../../src/tunnel/hostKeys.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { until } from "../../support/until.js";
import { withServer } from "../api/support/scriptedServer.js";
import { freshSsh } from "../tunnel/support/freshSsh.js";
import { memoryStore } from "../tunnel/support/memoryStore.js";
import { type OpenTerminal, openTerminal } from "./support/openTerminal.js";
import { SessionPrograms } from "./support/sessionProgram.js";

describe("a terminal on a server that misbehaves", () => {
  const context = withServer({ timeouts: { handshakeMs: 200 } });
  let open: OpenTerminal | undefined;

  beforeEach(async () => {
    const session = { id: "s", name: "s", sess_id: "s", status: "RUNNING" };
    context.server.answer = () => ({ data: { compute_session: session } });
    context.server.hello = { version: "v4.20190615", manager: "19.09.30" }; // its own terminal is not known to be mute
    await context.reconnect();
  });

  afterEach(() => {
    open?.dispose();
    open = undefined;
  });

  const sockets = (): string[] =>
    context.server.received.filter(({ method }) => method === "WS").map(({ url }) => url.split("?")[0] ?? "");

  for (const [status, title, msg] of [
    [401, "Unauthorized", "Signature mismatch."],
    [404, "No such session", "It was swept away."],
    [500, "Internal server error", "KeyError: 'kernel'"],
    [503, "Service unavailable", "The manager is frozen."],
  ] as const) {
    it(`shows what it said with its ${status}, and closes`, async () => {
      context.server.refusal = { status, body: JSON.stringify({ type: "about:blank", title, msg }) };
      open = openTerminal(context.client, "s", { preference: "pty" });
      await until("the end", () => open?.terminal.state.phase === "closed");
      assert.ok(open.screen.raw.includes(msg), open.screen.raw);
    });
  }

  it("is refused by one way and goes on to the next, saying so", async () => {
    context.server.refusal = { status: 500, body: JSON.stringify({ title: "No", msg: "agent is gone" }) };
    open = openTerminal(context.client, "s");
    await until("the end", () => open?.terminal.state.phase === "closed");
    assert.match(open.screen.raw, /agent is gone[^]*Trying ssh[^]*Trying the terminal app/);
    assert.equal(sockets().at(-1), "/stream/kernel/s/tcpproxy");
  });

  it("leaves one that never answers the upgrade, for the next way", async () => {
    context.server.holdsUpgrades = true;
    open = openTerminal(context.client, "s");
    await until("the end", () => open?.terminal.state.phase === "closed");
    assert.equal(sockets()[0], "/stream/kernel/s/pty");
    assert.match(open.screen.raw, /Trying ssh/);
  });

  it("leaves a way that takes the connection and never says a word, at its deadline", async () => {
    const ssh = freshSsh(context.client, "s");
    const request = {
      client: context.client,
      sessionId: "s",
      ssh,
      shell: { name: "n" },
      size: { rows: 24, cols: 80 },
      signal: new AbortController().signal,
      limitMs: 100,
    };
    const before = performance.now();
    await assert.rejects(openLink("ttyd", request), { code: "TIMEOUT", phase: "start" });
    assert.ok(performance.now() - before < 2000);
    await assert.rejects(openLink("pty", { ...request, limitMs: 5000 }), { code: "MUTE_TERMINAL" });
    assert.ok(performance.now() - before < 3000, "a mute terminal is left within a second");
    ssh.dispose();
  });

  it("gives up a way that sends garbage, and says what came", async () => {
    context.server.socket = (socket, request) => {
      if (request.url?.includes("/pty") === true) {
        socket.send(JSON.stringify({ type: "out", data: Buffer.from("ready").toString("base64") }));
        socket.once("message", () => setTimeout(() => socket.send('{"type":"out","data":7}'), 200));
      } else {
        socket.close(1013);
      }
    };
    open = openTerminal(context.client, "s");
    await until("the trouble", () => /Connecting again/.test(open?.screen.raw ?? ""));
    await until("another way", () => sockets().some((url) => url.includes("tcpproxy")));
    assert.equal(sockets().filter((url) => url.includes("/pty")).length, 1, "garbage is not asked for twice");
    assert.match(open.screen.raw, /ready/);
  });

  it("breaks off at a frame over the bound instead of taking it into memory", async () => {
    context.server.socket = (socket) => {
      socket.send(JSON.stringify({ type: "out", data: Buffer.from("ready").toString("base64") }));
      setTimeout(() => socket.send(Buffer.alloc(20 * 1024 * 1024)), 200);
    };
    open = openTerminal(context.client, "s", { preference: "pty" });
    await until("the trouble", () => /Connecting again/.test(open?.screen.raw ?? ""));
    assert.match(open.screen.raw, /ready[^]*(too large|size exceeded)/i);
  });
});

describe("a terminal in a session that is not as others", () => {
  let local: LocalServer;
  let sessionId: string;
  let open: OpenTerminal | undefined;

  before(async () => {
    local = await startLocalServer();
  });

  beforeEach(async () => {
    const [image] = await local.client.images.list();
    sessionId = (await local.client.sessions.create({ image: image?.reference ?? "" })).id;
  });

  afterEach(async () => {
    open?.dispose();
    await local.client.sessions.destroy(sessionId, { forced: true }).catch(() => undefined);
  });

  after(async () => local.stop());

  it("stops with a clear word, and tries nothing more, at a wrong host key", async () => {
    const hostKeys = new HostKeys(memoryStore(), silentLogger);
    hostKeys.check(sessionId, Buffer.from("the key of somebody else"));
    const ssh = freshSsh(local.client, sessionId, hostKeys);
    let attempts = 0;
    const server = async () => {
      attempts += 1;
      return Promise.resolve({ client: local.client, ssh });
    };
    open = openTerminal(local.client, sessionId, { parts: { server, wantsOwnShell: true } });
    await until("the end", () => open?.terminal.state.phase === "closed");
    assert.match(open.screen.raw, /another ssh host key than before[^]*Nothing was sent/);
    assert.doesNotMatch(open.screen.raw, /Trying/);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(attempts, 1);
    ssh.dispose();
  });

  it("goes another way where the session has no key for ssh", async () => {
    const programs = new SessionPrograms(local.client, sessionId);
    await programs.run("rm id_container");
    programs.dispose();
    open = openTerminal(local.client, sessionId, { parts: { wantsOwnShell: true } });
    await until("a terminal", () => open?.terminal.state.phase === "open");
    const { state } = open.terminal;
    assert.equal(state.phase === "open" && state.rung, "ttyd");
    assert.equal(open.terminal.mayHaveShell, false);
    assert.match(open.screen.raw, /no file id_container/);
  });
});
