import assert from "node:assert/strict";
import type { WebSocket } from "ws";
import {
  ConfigurationError,
  NotFoundError,
  ProtocolError,
  type RunEvent,
  RunFailedError,
  ServerDefectError,
  ServerError,
  SessionBlockedError,
  StreamClosedError,
  TimeoutError,
} from "../../../src/api/index.js";
import { drain, problem, withServer } from "./support/scriptedServer.js";

interface Step {
  readonly mode: string;
  readonly code: string;
  readonly runId: string | null;
  readonly run_id: string | null;
  readonly options?: unknown;
}

const finished = { status: "finished", exitCode: 0, console: [] };

describe("runs over requests", () => {
  const at = withServer({ timeouts: { runGraceMs: 300, busyMs: 0 } });
  let steps: Step[] = [];
  let interrupts = 0;
  /** Answers the n-th step. */
  function script(...answers: readonly (object | ((step: Step) => unknown))[]): void {
    at.server.answer = async ({ url, body }, response) => {
      if (url.endsWith("/interrupt")) {
        interrupts += 1;
        return void response.writeHead(204).end();
      }
      const step = JSON.parse(body.toString()) as Step;
      steps.push(step);
      const answer = answers[Math.min(steps.length, answers.length) - 1]!;
      const result: unknown = typeof answer === "function" ? await answer(step) : answer;
      if (result instanceof Refusal) {
        problem(response, result.status, "kernel-execution-failed");
        return undefined;
      }
      return { result };
    };
  }
  beforeEach(() => {
    steps = [];
    interrupts = 0;
  });

  it("goes on with its own id, under both keys, until finished", async () => {
    script(
      {
        status: "continued",
        console: [
          ["stdout", "a"],
          ["novelty", 1],
        ],
      },
      {
        status: "finished",
        exitCode: 3,
        console: [
          ["stderr", "b"],
          ["media", ["image/png", "data:"]],
        ],
      },
    );
    const run = at.client.runs.start("s", { mode: "query", code: "1" });
    assert.deepEqual(await drain(run), [
      { type: "output", stream: "stdout", text: "a" },
      { type: "output", stream: "stderr", text: "b" },
      { type: "media", mimeType: "image/png", data: "data:" },
      { type: "finished", exitCode: 3 },
    ]);
    assert.match(run.id, /^[0-9a-f]{32}$/);
    assert.deepEqual(steps, [
      { mode: "query", code: "1", runId: run.id, run_id: run.id },
      { mode: "continue", code: "", runId: run.id, run_id: run.id },
    ]);
    await assert.rejects(drain(run), ConfigurationError);
  });

  it("tells the steps of a batch, HTML of either kind, and a time limit", async () => {
    script(
      { status: "clean-finished", exitCode: 0 },
      {
        status: "build-finished",
        exitCode: 2,
        console: [
          ["html", "<b>"],
          ["media", ["text/html", "<i>"]],
        ],
      },
      { status: "exec-timeout" },
    );
    const options = { build: "make", exec: "*" };
    assert.deepEqual(await drain(at.client.runs.start("s", { mode: "batch", options })), [
      { type: "cleanFinished", exitCode: 0 },
      { type: "html", html: "<b>" },
      { type: "html", html: "<i>" },
      { type: "buildFinished", exitCode: 2 },
      { type: "timedOut" },
    ]);
    assert.deepEqual(steps[0]?.options, options);
    assert.equal(interrupts, 0);
  });

  it("passes lines to a program that asks, and only then", async () => {
    script({ status: "waiting-input", options: { is_password: true } }, finished);
    const run = at.client.runs.start("s", { mode: "query", code: "input()" });
    await assert.rejects(run.answer("too early"), ConfigurationError);
    for await (const event of run) {
      if (event.type === "inputRequested") {
        assert.equal(event.isPassword, true);
        await run.answer("secret");
        await assert.rejects(run.answer("twice"), ConfigurationError);
      }
    }
    assert.deepEqual([steps[1]?.mode, steps[1]?.code], ["input", "secret"]);
  });

  it("lets runs of a session follow one another", async () => {
    let running = 0;
    script(async () => {
      running += 1;
      assert.equal(running, 1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return finished;
    });
    const runs = [1, 2, 3].map((code) => at.client.runs.start("s", { mode: "query", code: String(code) }));
    await Promise.all(runs.map(drain));
    assert.deepEqual(
      steps.map(({ code }) => code),
      ["1", "2", "3"],
    );
  });

  it("leaves the queue when it is aborted there", async () => {
    let release = (): void => undefined;
    script(async () => new Promise((resolve) => (release = () => resolve(finished))));
    const first = drain(at.client.runs.start("s", { mode: "query", code: "1" }));
    const reason = new Error("no longer");
    const second = at.client.runs.start(
      "s",
      { mode: "query", code: "2" },
      { signal: AbortSignal.abort(reason) },
    );
    await assert.rejects(drain(second), reason);
    await until(() => steps.length === 1);
    release();
    await first;
    assert.equal(steps.length, 1);
  });

  it("tells of the wait, and ends without a request when it is interrupted there", async () => {
    let release = (): void => undefined;
    script(async () => new Promise((resolve) => (release = () => resolve(finished))));
    const first = drain(at.client.runs.start("s", { mode: "query", code: "1" }));
    await until(() => steps.length === 1);
    const second = at.client.runs.start("s", { mode: "query", code: "2" });
    const events: RunEvent[] = [];
    for await (const event of second) {
      events.push(event);
      await second.interrupt();
    }
    assert.deepEqual(events, [{ type: "queued" }]);
    assert.equal(interrupts, 0);
    const third = drain(at.client.runs.start("s", { mode: "query", code: "3" }));
    release();
    await first;
    await until(() => steps.length === 2);
    release();
    await third;
    assert.deepEqual(
      steps.map(({ code }) => code),
      ["1", "3"],
    );
  });

  it("does not interrupt what runs after its end", async () => {
    script(finished);
    const run = at.client.runs.query("s", "x");
    for await (const event of run) {
      if (event.type === "finished") {
        await run.interrupt();
      }
    }
    await run.interrupt();
    assert.equal(interrupts, 0);
  });

  it("interrupts, reads to the end and rejects with the reason when aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("stop");
    script(
      { status: "continued", console: [["stdout", "on"]] },
      async () => {
        controller.abort(reason);
        await until(() => interrupts === 1);
        return { status: "continued" };
      },
      finished,
    );
    const run = at.client.runs.start("s", { mode: "query", code: "1" }, { signal: controller.signal });
    await assert.rejects(drain(run), reason);
    assert.deepEqual(
      steps.map(({ mode }) => mode),
      ["query", "continue", "continue"],
    );
  });

  it("does the same when its reader leaves, and answers a program that waits", async () => {
    script({ status: "waiting-input" }, finished);
    for await (const event of at.client.runs.start("s", { mode: "query", code: "input()" })) {
      assert.equal(event.type, "inputRequested");
      break;
    }
    assert.equal(interrupts, 1);
    assert.deepEqual(
      steps.map(({ mode, code }) => [mode, code]),
      [
        ["query", "input()"],
        ["input", ""],
      ],
    );
  });

  it("gives an empty line to a program that waits when it is interrupted", async () => {
    script({ status: "waiting-input" }, { status: "finished", exitCode: 1 });
    const run = at.client.runs.start("s", { mode: "query", code: "input()" });
    const events: RunEvent[] = [];
    for await (const event of run) {
      events.push(event);
      if (event.type === "inputRequested") {
        await run.interrupt();
      }
    }
    assert.deepEqual(events.at(-1), { type: "finished", exitCode: 1 });
    assert.equal(steps[1]?.mode, "input");
  });

  it("frees a session whose run failed with an empty query of the same id", async () => {
    script(new Refusal(500), finished);
    const run = at.client.runs.start("s", { mode: "query", code: "html" });
    await assert.rejects(drain(run), ServerError);
    assert.deepEqual(
      steps.map(({ mode, code, run_id }) => [mode, code, run_id]),
      [
        ["query", "html", run.id],
        ["query", "", run.id],
      ],
    );
    assert.equal(interrupts, 0);
  });

  it("frees a session whose program does not stop within the grace", async () => {
    const controller = new AbortController();
    script({ status: "continued" }, () => {
      controller.abort(new Error("stop"));
      return new Promise(() => undefined); // never
    });
    const run = at.client.runs.start("s", { mode: "query", code: "1" }, { signal: controller.signal });
    await assert.rejects(drain(run), /stop/);
    assert.deepEqual(
      steps.map(({ mode }) => mode),
      ["query", "continue", "query"],
    );
  });

  it("ends a run that was cut off, to its end, before the next one begins", async () => {
    const goesOn = { status: "continued" };
    script(goesOn, new Refusal(500), new Refusal(500), goesOn, goesOn, finished);
    const cut = at.client.runs.start("s", { mode: "query", code: "cut" });
    await assert.rejects(drain(cut), ServerError);
    assert.equal(interrupts, 0, "a run that failed is not known to run");
    const next = at.client.runs.start("s", { mode: "query", code: "next" });
    assert.deepEqual((await drain(next)).at(-1), { type: "finished", exitCode: 0 });
    assert.equal(interrupts, 1);
    assert.deepEqual(
      steps.slice(3).map(({ mode, code, run_id }) => [mode, code, run_id]),
      [
        ["query", "", cut.id],
        ["continue", "", cut.id],
        ["continue", "", cut.id],
        ["query", "next", next.id],
      ],
    );
    await drain(at.client.runs.start("s", { mode: "query", code: "once only" }));
    assert.equal(interrupts, 1);
  });

  it("leaves alone who keeps a session busy when its own run was refused before anything was heard of it", async () => {
    script(new Refusal(500));
    for (const code of ["one", "two", "three"]) {
      await assert.rejects(drain(at.client.runs.start("s", { mode: "query", code })), ServerError);
    }
    assert.equal(interrupts, 0);
    assert.deepEqual(
      steps.map(({ code }) => code).filter((code) => code !== ""),
      ["one", "two", "three"],
    );
  });

  it("lets the next run try when an earlier one can't be ended", async () => {
    script({ status: "continued" }, new Refusal(500), new Refusal(500), new Refusal(500), finished);
    await assert.rejects(drain(at.client.runs.start("s", { mode: "query", code: "cut" })), ServerError);
    const next = await drain(at.client.runs.start("s", { mode: "query", code: "next" }));
    assert.deepEqual(next.at(-1), { type: "finished", exitCode: 0 });
  });

  it("does not take a refusal in the middle for the end of the program", async () => {
    script({ status: "continued" }, new Refusal(429), finished);
    const run = at.client.runs.start("s", { mode: "query", code: "1" });
    await assert.rejects(drain(run), { code: "RATE_LIMITED" });
    assert.deepEqual(
      steps.slice(2).map(({ mode, code, run_id }) => [mode, code, run_id]),
      [["query", "", run.id]],
    );
  });

  it("says that the session is busy when the agent gave up waiting for another run", async () => {
    at.server.answer = (_, response) =>
      problem(response, 500, "kernel-execution-failed", {
        "agent-details": { type: "https://api.backend.ai/probs/agent-timeout", title: null },
      });
    await assert.rejects(
      drain(at.client.runs.start("s", { mode: "query", code: "1" })),
      (error) => error instanceof SessionBlockedError && error.cause instanceof ServerError,
    );
  });

  it("does not say so of a run that was under way: its agent does not answer", async () => {
    let count = 0;
    at.server.answer = (_, response) => {
      count += 1;
      if (count === 1) {
        return { result: { status: "continued", console: [] } };
      }
      problem(response, 500, "kernel-execution-failed", {
        "agent-details": { type: "https://api.backend.ai/probs/agent-timeout", title: null },
      });
      return undefined;
    };
    await assert.rejects(drain(at.client.runs.start("s", { mode: "query", code: "1" })), ServerError);
  });

  for (const [what, bare, isFreed] of [
    ["takes a bare failure of a query that left a healthy session for HTML", true, true],
    ["takes no bare failure for HTML when the session can't be freed", true, false],
    ["takes no other failure for HTML", false, true],
  ] as const) {
    it(what, async () => {
      at.server.hello = { version: "v9.20250722", manager: "26.8.1" };
      await at.reconnect();
      at.server.answer = ({ body }, response) => {
        const isFirst = body.includes('"html"');
        if (isFirst || !isFreed) {
          problem(response, 500, bare ? "internal-server-error" : "odd");
          return;
        }
        return { result: finished };
      };
      const failure = await drain(at.client.runs.start("s", { mode: "query", code: "html" })).catch(
        (error: unknown) => error,
      );
      const isHtml = failure instanceof ServerDefectError && failure.defect === "htmlBlocks";
      assert.equal(isHtml, bare && isFreed, String(failure));
      assert.equal(at.client.findings.of("htmlBlocks"), "expected", "a guess is nothing to remember");
    });
  }

  it("asks nothing more of a session that is not there", async () => {
    script(new Refusal(404));
    await assert.rejects(drain(at.client.runs.start("s", { mode: "query", code: "1" })), NotFoundError);
    assert.equal(steps.length, 1);
  });

  it("gives up a run that says nothing for longer than it may", async () => {
    script(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return steps.length > 20 || interrupts > 0 ? finished : { status: "continued" };
    });
    const run = at.client.runs.start("s", { mode: "query", code: "1" }, { idleMs: 20 });
    await assert.rejects(drain(run), (error) => error instanceof TimeoutError && error.phase === "run");
    assert.equal(interrupts, 1);
  });

  it("reports a status that no release has", async () => {
    script({ status: "dreaming" }, finished);
    await assert.rejects(drain(at.client.runs.start("s", { mode: "query", code: "1" })), ProtocolError);
  });

  it("reads completions in any of their shapes, and nothing of a failure", async () => {
    const position = { row: 0, col: 2, line: "os", post: "" };
    for (const result of [{ completions: ["os.path"] }, { suggestions: ["os.path"] }]) {
      at.server.answer = () => ({ result });
      assert.deepEqual(await at.client.completion.complete("s", "os", position), ["os.path"]);
    }
    at.server.answer = (_, response) => problem(response, 500, "kernel-execution-failed");
    assert.deepEqual(await at.client.completion.complete("s", "os", position), []);
    at.server.answer = () => undefined;
    const late = at.client.completion.complete("s", "os", position, { timeoutMs: 30 });
    await assert.rejects(late, (error) => error instanceof TimeoutError && error.phase === "total");
  });
});

