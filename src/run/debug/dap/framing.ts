import { ProtocolError } from "../../../base/errors.js";
import { shorten } from "../../../base/text.js";
import { type DapMessage, isDapMessage } from "./messages.js";

const where = "debug adapter";

/** Bytes before a message that name its length; the protocol has one header. */
const headerLimitBytes = 4 * 1024;

/** Bytes of one message: values and sources come in pieces far smaller. */
const messageLimitBytes = 64 * 1024 * 1024;

const headerEnd = "\r\n\r\n";

/** A message as the bytes that adapters read. */
export function encodeMessage(message: DapMessage): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${headerEnd}`), body]);
}

/** Cuts a stream of bytes into messages, however the bytes come in pieces. */
export class MessageReader {
  #pieces: Buffer[] = [];
  #size = 0;
  /** Bytes that are needed for the next step. */
  #wanted = 1;

  /**
   * The messages that are complete with `bytes`.
   * @throws {ProtocolError} at what is no message; the stream can't be read any further then.
   */
  push(bytes: Buffer): readonly DapMessage[] {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    const messages: DapMessage[] = [];
    while (this.#size >= this.#wanted) {
      const message = this.#next();
      if (message === undefined) {
        break;
      }
      messages.push(message);
    }
    return messages;
  }

  #next(): DapMessage | undefined {
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [all];
    const end = all.indexOf(headerEnd);
    if (end < 0) {
      if (all.length > headerLimitBytes) {
        throw new ProtocolError(where, shorten(all.toString("latin1"), 80), "no header in sight");
      }
      this.#wanted = all.length + 1;
      return undefined;
    }
    const start = end + headerEnd.length;
    const total = start + lengthIn(all.toString("latin1", 0, end));
    if (all.length < total) {
      this.#wanted = total;
      return undefined;
    }
    this.#pieces = [all.subarray(total)];
    this.#size = all.length - total;
    this.#wanted = 1;
    return parse(all.toString("utf8", start, total));
  }
}

function lengthIn(header: string): number {
  const length = Number(/^content-length: *(\d{1,10})\s*$/im.exec(header)?.[1] ?? Number.NaN);
  if (!(length <= messageLimitBytes)) {
    throw new ProtocolError(where, shorten(header, 80), "a header without a sensible length");
  }
  return length;
}

function parse(text: string): DapMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProtocolError(where, shorten(text, 80), "no JSON", { cause: error });
  }
  if (!isDapMessage(value)) {
    throw new ProtocolError(where, shorten(text, 80), "no message");
  }
  return value;
}
