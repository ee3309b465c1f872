import { randomBytes } from "node:crypto";
import { Agent, request } from "undici";
import type { BenchServer } from "../terminal/benchServer.js";

/** The least code that makes requests with undici, each signed. Who makes it closes it. */
export class BareRequests {
  readonly #server: BenchServer;
  readonly #agent = new Agent();

  constructor(server: BenchServer) {
    this.#server = server;
  }

  /** Resolves with the answer's text. */
  async send(method: "GET" | "POST", path: string, json?: object): Promise<string> {
    const body = json === undefined ? null : JSON.stringify(json);
    const type = json === undefined ? {} : { contentType: "application/json" };
    const headers = {
      ...this.#server.sign({ method, path, ...type }),
      ...(json !== undefined && { "Content-Type": "application/json" }),
    };
    const url = this.#server.client.endpoint + path;
    const answer = await request(url, { method, headers, body, dispatcher: this.#agent });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) {
      throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
    }
    return text;
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
}

interface Answer {
  readonly result: { readonly status: string; readonly console?: readonly (readonly [string, string])[] };
}
