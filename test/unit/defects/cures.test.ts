import assert from "node:assert/strict";
import {
  BackendAIClient,
  type DefectName,
  type RunEvent,
  ServerDefectError,
  type SessionImage,
  UploadLostError,
} from "../../../src/api/index.js";
import type { PlayableDefect } from "../../../src/engine/defects/playedDefects.js";
import { collect, rejection } from "../../conformance/assertions.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { until } from "../../support/until.js";

/** Waits of the played servers, in milliseconds: long enough to tell a cure from a wait, short enough for a test. */
const defectTimes = { agentTimeoutMs: 3000, endMs: 400 };

/** A server as recorded, and one defect of it: `23.09.10` and so on tell the dialect apart. */
interface Played {
  readonly server: LocalServer;
  readonly client: BackendAIClient;
  readonly id: string;
}

const servers: LocalServer[] = [];

async function play(manager: string, ...defects: readonly PlayableDefect[]): Promise<Played> {
  const apiVersion = { "23": "v7.20230615", "24": "v8.20240915", "26": "v9.20250722" }[manager.slice(0, 2)];
  const timeouts = { runDoubtMs: 300, runGraceMs: 1500, completionMs: 200 };
  const server = await startLocalServer({ apiVersion, manager, defects, defectTimes }, { timeouts });
  servers.push(server);
  const { client } = server;
  const { id } = await client.sessions.create({ image: await pythonOf(client) });
  return { server, client, id };
}

async function pythonOf(client: BackendAIClient): Promise<string> {
  const image = (await client.images.list()).find(
    ({ runtimeType }: SessionImage) => runtimeType === "python",
  );
  assert.ok(image, "this computer has Python");
  return image.reference;
}

async function output(client: BackendAIClient, id: string, code: string): Promise<string> {
  const events = await collect(client.runs.start(id, { mode: "query", code }));
  return events.map((event) => (event.type === "output" ? event.text : "")).join("");
}

function finding(client: BackendAIClient, name: DefectName): string | undefined {
  return client.findings.of(name);
}

