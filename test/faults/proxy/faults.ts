import { randomBytes } from "node:crypto";
import type { Fault, FlowShape, LinkControl, Passing, Shape } from "./fault.js";
import { answerFraming, contentOf, headWith } from "./httpMessage.js";
import { framesOf, isData } from "./webSocketFrames.js";

/** Where in an answer something happens. `head`: within it. `last`: before the last byte of the body. */
export type Place = "head" | "first" | "middle" | "last";

/** What happens there to the connection. */
export type Break = (link: LinkControl) => Promise<never>;

/** It is broken by a reset. */
export const reset: Break = async (link) => {
  await link.pause(20); // what was given so far arrives
  return link.reset();
};

/** Its other end is there no more, and nobody says so. */
export const vanish: Break = async (link) => link.vanish();

/** Bytes of a flow, either way, after which its middle has come. */
export interface FlowOptions {
  readonly flowBytes: number;
}

/** The connection breaks before the server has the request. */
export const beforeRequest: Fault = {
  request: ({ link }) => link.reset(),
};

/** The connection breaks somewhere in the answer, or in what flows after an upgrade: the server has done what was asked. */
export function inAnswer(place: Place, how: Break, { flowBytes }: FlowOptions): Fault {
  const shape: Shape = async function* ({ head, body, link }) {
    if (/^HTTP\/1.1 101/.test(head.line) && place !== "head") {
      yield head.bytes;
      return;
    }
    if (place === "head") {
      yield head.bytes.subarray(0, head.bytes.length >> 1);
      await how(link);
    }
    const isEndless = (head.header("content-type") ?? "").includes("event-stream");
    yield head.bytes;
    if (isEndless) {
      yield* cutFlow(body, link, how, place === "first" ? 1 : flowBytes);
      return;
    }
    const wire = await all(body);
    yield wire.subarray(0, place === "first" ? 1 : place === "middle" ? wire.length >> 1 : wire.length - 1);
    await how(link);
  };
  let passed = 0;
  const flow: FlowShape = async function* (bytes, link) {
    for await (const piece of bytes) {
      const left = (place === "first" ? 1 : flowBytes) - passed;
      passed += piece.length;
      if (piece.length < left || place === "head") {
        yield piece;
      } else {
        yield piece.subarray(0, Math.max(left, 0));
        await how(link);
      }
    }
  };
  return { answer: shape, down: flow, ...(place === "first" ? {} : { up: flow }) };
}

async function* cutFlow(
  bytes: AsyncIterable<Buffer>,
  link: LinkControl,
  how: Break,
  limit: number,
): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const piece of bytes) {
    passed += piece.length;
    if (passed < limit) {
      yield piece;
    } else {
      yield piece.subarray(0, piece.length - (passed - limit));
      await how(link);
    }
  }
}

/** What is sent goes on arriving, but nothing comes back any more once `isSilent`; the connection stays open. */
export function oneWay(isSilent: () => boolean): Fault {
  return {
    down: async function* (bytes, link) {
      for await (const piece of bytes) {
        if (isSilent()) {
          await link.vanish();
        }
        yield piece;
      }
    },
  };
}

/** Both ways no faster than that. */
export function slow(bytesPerSecond: number): Fault {
  const flow: FlowShape = async function* (bytes, link) {
    for await (const piece of bytes) {
      const step = Math.ceil(bytesPerSecond / 10);
      for (let at = 0; at < piece.length; at += step) {
        yield piece.subarray(at, at + step);
        await link.pause(100);
      }
    }
  };
  const shape: Shape = ({ head, body, link }) => flow(joined(head.bytes, body), link);
  return { request: shape, answer: shape, up: flow, down: flow };
}

/** Every byte by itself, so that each character of several bytes is cut wherever it can be. */
export const byteByByte: Fault = {
  answer: ({ head, body }) => bytewise(joined(head.bytes, body)),
  down: (bytes) => bytewise(bytes),
};

/** The body ends half-way, as if it were whole. */
export const truncated: Fault = {
  answer: async function* (message) {
    const content = await contentOfMessage(message);
    yield headWith(message.head, content.length);
    yield content.subarray(0, content.length >> 1);
    message.link.finish();
  },
};

/** The body is another one, made of what the server gave. */
export function changed(change: (body: string) => string): Fault {
  return {
    answer: async function* (message) {
      const content = Buffer.from(change(String(await contentOfMessage(message))));
      yield headWith(message.head, content.length);
      yield content;
    },
  };
}

