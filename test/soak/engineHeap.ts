import { once } from "node:events";
import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { WebSocket } from "ws";
import { within } from "../../src/base/abort.js";
import { until } from "../support/until.js";

const deadlineMs = 20_000;

const Answer = z.looseObject({
  id: z.number(),
  result: z.optional(z.looseObject({ result: z.optional(z.looseObject({ value: z.unknown() })) })),
});

/** Looks into the engine's heap by Node's inspector: its resident memory alone says more of how busy it was than of what it keeps. */
export class EngineHeap {
  readonly #socket: WebSocket;
  #requests = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** @param logFile What an engine writes that was started with `--inspect`. Who opens it closes it. */
  static async open(logFile: string): Promise<EngineHeap> {
    const address = await until("the engine's inspector", async () => {
      const log = await readFile(logFile, "utf8").catch(() => "");
      return /Debugger listening on (ws:\/\/\S+)/.exec(log)?.[1];
    });
    const socket = new WebSocket(address);
    await once(socket, "open");
    return new EngineHeap(socket);
  }

  /** Bytes in use after a collection, buffers outside of the heap included. */
  async used(): Promise<number> {
    await this.#ask("HeapProfiler.collectGarbage", {});
    const expression = "(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())";
    return z.number().parse(await this.#ask("Runtime.evaluate", { expression, returnByValue: true }));
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: string, params: object): Promise<unknown> {
    const id = (this.#requests += 1);
    const answered = new Promise<unknown>((resolve) => {
      const onMessage = (data: Buffer): void => {
        const answer = Answer.parse(JSON.parse(data.toString("utf8")));
        if (answer.id === id) {
          this.#socket.off("message", onMessage);
          resolve(answer.result?.result?.value);
        }
      };
      this.#socket.on("message", onMessage);
    });
    this.#socket.send(JSON.stringify({ id, method, params }));
    return within(answered, deadlineMs, "idle", method);
  }
}
