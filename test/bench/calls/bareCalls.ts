import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "undici";
import { WebSocket } from "ws";
import type { BenchServer } from "../support/benchServer.js";

/** The least code that makes calls with undici and ws. Who makes it closes it. */
export class BareCalls {
  readonly #server: BenchServer;
  readonly #agent = new Agent();

  constructor(server: BenchServer) {
    this.#server = server;
  }

  /** Resolves with the answer's text. */
  async send(method: "GET" | "POST", path: string, json?: object): Promise<string> {
    return json === undefined
      ? this.#answer(method, path)
      : this.#answer(method, path, { contentType: "application/json", body: JSON.stringify(json) });
  }

  async upload(sessionId: string, name: string, content: Buffer): Promise<void> {
    const { files, prefix } = this.#server.client.dialect;
    const fileName =
      files.uploadNames === "absolute" ? `filename*=UTF-8''%2Fhome%2Fwork%2F${name}` : `filename="${name}"`;
    const head = `--bare\r\nContent-Disposition: form-data; name="src"; ${fileName}\r\nContent-Type: application/octet-stream\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), content, Buffer.from("\r\n--bare--\r\n")]);
    const contentType = "multipart/form-data; boundary=bare";
    await this.#answer("POST", `${prefix}/${sessionId}/upload`, { contentType, body });
  }

  /** Runs a query over a websocket, to its end. */
  async stream(sessionId: string, code: string): Promise<void> {
    const { url, headers } = this.#server.signed(`/${sessionId}/execute`);
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    await once(socket, "open");
    socket.send(JSON.stringify({ mode: "query", code, options: {} }));
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data: Buffer) => {
        if (data.toString("utf8").includes('"finished"')) {
          resolve();
        }
      });
    });
    socket.close();
    await once(socket, "close");
  }

  /** Runs code in the session's interpreter, asked for until it has ended. Resolves with the characters printed. */
  async query(sessionId: string, code: string): Promise<number> {
    const { prefix, execute } = this.#server.client.dialect;
    const id = { [execute.runIdField]: randomBytes(16).toString("hex") };
    let printed = 0;
    for (let body: object = { mode: "query", code, ...id }; ; body = { mode: "continue", code: "", ...id }) {
      const { result } = JSON.parse(await this.send("POST", `${prefix}/${sessionId}`, body)) as Answer;
      printed += (result.console ?? []).reduce((sum, [, text]) => sum + text.length, 0);
      if (result.status === "finished") {
        return printed;
      }
    }
  }

  /** Names in a folder of the session. */
  async list(sessionId: string, folder: string): Promise<number> {
    const { prefix, files } = this.#server.client.dialect;
    const at = `${prefix}/${sessionId}/files`;
    const text = await (files.listParameters === "query"
      ? this.send("GET", `${at}?path=${folder}`)
      : this.send("GET", at, { path: folder }));
    const { files: list } = JSON.parse(text) as { readonly files: string | readonly unknown[] };
    return (typeof list === "string" ? (JSON.parse(list) as unknown[]) : list).length;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #answer(
    method: "GET" | "POST",
    path: string,
    content?: { readonly contentType: string; readonly body: string | Buffer },
  ): Promise<string> {
    const { contentType, body = null } = content ?? {};
    const type = contentType === undefined ? {} : { contentType };
    const headers = {
      ...this.#server.sign({ method, path, ...type }),
      ...(contentType !== undefined && { "Content-Type": contentType }),
    };
    const url = this.#server.client.endpoint + path;
    const answer = await request(url, { method, headers, body, dispatcher: this.#agent });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) {
      throw new Error(`${path} answered ${String(answer.statusCode)}: ${text}`);
    }
    return text;
  }
}

interface Answer {
  readonly result: { readonly status: string; readonly console?: readonly (readonly [string, string])[] };
}
