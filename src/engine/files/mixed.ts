import { randomBytes } from "node:crypto";

/** A `multipart/mixed` answer: its media type and its bytes (`protocol.md` §6.2). */
export interface Mixed {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Puts parts into one body, with the part headers of real servers. */
export function multipartMixed(parts: readonly Buffer[]): Mixed {
  const boundary = randomBytes(16).toString("hex");
  const chunks = parts.flatMap((part) => [
    Buffer.from(
      `--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Encoding: identity\r\n` +
        `Content-Length: ${String(part.length)}\r\n\r\n`,
    ),
    part,
    Buffer.from("\r\n"),
  ]);
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/mixed; boundary=${boundary}`, body: Buffer.concat(chunks) };
}