describe("runs over a websocket", () => {
  const at = withServer({ timeouts: { runGraceMs: 300 } });

  /** Plays the server's side: the frames to send after each text of the client's. */
  function script(...rounds: readonly (readonly object[])[]): string[] {
    const said: string[] = [];
    at.server.socket = (socket: WebSocket) => {
      socket.on("message", (data: Buffer) => {
        said.push(data.toString());
        for (const frame of rounds[said.length - 1] ?? []) {
          socket.send(JSON.stringify(frame));
        }
      });
    };
    return said;
  }
  const stream = { carrier: "stream" } as const;

  it("sends the plan first and lines as they are", async () => {
    const said = script(
      [{ status: "continued", console: [["stdout", "?"]] }, { status: "waiting-input" }],
      [finished],
    );
    const run = at.client.runs.start("s", { mode: "query", code: "input()" }, stream);
    const events: string[] = [];
    for await (const event of run) {
      events.push(event.type);
      if (event.type === "inputRequested") {
        await run.answer("a line");
      }
    }
    assert.deepEqual(events, ["output", "inputRequested", "finished"]);
    assert.deepEqual(said, [JSON.stringify({ mode: "query", code: "input()", options: {} }), "a line"]);
  });

  it("interrupts before it closes", async () => {
    let socket: WebSocket | undefined;
    at.server.socket = (opened) => {
      socket = opened;
      opened.on("message", () =>
        opened.send(JSON.stringify({ status: "continued", console: [["stdout", "x"]] })),
      );
    };
    at.server.answer = (_, response) => {
      assert.equal(socket?.readyState, socket?.OPEN);
      socket?.send(JSON.stringify(finished));
      response.writeHead(204).end();
    };
    for await (const event of at.client.runs.start("s", { mode: "batch", options: { exec: "*" } }, stream)) {
      assert.equal(event.type, "output");
      break;
    }
    assert.deepEqual(at.server.lines, ["WS /stream/session/s/execute", "POST /session/s/interrupt"]);
  });

  it("interrupts only what the server has begun with: sooner, an interrupt would hit nothing", async () => {
    let socket: WebSocket | undefined;
    let hasBegun = false;
    let heard = 0;
    at.server.socket = (opened) => {
      socket = opened;
      opened.once("message", () => {
        setTimeout(() => {
          hasBegun = true;
          opened.send(JSON.stringify({ status: "continued" }));
        }, 30);
      });
    };
    at.server.answer = (_, response) => {
      response.writeHead(204).end();
      if (hasBegun) {
        heard += 1;
        socket?.send(JSON.stringify(finished));
      }
    };
    const plan = { mode: "query", code: "1" } as const;
    const run = at.client.runs.start("s", plan, stream);
    const events = drain(run);
    await until(() => socket !== undefined);
    await Promise.all([run.interrupt(), run.interrupt(), run.interrupt()]); // nobody saw what the first one did
    assert.equal((await events).at(-1)?.type, "finished");
    assert.equal(heard, 1);
    [socket, hasBegun] = [undefined, false];
    const leaving = new AbortController();
    const left = drain(at.client.runs.start("s", plan, { ...stream, signal: leaving.signal }));
    await until(() => socket !== undefined);
    leaving.abort();
    await assert.rejects(left, { name: "AbortError" });
    assert.equal(heard, 2);
  });

  it("reports the server's error frame, its restart and a lost connection", async () => {
    const plan = { mode: "query", code: "1" } as const;
    script([{ status: "error", msg: "BackendError: no" }]);
    await assert.rejects(drain(at.client.runs.start("s", plan, stream)), RunFailedError);
    script([{ status: "server-restarting", msg: "bye" }]);
    await assert.rejects(drain(at.client.runs.start("s", plan, stream)), StreamClosedError);
    at.server.socket = (socket) => socket.terminate();
    await assert.rejects(drain(at.client.runs.start("s", plan, stream)), StreamClosedError);
    at.server.socket = (socket) => socket.close(1000);
    await assert.rejects(drain(at.client.runs.start("s", plan, stream)), StreamClosedError);
  });

  it("notices that the server is gone while a program asks, whatever it said before", async () => {
    for (const last of [
      { status: "server-restarting" },
      { status: "continued" },
      { status: "waiting-input" },
    ]) {
      at.server.socket = (socket) => {
        socket.once("message", () => {
          socket.send(JSON.stringify({ status: "waiting-input" }));
          socket.send(JSON.stringify(last));
          socket.close(1001);
        });
      };
      const run = at.client.runs.start("s", { mode: "query", code: "input()" }, stream);
      await assert.rejects(drain(run), StreamClosedError, last.status);
    }
  });
});

class Refusal {
  constructor(readonly status: number) {}
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
