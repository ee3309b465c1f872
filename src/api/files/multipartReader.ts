import { ProtocolError } from "../../base/errors.js";
import { shorten } from "../../base/text.js";

/** Longest block of headers of a part. */
const headerBytes = 16 * 1024;
const headersEnd = Buffer.from("\r\n\r\n");

/**
 * The boundary in a content type.
 * @throws {ProtocolError} when it is not a multipart one.
 */
export function boundaryOf(contentType: string | undefined, where: string): string {
  const match = /^multipart\/[\w-]+\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? "");
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) {
    throw new ProtocolError(where, shorten(contentType ?? "", 100), "the answer is not multipart");
  }
  return boundary;
}

/** What reading needs to know. */
export interface MultipartOptions {
  readonly boundary: string;
  readonly where: string;
  /** Most bytes of one part. */
  readonly partBytes: number;
}

/**
 * The bodies of a multipart answer, one after the other (`protocol.md` §6.2). At most one part is in memory.
 * @throws {ProtocolError} when it is cut short, malformed, or a part is larger than `partBytes`.
 */
export async function* readParts(
  pieces: AsyncIterable<Uint8Array>,
  { boundary, where, partBytes }: MultipartOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const most = partBytes + headerBytes + delimiter.length;
  // a line end in front makes the first delimiter like all others
  let waiting = Buffer.from("\r\n");
  let isFirst = true;
  for await (const piece of pieces) {
    const from = Math.max(0, waiting.length - delimiter.length);
    waiting = Buffer.concat([waiting, piece]);
    let at = waiting.indexOf(delimiter, from);
    while (at !== -1) {
      if (!isFirst) {
        yield bodyOf(waiting.subarray(0, at), where);
      }
      isFirst = false;
      waiting = waiting.subarray(at + delimiter.length);
      if (waiting.length >= 2 && waiting.subarray(0, 2).toString() === "--") {
        return;
      }
      at = waiting.indexOf(delimiter);
    }
    if (waiting.length > most) {
      throw new ProtocolError(where, "", `a part of the answer is larger than ${partBytes} bytes`);
    }
  }
  if (isFirst || waiting.subarray(0, 2).toString() !== "--") {
    throw new ProtocolError(where, shorten(waiting.toString("latin1"), 100), "the answer was cut short");
  }
}

/** What follows the headers of a part. It begins with the rest of the delimiter's line. */
function bodyOf(part: Buffer, where: string): Buffer {
  const end = part.indexOf(headersEnd);
  if (end === -1 || end > headerBytes) {
    throw new ProtocolError(
      where,
      shorten(part.toString("latin1"), 100),
      "a part of the answer has no headers",
    );
  }
  return part.subarray(end + headersEnd.length);
}