describe("cures of the defects of real servers", function () {
  this.timeout(30_000);
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(async (server) => server.stop()));
  });

  for (const carrier of ["poll", "stream"] as const) {
    it(`says that nothing can be executed, over ${carrier}, and remembers it`, async () => {
      const { client, id } = await play("24.09.14", "executeFails");
      assert.equal(finding(client, "executeFails"), "expected");
      const run = collect(client.runs.start(id, { mode: "query", code: "1" }, { carrier }));
      assert.equal((await rejection(run, ServerDefectError)).defect, "executeFails");
      assert.equal(finding(client, "executeFails"), "seen");
      assert.deepEqual(client.findings.evidence, { manager: "24.09.14", findings: { executeFails: "seen" } });
    });
  }

  for (const manager of ["23.09.10", "24.09.6", "26.8.1"]) {
    it(`frees a session that an HTML value blocks, and says that it was one, on ${manager}`, async () => {
      const { client, id } = await play(manager, "htmlBlocks", "runsBlock");
      const code = "class H:\n    def _repr_html_(self): return '<b>bold</b>'\nH()";
      const run = collect(client.runs.start(id, { mode: "query", code }));
      assert.equal((await rejection(run, ServerDefectError)).defect, "htmlBlocks");
      const startedAt = performance.now();
      assert.equal(await output(client, id, "print('free')"), "free\n");
      assert.ok(
        performance.now() - startedAt < defectTimes.agentTimeoutMs,
        "it waited for a blocked session",
      );
      // 26.8 does not say what failed, and a guess is nothing to remember.
      assert.equal(finding(client, "htmlBlocks"), manager === "26.8.1" ? "expected" : "seen");
    });
  }

  it("leaves a session that a stray id would block to the next run: only live runs are asked about", async () => {
    const { client, id } = await play("26.8.1", "runsBlock");
    assert.equal(await output(client, id, "print(1)"), "1\n");
    const controller = new AbortController();
    const code = "import time\nprint('on', flush=True)\ntime.sleep(60)";
    const run = client.runs.start(id, { mode: "query", code }, { signal: controller.signal });
    const reading = (async () => {
      for await (const event of run) {
        if (event.type === "output") {
          controller.abort(new DOMException("enough", "AbortError"));
        }
      }
    })();
    await rejection(reading, DOMException);
    assert.equal(await output(client, id, "print(2)"), "2\n");
  });

  it("shows that a stray id does block, so that the cure is one", async () => {
    const { client, id } = await play("26.8.1", "runsBlock");
    const step = await client.runs.execute(id, { mode: "continue", runId: "0".repeat(32) });
    assert.equal(step.status, "continued");
    const blocked = collect(client.runs.start(id, { mode: "query", code: "print(1)" }));
    const error = await rejection(blocked, Error);
    assert.match(error.message, /500|execute/);
    await client.runs.execute(id, { mode: "query", code: "", runId: "0".repeat(32) });
    assert.equal(await output(client, id, "print('free')"), "free\n");
  });

  it("tells that the end of a batch run may be lost, and frees the session when the run is left", async () => {
    const { client, id } = await play("24.09.14", "batchLoses", "runsBlock");
    const events: RunEvent["type"][] = [];
    const run = client.runs.start(id, { mode: "batch", options: { exec: "echo quick" } });
    for await (const event of run) {
      events.push(event.type);
      if (event.type === "maybeLost") {
        break;
      }
    }
    assert.deepEqual(events.slice(-1), ["maybeLost"]);
    assert.equal(await output(client, id, "print('free')"), "free\n");
  });

  it("has no doubts about servers that say they lose nothing", async () => {
    const { client } = await startAndKeep();
    const { id } = await client.sessions.create({ image: await pythonOf(client) });
    const exec = "sleep 0.8; echo done";
    const events = await collect(client.runs.start(id, { mode: "batch", options: { exec } }));
    assert.ok(!events.some(({ type }) => type === "maybeLost"));
    assert.equal(finding(client, "batchLoses"), "absent");
  });

  it("stops asking for completions after three failures", async () => {
    const { client, id } = await play("23.09.10", "completionFails");
    const position = { row: 0, col: 3, line: "pri", post: "" };
    for (let count = 0; count < 3; count += 1) {
      await rejection(client.completion.complete(id, "pri", position), Error);
    }
    assert.equal(finding(client, "completionFails"), "seen");
    assert.deepEqual(await client.completion.complete(id, "pri", position), []);
    assert.equal(await output(client, id, "print('usable')"), "usable\n");
  });

  it("stops asking for completions after ten empty lists, but not where one was ever full", async () => {
    const { client, id } = await play("26.8.1", "completionEmpty");
    const position = { row: 0, col: 3, line: "pri", post: "" };
    for (let count = 0; count < 10; count += 1) {
      assert.deepEqual(await client.completion.complete(id, "pri", position), []);
    }
    assert.equal(finding(client, "completionEmpty"), "seen");
    const whole = await play("26.8.1", "slowEnd");
    await whole.client.completion.complete(whole.id, "pri", position, { timeoutMs: 10_000 });
    const nothing = { row: 0, col: 6, line: "zzzzzz", post: "" };
    for (let count = 0; count < 12; count += 1) {
      await whole.client.completion.complete(whole.id, "zzzzzz", nothing, { timeoutMs: 10_000 });
    }
    assert.equal(finding(whole.client, "completionEmpty"), "absent");
  });

  it("finds out that a terminal is mute, and that another one is not", async () => {
    const { client, id } = await play("23.09.10", "terminalMute");
    const terminal = await client.terminals.open(id);
    await terminal.write("l");
    assert.deepEqual(await collect(terminal), []);
    assert.equal(finding(client, "terminalMute"), "seen");
    const whole = await play("23.09.10", "slowEnd");
    const speaking = await whole.client.terminals.open(whole.id);
    await speaking.write("\r");
    await speaking[Symbol.asyncIterator]().next();
    assert.equal(finding(whole.client, "terminalMute"), "absent");
    await speaking.close();
  });

  it("does not blame a terminal that was closed before it could answer", async () => {
    const { client, id } = await play("23.09.10", "slowEnd");
    const terminal = await client.terminals.open(id);
    await terminal.write("ls\r");
    await terminal.close();
    await collect(terminal).catch(() => undefined); // it may show something yet
    assert.notEqual(finding(client, "terminalMute"), "seen");
  });

  it("uploads by the names that a server wants, whatever its release says", async () => {
    const { client, id } = await play("24.09.14", "uploadNames");
    await client.files.upload(id, [{ path: "deep/er/a.txt", content: Buffer.from("a") }]);
    assert.equal((await client.files.downloadSingle(id, "deep/er/a.txt")).toString(), "a");
  });

  it("says so when a server answers 204 and writes nothing", async () => {
    const { client, id } = await play("26.8.1", "uploadsVanish");
    const files = [
      { path: "a.txt", content: Buffer.from("a") },
      { path: "folder/b.txt", content: Buffer.from("b") },
    ];
    const error = await rejection(client.files.upload(id, files), UploadLostError);
    assert.deepEqual(error.files, ["a.txt", "folder/b.txt"]);
    assert.equal(finding(client, "uploadsVanish"), "seen");
  });

  it("replaces files that belong to another user", async () => {
    const { client, id } = await play("26.8.1", "uploadsForeign");
    await client.files.upload(id, [{ path: "a.txt", content: Buffer.from("first") }]);
    await client.files.upload(id, [{ path: "a.txt", content: Buffer.from("second") }]);
    assert.equal((await client.files.downloadSingle(id, "a.txt")).toString(), "second");
    const [entry] = (await client.files.list(id)).entries.filter(({ name }) => name === "a.txt");
    assert.equal(entry?.mode, "-r--r--r--");
  });

  it("sees a session come though nobody tells of it: the containers' events are enough", async () => {
    const { client } = await play("23.09.10", "eventsPartial");
    const names: string[] = [];
    const controller = new AbortController();
    const reading = (async () => {
      for await (const event of client.events.sessions({}, { signal: controller.signal })) {
        names.push(event.name);
      }
    })();
    reading.catch(() => undefined); // aborted below
    const image = await pythonOf(client);
    // The stream is open when the first event has come over it.
    await until("the first event", async () => {
      await client.sessions.create({ image });
      return names.length > 0;
    });
    await until("the start of a container", () => names.includes("kernel_started"));
    assert.ok(!names.includes("session_started"));
    controller.abort();
  });

  it("takes a session that ends slowly for one that ends", async () => {
    const { client, id } = await play("24.09.6", "slowEnd");
    await client.sessions.destroy(id);
    assert.equal((await client.sessions.info(id)).status, "TERMINATING");
    await rejection(output(client, id, "print(1)"), Error);
    await until("the end", async () => {
      const { items } = await client.sessions.page({ status: "TERMINATED" });
      return items.some((session) => session.id === id);
    });
  });

  it("recalls what was learned, for that release alone", async () => {
    const { server, client, id } = await play("24.09.14", "executeFails");
    await rejection(collect(client.runs.start(id, { mode: "query", code: "1" })), ServerDefectError);
    const { endpoint, accessKey, secretKey } = server.engine;
    const credentials = { type: "keypair", accessKey, secretKey } as const;
    const { evidence } = client.findings;
    const again = await BackendAIClient.connect({ endpoint, credentials, evidence });
    assert.equal(finding(again, "executeFails"), "seen");
    await again.close();
    const updated = { ...evidence, manager: "24.09.13" };
    const after = await BackendAIClient.connect({ endpoint, credentials, evidence: updated });
    assert.equal(finding(after, "executeFails"), "expected");
    await after.close();
  });
});

async function startAndKeep(): Promise<LocalServer> {
  const server = await startLocalServer({ apiVersion: "v9.20250722" }, { timeouts: { runDoubtMs: 200 } });
  servers.push(server);
  return server;
}