/** More comes than was announced. */
export const overLong: Fault = {
  answer: async function* (message) {
    const content = await contentOfMessage(message);
    yield headWith(message.head, content.length);
    yield content;
    yield Buffer.from("and more that nobody announced\r\n");
  },
};

/** The announced length is less than there is. */
export const tooShortLength: Fault = {
  answer: async function* (message) {
    const content = await contentOfMessage(message);
    yield headWith(message.head, Math.max(content.length - 7, 1));
    yield content;
  },
};

/** A whole answer in the server's place. */
export function answered(status: number, type: string, body: string, headers: readonly string[] = []): Fault {
  const bytes = Buffer.from(body);
  const head = [
    `HTTP/1.1 ${String(status)} Fault`,
    `Content-Type: ${type}`,
    `Content-Length: ${String(bytes.length)}`,
    ...headers,
    "",
    "",
  ].join("\r\n");
  return { instead: () => Buffer.concat([Buffer.from(head), bytes]) };
}

/** A refusal as servers write it. */
export function problemAnswer(
  status: number,
  slug: string,
  msg: string,
  headers: readonly string[] = [],
): Fault {
  const body = JSON.stringify({ type: `https://api.backend.ai/probs/${slug}`, title: msg, msg });
  return answered(status, "application/problem+json", body, headers);
}

/** A frame of random bytes after so many frames with data. */
export function garbageFrame(after: number): Fault {
  return withBytes(after, () => Buffer.concat([Buffer.from([0x82, 100, 0xff]), randomBytes(99)]));
}

/** Bytes that are no frame at all, after so many frames with data. */
export function noFrame(after: number): Fault {
  return withBytes(after, () => Buffer.from("HTTP/1.1 500 Oops\r\n\r\n"));
}

/** Further bytes, once, after so many frames with data. */
function withBytes(after: number, bytes: () => Buffer): Fault {
  return frames(async function* (all) {
    let seen = 0;
    for await (const frame of all) {
      yield frame;
      seen += isData(frame) ? 1 : 0;
      if (seen === after) {
        seen += 1;
        yield bytes();
      }
    }
  });
}

/** The frame with data number `index`, from 0, comes twice. */
export function doubledFrame(index: number): Fault {
  return frames(async function* (all) {
    let seen = 0;
    for await (const frame of all) {
      yield frame;
      if (isData(frame) && seen++ === index) {
        yield frame;
      }
    }
  });
}

/** The frames with data number `index` and the one behind it come the other way round. */
export function swappedFrames(index: number): Fault {
  return frames(async function* (all) {
    let seen = 0;
    let held: Buffer | undefined;
    for await (const frame of all) {
      if (isData(frame) && seen++ === index) {
        held = frame;
        continue;
      }
      yield frame;
      if (held !== undefined && isData(frame)) {
        yield held;
        held = undefined;
      }
    }
  });
}

/** Lines that are no events between those that are. */
export const garbageEvents: Fault = {
  answer: async function* ({ head, body }) {
    yield head.bytes;
    const chunk = (bytes: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
    yield chunk(
      Buffer.concat([
        Buffer.from("event: session_started\r\ndata: {no json\r\n\r\n"),
        Buffer.from(
          "event: session_started\r\ndata: [1, 2]\r\n\r\nretry: x\r\n:\r\n\r\nevent\r\ndata\r\n\r\n",
        ),
        Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x0d, 0x0a]),
      ]),
    );
    yield* body;
  },
};

function frames(shape: (frames: AsyncIterable<Buffer>) => AsyncIterable<Buffer>): Fault {
  return { down: (bytes) => shape(framesOf(bytes)) };
}

async function* joined(head: Buffer, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* body;
}

/** Most bytes that are sent one by one: what is behind them is cut no more. */
const splitBytes = 600;

async function* bytewise(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = splitBytes;
  for await (const piece of bytes) {
    const singles = Math.min(left, piece.length);
    left -= singles;
    for (let at = 0; at < singles; at += 1) {
      yield piece.subarray(at, at + 1);
      await new Promise(setImmediate); // else the system joins them again
    }
    if (singles < piece.length) {
      yield piece.subarray(singles);
    }
  }
}

async function all(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function contentOfMessage({ head, body, method }: Passing): Promise<Buffer> {
  return contentOf(await all(body), answerFraming(head, method));
}
