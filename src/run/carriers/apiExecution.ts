import type { BackendAIClient, Run } from "../../api/index.js";
import type { BatchOptions } from "../../wire/records/run.js";
import type { Execution, ExecutionEvent } from "./execution.js";

/** A program that the server itself runs: a batch run of the API. It ends with its connection. */
export class ApiExecution implements Execution {
  readonly jobId = undefined;
  readonly input = "questions";
  readonly #run: Run;
  readonly #abort = new AbortController();

  constructor(client: BackendAIClient, sessionId: string, options: BatchOptions) {
    // Over the websocket output comes every 0.2 s; polled, servers hold it back for 2 s (`protocol.md` §4.2). But only a polled
    // run has an id of ours, without which a session whose run was lost can't be freed.
    const carrier = client.findings.has("batchLoses") ? "poll" : "stream";
    const { signal } = this.#abort;
    this.#run = client.runs.start(sessionId, { mode: "batch", options }, { carrier, signal });
  }

  [Symbol.asyncIterator](): AsyncIterator<ExecutionEvent> {
    return this.#run[Symbol.asyncIterator]();
  }

  async send(text: string): Promise<void> {
    await this.#run.answer(text);
  }

  async interrupt(): Promise<void> {
    await this.#run.interrupt();
  }

  kill(): Promise<boolean> {
    this.#abort.abort();
    return Promise.resolve(false);
  }

  /** The server's programs have no terminal. */
  resize(): void {}

  leave(): void {
    this.#abort.abort();
  }
}
