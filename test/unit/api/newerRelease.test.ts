import assert from "node:assert/strict";
import { ProtocolError } from "../../../src/api/index.js";
import { releases } from "../../../src/wire/releases.js";
import { phaseOf } from "../../../src/wire/status.js";
import { drain, problem, withServer } from "./support/scriptedServer.js";

const hello = { version: "v12.20310401", manager: "31.04.2", moods: ["new"] };

describe("a server newer than any known", () => {
  const at = withServer();
  beforeEach(async () => {
    at.server.hello = hello;
    await at.reconnect();
  });

  it("is spoken to in its own version, by the rules of the newest release", () => {
    const { dialect } = at.client;
    assert.deepEqual([dialect.apiVersion, dialect.manager], ["v12.20310401", "31.04.2"]);
    assert.equal(dialect.prefix, "/session");
    assert.equal(dialect.files.download, "post-query");
    assert.ok(releases.every(({ manager }) => manager < hello.manager));
    assert.equal(at.client.findings.of("terminalMute"), "expected");
  });

  it("may have statuses and fields that nobody knows", async () => {
    const row = { id: "k", name: "n", type: "HYPER", status: "HIBERNATING", image: "i", mood: { is: "new" } };
    at.server.answer = () => ({ data: { compute_session_list: { items: [row], total_count: 1, page: {} } } });
    const { items } = await at.client.sessions.page();
    assert.deepEqual([items[0]?.status, items[0]?.type], ["HIBERNATING", "hyper"]);
    assert.equal(phaseOf("HIBERNATING"), "unknown");
    at.server.answer = () => ({ status: "HIBERNATING", age: 5, numQueriesExecuted: 0, mood: 1 });
    assert.equal((await at.client.sessions.info("k")).status, "HIBERNATING");
  });

  it("may tell events that nobody knows", async () => {
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      const data = { sessionName: "n", sessionId: "k", mood: "new" };
      response.write(`event: session_hibernating\ndata: ${JSON.stringify(data)}\n\n`);
      response.end("event: server_close\ndata: {}\n\n");
    };
    const events = await drain(at.client.events.sessions());
    assert.deepEqual(
      events.map(({ name, sessionId }) => [name, sessionId]),
      [["session_hibernating", "k"]],
    );
  });

  it("may print in ways that nobody knows; a status of a run that is none is an error, and the session is freed", async () => {
    const steps = [
      {
        status: "continued",
        console: [
          ["smell", "burnt"],
          ["stdout", "text"],
        ],
      },
      { status: "levitating", console: [] },
      { status: "finished", exitCode: 0, console: [] },
    ];
    at.server.answer = ({ url }) =>
      /interrupt/.test(url) ? {} : { result: { runId: "r", options: null, ...steps.shift() } };
    const seen: unknown[] = [];
    const run = (async () => {
      for await (const event of at.client.runs.start("k", { mode: "query", code: "1" })) {
        seen.push(event);
      }
    })();
    await assert.rejects(run, (error) => error instanceof ProtocolError && /levitating/.test(error.message));
    assert.deepEqual(seen, [{ type: "output", stream: "stdout", text: "text" }]);
    assert.deepEqual(steps, [], "it was read to its end");
  });

  it("may refuse in words that nobody knows", async () => {
    at.server.answer = (_, response) => problem(response, 451, "too-soon", { msg: "Not yet.", mood: "new" });
    await assert.rejects(at.client.sessions.info("k"), { code: "API", slug: "too-soon", status: 451 });
  });
});
