import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { Script } from "node:vm";
import { WebSocket } from "ws";
import { until } from "../../../support/until.js";
import { tunnel } from "../support/appClients.js";
import type { EngineClient } from "../support/client.js";
import { engines } from "../support/engines.js";

interface Terminal {
  readonly socket: WebSocket;
  /** First bytes of the messages that came. */
  readonly types: string[];
  shown: string;
  closeCode: number | undefined;
  send(message: string): void;
}

async function connect(client: EngineClient, id: string): Promise<Terminal> {
  const link = tunnel(client, id, "ttyd");
  const socket = new WebSocket("ws://127.0.0.1:7681/ws", "tty", { createConnection: () => link as never });
  const terminal: Terminal = {
    socket,
    types: [],
    shown: "",
    closeCode: undefined,
    send: (message) => socket.send(Buffer.from(message)),
  };
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    assert.ok(isBinary);
    terminal.types.push(data.toString("latin1", 0, 1));
    if (data[0] === 0x30) {
      terminal.shown += data.toString("utf8", 1);
    }
  });
  socket.on("close", (code) => (terminal.closeCode = code));
  await once(socket, "open");
  return terminal;
}

const hello = (columns: number, rows = 24): string => JSON.stringify({ AuthToken: "", columns, rows });

/** What a terminal has shown since it was told to; words that the echo of what is typed can't be. */
async function answer(terminal: Terminal, command: string, expected: RegExp): Promise<RegExpExecArray> {
  terminal.shown = "";
  terminal.send(`0${command}\r`);
  return until(`${String(expected)} after ${command}`, () => expected.exec(terminal.shown) ?? undefined);
}

const columns = `echo "w=$((40+2))=$(stty size | cut -d' ' -f2)="`;

describe("engine ttyd", () => {
  const start = engines();
  let client: EngineClient;
  let id = "";
  beforeEach(async () => {
    ({ client } = await start());
    id = await client.create("ttyd");
  });

  const get = async (
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
  ): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> => {
    const link = tunnel(client, id, "ttyd");
    const asked = request({ path, method, headers, createConnection: () => link });
    const [response] = (await once(asked.end(), "response")) as [IncomingMessage];
    const body = await text(response);
    link.destroy();
    return { status: response.statusCode, headers: response.headers, body };
  };

  it("starts with the token message: title and preferences, then output, input and resize", async () => {
    const terminal = await connect(client, id);
    terminal.send(hello(77));
    await until("output", () => terminal.shown !== "");
    assert.deepEqual(terminal.types.slice(0, 3), ["1", "2", "0"]);
    await answer(terminal, columns, /w=42=77=/);
    terminal.send('1{"columns":101,"rows":30}');
    await answer(terminal, columns, /w=42=101=/);
    await answer(terminal, "printf 'é%s\\n' 中", /é中/);
    terminal.socket.close();
  });

  it("starts nothing before the token message, nor for one that is none", async () => {
    const terminal = await connect(client, id);
    terminal.send("0touch early\r");
    terminal.send('{"columns":"wide"}');
    terminal.send("{not json");
    terminal.send('1{"columns":50,"rows":20}');
    terminal.send("9unknown");
    const answered = once(terminal.socket, "pong");
    terminal.socket.ping();
    await answered;
    assert.deepEqual(terminal.types, []);
    terminal.send("{}"); // a size by default
    await answer(terminal, columns, /w=42=80=/);
    const listed = await client.send("GET", `/session/${id}/files?path=.`);
    assert.doesNotMatch(String(listed.at("files")), /early/);
    terminal.send("0exit\r");
    await until("the end", () => terminal.closeCode);
  });

  it("closes with 1000 when the shell exits, and gives a new one then", async () => {
    const first = await connect(client, id);
    first.send(hello(80));
    const [, pid = ""] = await answer(first, 'echo "p=$$="', /p=(\d+)=/);
    first.send("0exit\r");
    await until("the end", () => first.closeCode);
    assert.equal(first.closeCode, 1000);
    const second = await connect(client, id);
    second.send(hello(80));
    const [, other = ""] = await answer(second, 'echo "p=$$="', /p=(\d+)=/);
    assert.notEqual(other, pid);
    second.socket.close();
  });

  it("holds output back while the client has paused it", async () => {
    const terminal = await connect(client, id);
    terminal.send(hello(80));
    await answer(terminal, columns, /w=42=80=[^]*[#$] /); // with the prompt, which comes a moment later
    terminal.send("2");
    terminal.shown = "";
    terminal.send(`0${columns}; touch typed\r`);
    await until("the file", async () => {
      const listed = await client.send("GET", `/session/${id}/files?path=.`);
      return /"typed"/.test(String(listed.at("files")));
    });
    assert.equal(terminal.shown, "");
    terminal.send("3");
    await until("the output", () => /w=42=80=/.test(terminal.shown));
    terminal.socket.close();
  });

  it("ends with the session, and what runs in it too", async () => {
    const terminal = await connect(client, id);
    terminal.send(hello(80));
    const [, pid = ""] = await answer(terminal, 'echo "p=$$="', /p=(\d+)=/);
    assert.ok(process.kill(Number(pid), 0));
    await client.send("DELETE", `/session/${id}`);
    await until("the end", () => terminal.closeCode);
    await until("the end of the shell", () => {
      try {
        return !process.kill(Number(pid), 0);
      } catch {
        return true;
      }
    });
  });

  it("has a page, its script and a token", async () => {
    const page = await get("/");
    assert.equal(page.status, 200);
    assert.match(String(page.headers["content-type"]), /^text\/html/);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
    const scripts = [...page.body.matchAll(/<script src="([^"]+)"/g)].map(([, script = ""]) => script);
    assert.deepEqual(scripts, ["/xterm.js", "/page.js"]);
    for (const path of scripts) {
      const { status, headers, body } = await get(path);
      assert.deepEqual([status, headers["content-type"]], [200, "text/javascript;charset=utf-8"], path);
      new Script(body, { filename: path }); // throws for what is no script
    }
    assert.deepEqual(JSON.parse((await get("/token")).body), { token: "" });
    assert.equal((await get("/?theme=dark")).status, 200);
    assert.equal((await get("/nosuch")).status, 404);
    assert.equal((await get("/", {}, "POST")).status, 405);
  });

  it("lets no page of another site in", async () => {
    assert.equal((await get("/", { host: "evil.example" })).status, 403);
    assert.equal((await get("/", { host: "localhost:99", origin: "http://evil.example" })).status, 403);
    assert.equal((await get("/", { host: "localhost:99", origin: "http://localhost:99" })).status, 200);
    for (const [path, origin] of [
      ["/ws", "http://evil.example"],
      ["/ws", "null"],
      ["/other", "http://127.0.0.1"],
    ] as const) {
      const link = tunnel(client, id, "ttyd");
      const options = { origin, createConnection: () => link as never };
      const socket = new WebSocket(`ws://127.0.0.1${path}`, "tty", options);
      const [error] = (await once(socket, "error")) as [Error];
      assert.match(error.message, /403/, `${path} ${origin}`);
    }
  });
});
