import { randomBytes } from "node:crypto";
import { BareCalls } from "../calls/bareCalls.js";
import type { BenchServer } from "../support/benchServer.js";

/** What takes more than one bare request, or more than its text. Who makes it closes it. */
export class BareRequests extends BareCalls {
  readonly #of: BenchServer;

  constructor(server: BenchServer) {
    super(server);
    this.#of = server;
  }

  /** Runs code in the session's interpreter, asked for until it has ended. Resolves with the characters printed. */
  async query(sessionId: string, code: string): Promise<number> {
    const { prefix, execute } = this.#of.client.dialect;
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
    const { prefix, files } = this.#of.client.dialect;
    const at = `${prefix}/${sessionId}/files`;
    const text = await (files.listParameters === "query"
      ? this.send("GET", `${at}?path=${folder}`)
      : this.send("GET", at, { path: folder }));
    const { files: list } = JSON.parse(text) as { readonly files: string | readonly unknown[] };
    return (typeof list === "string" ? (JSON.parse(list) as unknown[]) : list).length;
  }
}

interface Answer {
  readonly result: { readonly status: string; readonly console?: readonly (readonly [string, string])[] };
}
