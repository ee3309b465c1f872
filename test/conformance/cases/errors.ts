import assert from "node:assert/strict";
import { Readable } from "node:stream";
import {
  ApiError,
  BackendAIError,
  NetworkError,
  NotFoundError,
  RunFailedError,
  ServerDefectError,
  ServerError,
  StreamClosedError,
} from "../../../src/api/index.js";
import { limits } from "../../../src/wire/limits.js";
import { serverRulesFor } from "../../../src/wire/serverRules.js";
import { collect, rejection } from "../assertions.js";
import { caseGroup } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { closedEndpoint } from "../localServers.js";
import { carriers, onceShown, play, query } from "../playing.js";
import { exchange } from "../rawRequest.js";
import { caseName } from "../targets.js";

/** A signal that is aborted already, and its reason. */
function aborted(): { readonly signal: AbortSignal; readonly reason: DOMException } {
  const controller = new AbortController();
  const reason = new DOMException("never mind", "AbortError");
  controller.abort(reason);
  return { signal: controller.signal, reason };
}

async function createRaw(context: CaseContext, body: string): Promise<number> {
  return (await context.raw({ method: "POST", path: context.dialect.create.path, body })).status;
}

export const errors = caseGroup("Z", "Errors, aborts and several clients", [
  {
    covers: ["hello"],
    title: "is not there: that is an error of the network",
    run: async ({ connect }) => {
      const error = await rejection(connect({ endpoint: await closedEndpoint() }), NetworkError);
      assert.equal(error.reason, "ECONNREFUSED");
    },
  },
  {
    covers: [
      ...(["get_info", "get_logs", "destroy", "interrupt", "execute", "upload", "download"] as const),
      ...(["list_files", "stream_pty", "stream_execute"] as const),
    ],
    title: "answers 404 to every call on a session that is not there",
    run: async ({ client }) => {
      const id = caseName();
      const content = Buffer.from("x");
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        info: async () => client.sessions.info(id),
        logs: async () => client.sessions.logs(id),
        destroy: async () => client.sessions.destroy(id),
        interrupt: async () => client.sessions.interrupt(id),
        execute: async () => client.runs.execute(id, { mode: "query", code: "" }),
        run: async () => play(client.runs.start(id, { mode: "query", code: "" })),
        stream: async () => play(client.runs.start(id, { mode: "query", code: "" }, { carrier: "stream" })),
        upload: async () => client.files.upload(id, [{ path: "a", content }]),
        download: async () => collect(client.files.download(id, ["a"])),
        list: async () => client.files.list(id),
        tunnel: async () => client.apps.openTunnel(id, "app"),
      };
      for (const [name, call] of Object.entries(calls)) {
        const error = await rejection(call(), ApiError);
        assert.ok(error instanceof NotFoundError, `${name}: ${String(error)}`);
      }
    },
  },
  {
    covers: [],
    title: "answers 404 to an address that is none, and 405 to a wrong method",
    run: async ({ raw, dialect }) => {
      const lost = await raw({ path: "/no/such/address" });
      assert.deepEqual([lost.status, lost.slug], [404, dialect.errors.urlNotFound]);
      assert.equal((await raw({ path: "/auth/test", method: "DELETE" })).status, 405);
    },
  },
  {
    covers: ["get_or_create"],
    title: "refuses a body that is no JSON, is no object, lacks a field or is too large",
    run: async (context) => {
      const image = await context.target.pythonImage();
      const name = caseName();
      const isFragile = serverRulesFor(context.dialect.manager).parameters.nonObjects === "crash";
      assert.equal(await createRaw(context, "[]"), isFragile ? 500 : 400);
      for (const body of ["{", "{}", JSON.stringify({ name }), JSON.stringify({ name, image: 5 })]) {
        assert.equal(await createRaw(context, body), 400, body);
      }
      const tag = "x".repeat(limits.jsonBodyBytes);
      assert.ok([400, 413].includes(await createRaw(context, JSON.stringify({ name, image, tag }))));
    },
  },
  {
    covers: ["execute", "execute(mode=continue)", "execute(mode=input)"],
    title: "refuses a step without a mode, with one that is none, and without the id of a run",
    run: async (context) => {
      const path = `${context.dialect.prefix}/${await context.python()}`;
      const { runIdField } = context.dialect.execute;
      const step = async (body: object): Promise<number> =>
        (await context.raw({ method: "POST", path, body: JSON.stringify(body) })).status;
      const refusal = runIdField === "run_id" ? 500 : 400;
      assert.equal(await step({ code: "", runId: null, run_id: null }), refusal);
      assert.equal(await step({ mode: "user-input", code: "", runId: "a", run_id: "a" }), refusal);
      assert.equal(await step({ mode: "continue", code: "", runId: null, run_id: null }), refusal);
      assert.equal(await step({ mode: "input", code: "x", runId: null, run_id: null }), refusal);
    },
  },
  {
    covers: ["stream_execute"],
    title: "answers a websocket run whose mode is none, or whose frame is no JSON, with an error frame",
    run: async (context) => {
      const path = `/stream${context.dialect.prefix}/${await context.python()}/execute`;
      for (const first of ['{"mode":"nonsense","code":""}', "{"]) {
        const [frame = ""] = await exchange(context.target, path, first);
        assert.match(frame, /"status": ?"error"/);
      }
    },
  },
  ...carriers.map((carrier) => ({
    covers: ["execute", "stream_execute", "destroy"] as const,
    title: `ends a run when its session is destroyed midway, over ${carrier === "poll" ? "requests" : "a websocket"}`,
    run: async (context: CaseContext): Promise<void> => {
      const { id } = await context.ownPython();
      const code = "import time\nprint('on', flush=True)\ntime.sleep(600)";
      const destroy = onceShown("on", async () => context.client.sessions.destroy(id));
      const run = query(context, id, code, { carrier, onEvent: destroy });
      try {
        const { exitCode, events } = await run;
        assert.ok(exitCode !== 0 || events.at(-1)?.type === "timedOut", `it ended with ${String(exitCode)}`);
      } catch (error) {
        if (error instanceof ServerDefectError) {
          throw error; // it never ran
        }
        const isExpected = [NotFoundError, ServerError, StreamClosedError, RunFailedError, NetworkError].some(
          (type) => error instanceof type,
        );
        assert.ok(isExpected, String(error));
      }
      await rejection(query(context, id, "print(1)", { carrier }), BackendAIError);
    },
  })),
  {
    covers: ["get_or_create", "execute", "upload", "download", "stream_pty"],
    title: "is not bothered by calls that were aborted before",
    run: async ({ client, python, target }) => {
      const { signal, reason } = aborted();
      const id = await python();
      const image = await target.pythonImage();
      const name = caseName();
      const calls = [
        client.sessions.create({ image, name }, { signal }),
        client.sessions.info(id, { signal }),
        client.files.upload(id, [{ path: "a", content: Buffer.from("") }], { signal }),
        collect(client.files.download(id, ["a"], { signal })),
        play(client.runs.start(id, { mode: "query", code: "x = 1" }, { signal })),
        play(client.runs.start(id, { mode: "query", code: "x = 1" }, { signal, carrier: "stream" })),
        client.terminals.open(id, { signal }),
        client.apps.openTunnel(id, "a", { signal }),
      ];
      for (const result of await Promise.allSettled(calls)) {
        assert.equal(result.status === "rejected" && result.reason, reason);
      }
      assert.ok(!(await client.sessions.page()).items.some((item) => item.name === name));
    },
  },
  {
    covers: ["upload"],
    title: "lets go of an upload whose caller gave up midway",
    run: async (context) => {
      const { client } = context;
      const { id } = await context.ownPython();
      const controller = new AbortController();
      const reason = new DOMException("changed my mind", "AbortError");
      const size = 200_000;
      async function* pieces(): AsyncGenerator<Buffer> {
        yield Buffer.alloc(100_000);
        controller.abort(reason);
        yield await Promise.resolve(Buffer.alloc(100_000));
      }
      const content = (): Readable => Readable.from(pieces(), { objectMode: false });
      const upload = client.files.upload(id, [{ path: "half", size, content }], {
        signal: controller.signal,
      });
      assert.equal(await rejection(upload, DOMException), reason);
      const names = (await client.files.list(id)).entries.map(({ name }) => name);
      assert.ok(!names.includes("half"));
    },
  },
  {
    covers: ["get_or_create"],
    title: "lets go of a create whose caller gave up waiting",
    engineOnly: "what can't be had may be refused at once",
    run: async (context) => {
      const { client } = context;
      const controller = new AbortController();
      const reason = new DOMException("too long", "AbortError");
      const name = caseName();
      const image = await context.target.pythonImage();
      const options = { image, name, resources: { cpu: 4096, mem: "1g" } };
      const creating = client.sessions.create(options, { signal: controller.signal });
      creating.catch(() => undefined); // looked at below
      const waiting = await context.until(async () => {
        const { items } = await client.sessions.page({ status: "PENDING" });
        return items.find((item) => item.name === name);
      });
      controller.abort(reason);
      assert.equal(await rejection(creating, DOMException), reason);
      await context.target.destroy(waiting.id);
    },
  },
  {
    covers: ["stream_pty"],
    title: "loses the streams of a client that closes",
    run: async (context) => {
      const client = await context.connect();
      const terminal = await client.terminals.open(await context.python());
      const reading = collect(terminal);
      reading.catch(() => undefined); // looked at below
      await client.close();
      await context.until(() => !terminal.isOpen);
      await Promise.allSettled([reading]);
      await rejection(client.sessions.page(), BackendAIError);
    },
  },
  {
    covers: ["execute", "upload", "list_files"],
    title: "serves two clients at once, each in its own session",
    run: async (context) => {
      const clients = [await context.connect(), await context.connect()];
      const image = await context.target.pythonImage();
      const outputs = await Promise.all(
        clients.map(async (client, index) => {
          const { id } = await context.create({ image }, client);
          await client.files.upload(id, [{ path: "mine.txt", content: Buffer.from(String(index)) }]);
          const code = "print(open('mine.txt').read(), len(__import__('os').listdir('.')) > 0)";
          const { stdout } = await play(client.runs.start(id, { mode: "query", code }));
          return [stdout, (await client.files.list(id)).entries.some(({ name }) => name === "mine.txt")];
        }),
      );
      assert.deepEqual(outputs, [
        ["0 True\n", true],
        ["1 True\n", true],
      ]);
    },
  },
]);
