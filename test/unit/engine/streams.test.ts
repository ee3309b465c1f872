import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { WebSocket } from "ws";
import { until } from "../../support/until.js";
import { type EngineClient, pick } from "./support/client.js";
import { engines } from "./support/engines.js";
import { stubExecution } from "./support/stubExecution.js";

interface Conversation {
  readonly socket: WebSocket;
  readonly frames: { readonly text: string; readonly isBinary: boolean }[];
  closeCode: number | undefined;
}

async function open(client: EngineClient, path: string): Promise<Conversation> {
  const socket = client.socket(path);
  const conversation: Conversation = { socket, frames: [], closeCode: undefined };
  socket.on("message", (data: Buffer, isBinary: boolean) =>
    conversation.frames.push({ text: data.toString("latin1"), isBinary }),
  );
  socket.on("close", (code) => (conversation.closeCode = code));
  await once(socket, "open");
  return conversation;
}

/** The HTTP answer to a refused upgrade. */
async function refusal(client: EngineClient, path: string): Promise<{ status: number; body: string }> {
  const socket = client.socket(path);
  return new Promise((resolve, reject) => {
    socket.on("open", () => reject(new Error("it was accepted")));
    socket.on("error", () => undefined);
    socket.on("unexpected-response", (_request, response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
  });
}

const statuses = ({ frames }: Conversation): unknown[] =>
  frames.map(({ text }) => pick(JSON.parse(text), "status"));
const printed = ({ frames }: Conversation): string =>
  frames
    .flatMap(({ text }) => (pick(JSON.parse(text), "console") ?? []) as [string, string][])
    .map(([, text]) => text)
    .join("");

describe("engine streams", () => {
  const start = engines();

  it("runs a query with input over one websocket", async () => {
    const { client } = await start();
    const id = await client.create("stream-1");
    const talk = await open(client, `/stream/session/${id}/execute`);
    talk.socket.send(JSON.stringify({ mode: "query", code: "n = input('name? ')\nprint('hi', n)" }));
    await until("the question", () => statuses(talk).includes("waiting-input"));
    talk.socket.send("bob");
    await until("the end", () => talk.closeCode);
    assert.equal(talk.closeCode, 1000);
    assert.equal(statuses(talk).at(-1), "finished");
    assert.equal(printed(talk), "name? hi bob\n");
    assert.ok(!("runId" in (JSON.parse(talk.frames[0]?.text ?? "{}") as object)));
  });

  it("runs a batch over one websocket", async () => {
    const { client } = await start("24.09");
    const id = await client.create("stream-2");
    const talk = await open(client, `/stream/session/${id}/execute`);
    const options = { build: "echo built", exec: "echo ran; exit 2" };
    talk.socket.send(JSON.stringify({ mode: "batch", code: "", options }));
    await until("the end", () => talk.closeCode);
    assert.deepEqual(
      statuses(talk).filter((status) => status !== "continued"),
      ["clean-finished", "build-finished", "finished"],
    );
    assert.equal(printed(talk), "built\nran\n");
    assert.equal(pick(JSON.parse(talk.frames.at(-1)?.text ?? ""), "exitCode"), 2);
  });

  it("answers a first frame that is wrong with an error frame", async () => {
    const { client } = await start();
    const id = await client.create("stream-3");
    const rows: readonly (readonly [string, RegExp])[] = [
      ['{"mode":"nonsense","code":""}', /mode has an invalid value\./],
      ['{"code":"1"}', /mode is missing or empty!/],
      ['{"mode":1}', /invalid value/],
      ["this is not json", /JSONDecodeError/],
    ];
    for (const [frame, words] of rows) {
      const talk = await open(client, `/stream/session/${id}/execute`);
      talk.socket.send(frame);
      await until("the end", () => talk.closeCode);
      assert.equal(statuses(talk)[0], "error");
      assert.match(talk.frames[0]?.text ?? "", words);
    }
  });

  it("tells a run whose session ends", async () => {
    const { client } = await start();
    const id = await client.create("stream-4");
    const talk = await open(client, `/stream/session/${id}/execute`);
    talk.socket.send(JSON.stringify({ mode: "query", code: "import time; time.sleep(60)" }));
    await until("a frame", () => talk.frames.length > 0);
    await client.send("DELETE", `/session/${id}`);
    await until("the end", () => talk.closeCode);
    assert.ok(
      ["server-restarting", "finished"].includes(String(statuses(talk).at(-1))),
      String(statuses(talk)),
    );
  });

  for (const [release, isBinary] of [
    ["24.09", false],
    ["26.8", true],
  ] as const) {
    it(`carries a shared terminal in ${isBinary ? "binary" : "text"} frames on ${release}`, async () => {
      const { client } = await start(release);
      const id = await client.create("terminal");
      const [one, two] = [
        await open(client, `/stream/session/${id}/pty`),
        await open(client, `/stream/session/${id}/pty`),
      ];
      const type = (text: string): void => {
        one.socket.send(JSON.stringify({ type: "stdin", chars: Buffer.from(text).toString("base64") }));
      };
      const shown = ({ frames }: Conversation): string =>
        frames
          .map(({ text }) => Buffer.from(String(pick(JSON.parse(text), "data")), "base64").toString("utf8"))
          .join("");
      one.socket.send(JSON.stringify({ type: "resize", rows: 33, cols: 77 }));
      one.socket.send(JSON.stringify({ type: "ping" }));
      one.socket.send(JSON.stringify({ type: "unknown" }));
      type("stty size; echo $((40+2))-é\r");
      await until("the echo", () => shown(one).includes("33 77") && shown(one).includes("42-é"));
      await until("the other's view", () => shown(two).includes("42-é"));
      assert.equal(one.frames[0]?.isBinary, isBinary);
      two.socket.send("not json");
      await until("the end of bad JSON", () => two.closeCode);
      one.socket.send(JSON.stringify({ type: "restart" }));
      await until("the end", () => one.closeCode);
      assert.equal(one.closeCode, 1000);
    });
  }

  it("ends the terminal's stream with its shell", async () => {
    const { client } = await start();
    const id = await client.create("terminal");
    const talk = await open(client, `/stream/session/${id}/pty`);
    talk.socket.send(JSON.stringify({ type: "stdin", chars: Buffer.from("exit\r").toString("base64") }));
    await until("the end", () => talk.closeCode);
    assert.equal(talk.closeCode, 1000);
  });

  it("says so when no terminal can be opened", async () => {
    const { client } = await start("24.09", {
      makeExecution: () => ({
        ...stubExecution,
        openTerminal: () => {
          throw new Error("no pty here");
        },
      }),
    });
    const id = await client.create("terminal");
    const talk = await open(client, `/stream/session/${id}/pty`);
    await until("the end", () => talk.closeCode);
    assert.match(talk.frames[0]?.text ?? "", /no pty here/);
    assert.equal(
      (await client.send("POST", `/session/${id}`, { body: { mode: "query", code: "1", runId: null } }))
        .status,
      500,
    );
  });

  it("carries TCP both ways, whole and in order", async () => {
    const { client } = await start();
    const server = createServer((socket: Socket) => socket.pipe(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const id = await client.create("tunnel", { config: { preopen_ports: [port] } });
    const apps = await client.send("GET", `/stream/session/${id}/apps`);
    assert.deepEqual(apps.at(""), [
      { name: "sshd", protocol: "tcp", ports: [2200] },
      { name: "ttyd", protocol: "http", ports: [7681] },
      { name: String(port), protocol: "preopen", ports: [port] },
    ]);
    const talk = await open(client, `/stream/session/${id}/tcpproxy?app=${port}`);
    const sent = Buffer.alloc(4 * 1024 * 1024, "0123456789abcdef");
    talk.socket.send("text frames are ignored");
    for (let at = 0; at < sent.length; at += 64 * 1024) {
      talk.socket.send(sent.subarray(at, at + 64 * 1024));
    }
    await until(
      "all of it",
      () => talk.frames.reduce((sum, { text }) => sum + text.length, 0) >= sent.length,
    );
    assert.ok(Buffer.from(talk.frames.map(({ text }) => text).join(""), "latin1").equals(sent));
    assert.ok(talk.frames.every(({ isBinary }) => isBinary));
    server.close();
    talk.socket.close();
    await until("the end", () => talk.closeCode);
    const gone = await open(client, `/stream/session/${id}/httpproxy?app=${port}`);
    await until("the refusal of the port", () => gone.closeCode);
    assert.equal(gone.closeCode, 1001);
  });

  it("closes with 1001 when the app ends the connection", async () => {
    const { client } = await start();
    const server = createServer((socket) => socket.end("bye"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const id = await client.create("tunnel", { config: { preopen_ports: [port] } });
    const talk = await open(client, `/stream/session/${id}/httpproxy?app=${port}&port=${port}`);
    await until("the end", () => talk.closeCode);
    server.close();
    assert.deepEqual([talk.closeCode, talk.frames.map(({ text }) => text).join("")], [1001, "bye"]);
  });

  it("calls no app for a plain request", async () => {
    const { client } = await start();
    const callers: Socket[] = [];
    const server = createServer((socket) => callers.push(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const id = await client.create("tunnel", { config: { preopen_ports: [port] } });
    const path = `/stream/session/${id}/tcpproxy?app=${port}`;
    assert.equal((await client.send("GET", path)).status, 400);
    const talk = await open(client, path);
    await until("the websocket's own call", () => callers.length > 0);
    assert.equal(callers.length, 1);
    // An app that breaks the connection ends this websocket and nothing else.
    callers[0]?.resetAndDestroy();
    await until("the end", () => talk.closeCode);
    assert.equal((await client.send("GET", "/auth/role")).status, 200);
    server.close();
  });

  it("lets a run wait for a reader that has stopped reading", async () => {
    let steps = 0;
    let isOver = false;
    const { client } = await start("24.09", {
      makeExecution: () => ({
        ...stubExecution,
        execute: async () => {
          steps += 1;
          await new Promise((resolve) => setImmediate(resolve));
          return {
            status: isOver ? "finished" : "continued",
            runId: "r",
            exitCode: isOver ? 0 : null,
            options: null,
            files: [],
            console: [["stdout", "x".repeat(1024 * 1024)]],
          };
        },
      }),
    });
    const id = await client.create("flooded");
    const talk = await open(client, `/stream/session/${id}/execute`);
    talk.socket.send(JSON.stringify({ mode: "query", code: "" }));
    await until("a step", () => talk.frames.length > 0);
    talk.socket.pause();
    const atPause = steps;
    for (let turn = 0; turn < 200; turn += 1) {
      await client.send("GET", "/auth/role"); // the engine has work to do, and time for more steps
    }
    assert.ok(steps - atPause < 64, `${steps - atPause} MiB waited for the reader`);
    isOver = true;
    talk.socket.resume();
    await until("the end", () => talk.closeCode);
    assert.equal(talk.frames.length, steps);
  });

  it("lets a client wait that writes more than a run reads", async () => {
    const { client } = await start("24.09", {
      makeExecution: () => ({ ...stubExecution, execute: () => new Promise(() => undefined) }),
    });
    const id = await client.create("talkative");
    const talk = await open(client, `/stream/session/${id}/execute`);
    talk.socket.send(JSON.stringify({ mode: "query", code: "" }));
    const line = "y".repeat(1024 * 1024);
    for (let count = 0; count < 32; count += 1) {
      talk.socket.send(line);
    }
    for (let turn = 0; turn < 200; turn += 1) {
      await client.send("GET", "/auth/role");
    }
    assert.ok(talk.socket.bufferedAmount > line.length, "all of it was taken");
    talk.socket.terminate();
  });

  it("refuses upgrades with the HTTP answers of servers", async () => {
    const { client } = await start("24.09");
    const id = await client.create("refused");
    const rows: readonly (readonly [string, number, RegExp])[] = [
      [`/stream/session/nosuch/pty`, 404, /No such session/],
      [`/stream/session/nosuch/execute`, 404, /No such session/],
      [`/stream/session/${id}/tcpproxy?app=nosuch`, 404, /No such app service/],
      [`/stream/session/${id}/tcpproxy`, 400, /is required/],
      [`/stream/session/${id}/nosuch`, 404, /Unknown URL path/],
    ];
    for (const [path, status, words] of rows) {
      const refused = await refusal(client, path);
      assert.equal(refused.status, status, path);
      assert.match(refused.body, words);
    }
    const withPort = await client.create("with-port", { config: { preopen_ports: [9] } });
    assert.equal((await refusal(client, `/stream/session/${withPort}/tcpproxy?app=9&port=10`)).status, 400);
    assert.equal((await client.send("GET", `/stream/session/${id}/tcpproxy?app=nosuch`)).status, 404);
    assert.equal((await client.send("GET", `/stream/session/${id}/pty`)).status, 400);
  });
});
