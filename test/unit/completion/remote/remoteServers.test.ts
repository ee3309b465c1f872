import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CompletionItem } from "vscode-languageserver-protocol";
import type { CodeSession } from "../../../../src/sessions/interpreters.js";
import { servedLanguageOf } from "../../../../src/completion/remote/servers/languageServers.js";
import {
  LanguageServerGaveUpError,
  NoLanguageServerError,
} from "../../../../src/completion/remote/servers/serverErrors.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import {
  installPylsp,
  isAlive,
  nameOnlyThere,
  startedPylsps,
} from "../../../support/languageServer/sessionPylsp.js";
import { until } from "../../../support/until.js";
import { freshSession, running, type ServersBench, serversBench } from "./support.js";

const python = servedLanguageOf("python");
assert.ok(python);

describe("The language server of a session", () => {
  let local: LocalServer;
  let bench: ServersBench;
  let mine: CodeSession & { readonly home: string };

  before(async () => {
    local = await startLocalServer();
  });

  beforeEach(async () => {
    bench = await serversBench(local.client);
    mine = await freshSession(local.client, bench.store);
  });

  afterEach(async () => bench.stop());

  after(async () => local.stop());

  const started = async (): Promise<readonly number[]> => startedPylsps(mine.home);
  const alive = async (): Promise<readonly number[]> => (await started()).filter(isAlive);
  const phases = (): readonly string[] => bench.states.map(({ phase }) => phase);

  it("completes what only the session can import", async () => {
    await installPylsp(mine.home);
    await bench.servers.start(python, mine);
    await running(bench, python);
    const uri = `file://${mine.home}/a.py`;
    const textDocument = { uri, languageId: "python", version: 1, text: "import only_here\nonly_here." };
    await bench.talk().sendNotification("textDocument/didOpen", { textDocument });
    const position = { line: 1, character: 10 };
    const items = await bench
      .talk()
      .sendRequest<CompletionItem[]>("textDocument/completion", { textDocument: { uri }, position });
    assert.deepEqual(
      items.map(({ label }) => label),
      [nameOnlyThere],
    );
    assert.deepEqual(bench.states.at(-1), { phase: "running", server: "pylsp" });
  });

  it("is one, however often and for whichever session it is started", async () => {
    const other = await freshSession(local.client, bench.store);
    await Promise.all([installPylsp(mine.home), installPylsp(other.home)]);
    await Promise.all([bench.servers.start(python, mine), bench.servers.start(python, mine)]);
    await running(bench, python);
    await bench.servers.start(python, mine);
    assert.equal((await started()).length, 1);
    await bench.servers.start(python, other);
    await running(bench, python);
    assert.deepEqual(await alive(), [], "the other session's server ended first");
    assert.equal((await startedPylsps(other.home)).filter(isAlive).length, 1);
    assert.equal(bench.servers.all().length, 1);
  });

  it("comes back when it is killed", async () => {
    await installPylsp(mine.home);
    await bench.servers.start(python, mine);
    await running(bench, python);
    const [first = 0] = await started();
    process.kill(first, "SIGKILL");
    await until("another one", async () => (await alive()).some((pid) => pid !== first));
    await running(bench, python);
    assert.deepEqual(phases(), ["starting", "starting", "running", "waiting", "starting", "running"]);
    assert.match(reasonOf(bench), /ended with signal KILL/);
  });

  it("comes back when the connection is lost", async () => {
    await installPylsp(mine.home);
    await bench.servers.start(python, mine);
    await running(bench, python);
    const [first = 0] = await started();
    const lease = await bench.tunnels.ssh(mine.client, mine.session.id).acquire();
    lease.connection.close();
    lease.dispose();
    await until("another one", async () => (await started()).length === 2);
    await running(bench, python);
    await until("the first to end", () => !isAlive(first));
    assert.match(reasonOf(bench), /connection to the session was lost/);
  });

  it("is given up when it ends again and again, each wait twice as long, until it is started anew", async () => {
    await installPylsp(mine.home);
    await writeFile(path.join(mine.home, "pylsp.crash"), "");
    await bench.servers.start(python, mine);
    const error = await until("the end", () => errorOf(bench));
    assert.ok(error instanceof LanguageServerGaveUpError);
    assert.match(error.message, /ended 6 times in 3 minutes.*exit code 3/);
    assert.equal((await started()).length, 6);
    const waits = bench.states.flatMap((state) => (state.phase === "waiting" ? [state.delayMs] : []));
    assert.deepEqual(
      waits.map((ms) => 2 ** Math.round(Math.log2(ms / 40))),
      [1, 2, 4, 8, 16],
    );
    await rm(path.join(mine.home, "pylsp.crash"));
    await bench.servers.start(python, mine);
    await running(bench, python);
  });

  it("stops on demand, ends with a window, and is restarted", async () => {
    await installPylsp(mine.home);
    await bench.servers.start(python, mine);
    await running(bench, python);
    await bench.servers.restart(python);
    await running(bench, python);
    assert.equal((await started()).length, 2);
    assert.equal((await alive()).length, 1);
    await bench.servers.stop(python);
    assert.deepEqual(await alive(), []);
    assert.deepEqual(bench.states.at(-1), { phase: "stopped" });
    await bench.servers.start(python, mine);
    await running(bench, python);
    bench.servers.dispose();
    await bench.servers.ended();
    assert.deepEqual(await alive(), []);
  });

  it("ends with its session", async () => {
    await installPylsp(mine.home);
    await bench.servers.start(python, mine);
    await running(bench, python);
    await local.client.sessions.destroy(mine.session.id);
    bench.store.update({ remove: [mine.session.id] });
    await until("the end", () => phases().at(-1) === "stopped");
    await until("its process to end", async () => (await alive()).length === 0);
    assert.deepEqual(bench.states.at(-1), { phase: "stopped" });
  });

  it("ends with its session also where nobody looks at sessions", async () => {
    await installPylsp(mine.home);
    await bench.servers.start(python, mine);
    await running(bench, python);
    await local.client.sessions.destroy(mine.session.id);
    await until("the end", () => phases().at(-1) === "stopped");
    assert.deepEqual(bench.states.at(-1), { phase: "stopped" });
    assert.equal((await alive()).length, 0);
  });

  it("ends when its server is left", async () => {
    await installPylsp(mine.home);
    await bench.servers.start(python, mine);
    await running(bench, python);
    await bench.connection.disconnect();
    await until("its process to end", async () => (await alive()).length === 0);
    assert.equal(phases().at(-1), "stopped");
  });

  it("says what could be installed where there is none, and starts nothing", async () => {
    const go = servedLanguageOf("julia");
    assert.ok(go);
    await bench.servers.start(go, mine);
    const error = await until("the end", () => errorOf(bench));
    assert.ok(error instanceof NoLanguageServerError);
    assert.match(error.message, /has no language server for Julia\. Choose an image that has Julia/);
    assert.deepEqual(error.installations, []);
  });
});

function reasonOf({ states }: ServersBench): string {
  return states.map((state) => (state.phase === "waiting" ? state.reason : "")).join("");
}

function errorOf({ states }: ServersBench): unknown {
  const last = states.at(-1);
  return last?.phase === "stopped" ? last.error : undefined;
}
