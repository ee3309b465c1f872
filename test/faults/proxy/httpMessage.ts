import type { ByteReader } from "./byteReader.js";

/** The head of a request or an answer, as it came. */
export interface MessageHead {
  /** With the empty line at its end. */
  readonly bytes: Buffer;
  /** Its first line. */
  readonly line: string;
  /** The value of a header by its lower-case name. */
  header(name: string): string | undefined;
}

/** The next head; `undefined` at the end of the connection, and for what is no HTTP. */
export async function readHead(reader: ByteReader): Promise<MessageHead | undefined> {
  const bytes = await reader.through("\r\n\r\n");
  if (bytes === undefined) {
    return undefined;
  }
  const [line = "", ...fields] = bytes.toString("latin1").trimEnd().split("\r\n");
  const headers = new Map(
    fields.map((field) => {
      const at = field.indexOf(":");
      return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()] as const;
    }),
  );
  return { bytes, line, header: (name) => headers.get(name) };
}

/** How the body of a message ends. */
export type Framing =
  { readonly kind: "length"; readonly bytes: number } | { readonly kind: "chunked" | "end" };

/** How the body of a request ends. */
export function requestFraming(head: MessageHead): Framing {
  return framingOf(head) ?? { kind: "length", bytes: 0 };
}

/** How the body of an answer to `method` ends. */
export function answerFraming(head: MessageHead, method: string): Framing {
  const status = statusOf(head);
  const isEmpty = method === "HEAD" || status < 200 || status === 204 || status === 304;
  return isEmpty ? { kind: "length", bytes: 0 } : (framingOf(head) ?? { kind: "end" });
}

export function statusOf({ line }: MessageHead): number {
  return Number(/^HTTP\/1\.\d (\d{3})/.exec(line)?.[1] ?? 0);
}

function framingOf(head: MessageHead): Framing | undefined {
  if (/chunked/i.test(head.header("transfer-encoding") ?? "")) {
    return { kind: "chunked" };
  }
  const length = head.header("content-length");
  return length === undefined ? undefined : { kind: "length", bytes: Number(length) };
}

/** The bytes of a body as they are on the wire: the sizes of chunks included. */
export async function* wireBody(reader: ByteReader, framing: Framing): AsyncGenerator<Buffer> {
  if (framing.kind === "end") {
    yield* reader.all();
  } else if (framing.kind === "length") {
    yield* upTo(reader, framing.bytes);
  } else {
    for (;;) {
      const line = await reader.through("\r\n");
      if (line === undefined) {
        return;
      }
      yield line;
      const size = Number.parseInt(line.toString("latin1"), 16);
      yield* upTo(reader, size + 2); // with its line end; the last one is that of the trailers, of which there are none
      if (size === 0) {
        return;
      }
    }
  }
}

async function* upTo(reader: ByteReader, bytes: number): AsyncGenerator<Buffer> {
  for (let left = bytes; left > 0;) {
    const piece = await reader.some(left);
    if (piece === undefined) {
      return;
    }
    left -= piece.length;
    yield piece;
  }
}

/** The content of a body that was read off the wire. */
export function contentOf(wire: Buffer, framing: Framing): Buffer {
  if (framing.kind !== "chunked") {
    return wire;
  }
  const pieces: Buffer[] = [];
  for (let at = 0; at < wire.length;) {
    const end = wire.indexOf("\r\n", at, "latin1");
    const size = Number.parseInt(wire.toString("latin1", at, end), 16);
    if (!(size > 0)) {
      break;
    }
    pieces.push(wire.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(pieces);
}

/** The head again with another length and no other framing, and with more headers. */
export function headWith(head: MessageHead, length: number, more: readonly string[] = []): Buffer {
  const [line = "", ...fields] = head.bytes.toString("latin1").trimEnd().split("\r\n");
  const kept = fields.filter((field) => !/^(content-length|transfer-encoding):/i.test(field));
  return Buffer.from(
    [line, ...kept, `Content-Length: ${String(length)}`, ...more, "", ""].join("\r\n"),
    "latin1",
  );
}
