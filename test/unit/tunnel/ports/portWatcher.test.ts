import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { silentLogger } from "../../../../src/base/logger.js";
import type { Disposable } from "../../../../src/base/lifecycle.js";
import { SessionStore } from "../../../../src/sessions/sessionStore.js";
import { Forwards } from "../../../../src/tunnel/forwards/forwards.js";
import { watchForwardedSessions } from "../../../../src/tunnel/ports/forwardWatches.js";
import { type FoundPort, PortWatcher } from "../../../../src/tunnel/ports/portWatcher.js";
import { until } from "../../../support/until.js";
import { bySsh, serveHttp, withPorts } from "../forwards/support/portsTarget.js";
import { freePort, tcpServer } from "../support/ports.js";

describe("PortWatcher", function () {
  this.timeout(60_000);
  const at = withPorts();
  before(function () {
    if (!existsSync("/proc/net/tcp")) {
      this.skip();
    }
  });

  let watcher: PortWatcher;
  let found: FoundPort[];
  let lines: string[];
  beforeEach(() => {
    found = [];
    lines = [];
    const logger = { ...silentLogger, debug: (line: string) => void lines.push(line) };
    const { connection, tunnels } = at;
    watcher = new PortWatcher({ connection, tunnels, logger, pauseSeconds: 0.1 });
    watcher.onDidFind((port) => found.push(port));
  });
  afterEach(() => watcher.dispose());

  /** The watches that run in a session. A shell that has just forked is there twice, under its own name: it counts once. */
  const watches = async (id = at.session.id): Promise<number> => {
    const script = `is() { tr '\\0\\n' '  ' < "/proc/$1/cmdline" | grep -q '^sh -c .*/proc/net/[t]cp'; }
      for e in $(grep -ls "BACKENDAI_SESSION_ID=${id}" /proc/[0-9]*/environ); do
        p=\${e#/proc/}; p=\${p%/environ}; s=$(cat "/proc/$p/stat"); set -- \${s##*)}
        is "$p" && ! is "$2" && echo watch
      done 2>/dev/null | grep -c watch || :`;
    return Number(await at.programs.run(script));
  };

  const began = async (id?: string): Promise<void> => {
    await until("a watch in the session", async () => (await watches(id)) === 1);
    await at.programs.run("sleep 0.5"); // its first look is past
  };

  /** Has a program listen and waits until it was found, as a sign that whatever came before was looked at. */
  const marker = async (): Promise<number> => {
    const program = await serveHttp(at.programs, { folder: "marker" });
    await until("the marker to be found", () => found.some(({ port }) => port === program.port));
    await program.stop();
    return program.port;
  };

  it("tells once of a program that starts to listen, however many watch", async () => {
    const old = await serveHttp(at.programs, { folder: "old" });
    const watching = [watcher.watch(at.client, at.session), watcher.watch(at.client, at.session)];
    await began();
    const program = await serveHttp(at.programs);
    await until("the port", () => found.length > 0);
    const { client, session } = at;
    assert.deepEqual(found, [{ client, session, port: program.port, isOfThisComputer: true }]);
    await program.stop();
    const again = await serveHttp(at.programs, { port: program.port });
    const mark = await marker();
    assert.deepEqual(
      found.map(({ port }) => port),
      [program.port, mark],
      "what is started again is no news",
    );
    await Promise.all([old.stop(), again.stop()]);
    watching[0]?.dispose();
    assert.equal(await watches(), 1, "somebody still watches");
    watching[1]?.dispose();
    await until("the end of the watch", async () => (await watches()) === 0);
  });

  it("tells nothing of programs that are not the session's", async () => {
    const watch = watcher.watch(at.client, at.session);
    await began();
    const ours = await Promise.all(Array.from({ length: 5 }, () => tcpServer(() => undefined)));
    const mark = await marker();
    assert.deepEqual(
      found.map(({ port }) => port),
      [mark],
    );
    await Promise.all(ours.map((server) => server.close()));
    watch.dispose();
  });

  it("asks nothing while it is disabled, and begins again", async () => {
    watcher.setEnabled(false);
    const watch = watcher.watch(at.client, at.session);
    const unseen = await serveHttp(at.programs);
    assert.equal(await watches(), 0);
    watcher.setEnabled(true);
    await began();
    const mark = await marker();
    watcher.setEnabled(false);
    await until("the end of the watch", async () => (await watches()) === 0);
    assert.deepEqual(
      found.map(({ port }) => port),
      [mark],
      "what was there at the first look is no news",
    );
    await unseen.stop();
    watch.dispose();
  });

  it("goes on after its connection broke", async () => {
    const watch = watcher.watch(at.client, at.session);
    await began();
    const lease = await at.tunnels.ssh(at.client, at.session.id).acquire();
    lease.connection.close();
    lease.dispose();
    await until("the break", async () => (await watches()) === 0);
    const meanwhile = await serveHttp(at.programs);
    await until("the port", () => found.some(({ port }) => port === meanwhile.port));
    await meanwhile.stop();
    watch.dispose();
  });

  it("watches sessions that ports are forwarded from", async () => {
    const { connection, tunnels } = at;
    const forwards = new Forwards({ connection, tunnels, store: new SessionStore(), logger: silentLogger });
    const following = watchForwardedSessions(forwards, watcher);
    const { id } = await forwards.open({
      client: at.client,
      session: at.session,
      target: bySsh(await freePort()),
      openedBy: "port",
    });
    await began();
    await marker();
    forwards.close(id);
    await until("the end of the watch", async () => (await watches()) === 0);
    following.dispose();
    forwards.dispose();
  });

  it("ends when its server is left", async () => {
    const watch = watcher.watch(at.client, at.session);
    await began();
    await at.connection.disconnect();
    await until("the end of the watch", async () => (await watches()) === 0);
    watch.dispose();
  });

  it("ends with its session", async () => {
    const images = await at.client.images.list();
    const image = images.find(({ runtimeType }) => runtimeType === "python")?.reference ?? "";
    const { id } = await at.client.sessions.create({ image, name: "short" });
    const watch: Disposable = watcher.watch(at.client, { id, name: "short" });
    await began(id);
    await at.client.sessions.destroy(id);
    await until("the end of the watch", () =>
      lines.some((line) => /^the ports of short are not watched/.test(line)),
    );
    watch.dispose();
    assert.deepEqual(found, []);
  });
});
