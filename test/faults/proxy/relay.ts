import type { Duplex } from "node:stream";
import { once } from "node:events";
import { Socket } from "node:net";
import { delay } from "../../../src/base/abort.js";
import { ByteReader } from "./byteReader.js";
import type { Fault, LinkControl, SeenRequest } from "./fault.js";
import {
  answerFraming,
  type MessageHead,
  readHead,
  requestFraming,
  statusOf,
  wireBody,
} from "./httpMessage.js";

/** What a relay asks of its proxy. */
export interface RelayParts {
  /** The client's end. */
  readonly near: Duplex;
  /** The server's. */
  readonly far: Duplex;
  /** The connections below both, which a reset ends. */
  readonly sockets: readonly Duplex[];
  readonly onRequest: (request: SeenRequest) => Fault | undefined;
  /** Told of each request that went on to the server as a whole. */
  readonly onDelivered: (request: SeenRequest) => void;
  /** Whether nothing is to go on any more, either way. */
  readonly isSilent: () => boolean;
}

/** Ends a relay on purpose. */
class Finished extends Error {}

/** One connection between a client and a server: HTTP/1.1 requests one after the other, each with the fault that it meets. */
export class Relay {
  readonly #parts: RelayParts;
  readonly #ended = new AbortController();
  readonly #link: LinkControl;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#link = {
      reset: () => {
        this.reset();
        throw new Finished("reset");
      },
      finish: () => {
        throw new Finished("finish");
      },
      vanish: async () => {
        await once(this.#ended.signal, "abort");
        throw new Finished("over");
      },
      pause: async (ms) => delay(ms, this.#ended.signal),
    };
  }

  /** Breaks both connections at once, with whatever is on its way. */
  reset(): void {
    for (const socket of this.#parts.sockets) {
      if (socket instanceof Socket) {
        socket.resetAndDestroy();
      } else {
        socket.destroy();
      }
    }
    this.#ended.abort();
  }

  /** Ends what waits in a fault. */
  end(): void {
    this.#ended.abort();
  }

  /** Passes on requests and answers until either end is over. Never rejects. */
  async run(): Promise<void> {
    const { near, far } = this.#parts;
    const client = new ByteReader(near as AsyncIterable<Buffer>);
    const server = new ByteReader(far as AsyncIterable<Buffer>);
    try {
      const isHttp = /^[A-Z]/.test((await client.peek())?.toString("latin1", 0, 1) ?? "");
      if (isHttp) {
        await this.#exchanges(client, server);
      } else {
        await this.#both(client.all(), server.all()); // TLS that is not ours to read
      }
      near.end();
      far.end();
    } catch (error) {
      near.end();
      if (error instanceof Finished) {
        far.end();
      } else {
        far.destroy();
        near.destroy();
      }
    }
  }

  async #exchanges(client: ByteReader, server: ByteReader): Promise<void> {
    for (;;) {
      const idle = new AbortController();
      this.#watchIdle(server, idle.signal);
      const head = await readHead(client);
      idle.abort();
      if (head === undefined || (await this.#exchange(head, client, server))) {
        return;
      }
    }
  }

  /** A server that leaves between two requests is left by the client as well. */
  #watchIdle(server: ByteReader, signal: AbortSignal): void {
    const left = (): void => {
      if (!signal.aborted && !this.#parts.isSilent()) {
        this.#parts.near.end();
      }
    };
    server.peek().then((bytes) => {
      if (bytes === undefined) {
        left();
      }
    }, left);
  }

  /** One request and its answer; whether the connection is over with it. */
  async #exchange(head: MessageHead, client: ByteReader, server: ByteReader): Promise<boolean> {
    const [method = "", target = ""] = head.line.split(" ");
    const request = { method, target, isUpgrade: head.header("upgrade") !== undefined };
    const fault = this.#parts.onRequest(request);
    const body = wireBody(client, requestFraming(head));
    const link = this.#link;
    if (fault?.instead !== undefined) {
      await drain(body);
      await write(this.#parts.near, fault.instead());
      return false;
    }
    const sending = this.#send(
      this.#parts.far,
      fault?.request?.({ head, body, method, link }) ?? whole(head, body),
    ).then(() => this.#parts.onDelivered(request));
    const [result] = await Promise.all([this.#answer(server, method, fault), sending]);
    if (result === "upgraded") {
      const up = client.all();
      const down = server.all();
      await this.#both(fault?.up?.(up, link) ?? up, fault?.down?.(down, link) ?? down);
    }
    return result !== "next";
  }

  async #answer(
    server: ByteReader,
    method: string,
    fault: Fault | undefined,
  ): Promise<"next" | "upgraded" | "over"> {
    const { near } = this.#parts;
    const head = await readHead(server);
    if (head === undefined) {
      return "over";
    }
    const link = this.#link;
    const status = statusOf(head);
    const framing = answerFraming(head, method);
    const body = wireBody(server, framing);
    await this.#send(near, fault?.answer?.({ head, body, method, link }) ?? whole(head, body));
    if (status === 100) {
      return this.#answer(server, method, fault);
    }
    const isLast = framing.kind === "end" || /close/i.test(head.header("connection") ?? "");
    return status === 101 ? "upgraded" : isLast ? "over" : "next";
  }

  /** Both ways at once; each end of one way ends the other end's writing. */
  async #both(up: AsyncIterable<Buffer>, down: AsyncIterable<Buffer>): Promise<void> {
    const { near, far } = this.#parts;
    const pass = async (to: Duplex, bytes: AsyncIterable<Buffer>): Promise<void> => {
      await this.#send(to, bytes);
      to.end();
    };
    await Promise.all([pass(far, up), pass(near, down)]);
  }

  async #send(to: Duplex, bytes: AsyncIterable<Buffer>): Promise<void> {
    for await (const piece of bytes) {
      if (this.#parts.isSilent()) {
        await this.#link.vanish();
      }
      await write(to, piece);
    }
  }
}

async function* whole(head: MessageHead, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head.bytes;
  yield* body;
}

async function drain(bytes: AsyncIterable<Buffer>): Promise<void> {
  const all = bytes[Symbol.asyncIterator]();
  while ((await all.next()).done !== true) {
    // dropped
  }
}

/** Resolves when the stream takes more. */
async function write(to: Duplex, bytes: Buffer): Promise<void> {
  if (to.destroyed || to.writableEnded) {
    throw new Error("The other end is gone.");
  }
  if (!to.write(bytes)) {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        to.off("drain", go).off("close", go);
        resolve();
      };
      to.on("drain", go).on("close", go);
    });
  }
}
