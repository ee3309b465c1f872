import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { ConfigurationError } from "../../base/errors.js";
import type { StreamBody } from "../transport/requestSpec.js";

/** A file on its way up. */
export interface Part {
  readonly name: string;
  /** Whether the name may travel only as `filename*`, whose slashes no server strips. */
  readonly isExtended: boolean;
  readonly size: number;
  /** Its content, where that is in memory. */
  readonly bytes?: Uint8Array | undefined;
  readonly open: () => Readable;
}

/** Bodies up to this size whose parts are in memory, and whose way nobody watches, are sent at once. */
const atOnceBytes = 256 * 1024;

/** Told of every piece that leaves. */
export type OnPiece = (part: Part, bytes: number) => void;

/** A `multipart/form-data` body of known length (`protocol.md` §6.1), which is made while it is sent unless it is small. */
export function multipartBody(parts: readonly Part[], onPiece: OnPiece | undefined): StreamBody {
  const boundary = `----backendai${randomBytes(12).toString("hex")}`;
  const heads = parts.map((part) => Buffer.from(headOf(part, boundary)));
  const tail = Buffer.from(`--${boundary}--\r\n`);
  const size = (buffers: readonly { readonly length: number }[]): number =>
    buffers.reduce((sum, { length }) => sum + length, 0);
  const bytes =
    size(heads) + size(parts.map((part) => ({ length: part.size + lineEnd.length }))) + tail.length;
  const contents = parts.flatMap((part) => part.bytes ?? []);
  const isAtOnce = onPiece === undefined && contents.length === parts.length && bytes <= atOnceBytes;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes,
    open: () =>
      isAtOnce
        ? Buffer.concat([
            ...contents.flatMap((content, index) => [heads[index] ?? lineEnd, content, lineEnd]),
            tail,
          ])
        : Readable.from(pieces(parts, heads, tail, onPiece), { objectMode: false }),
  };
}

const lineEnd = Buffer.from("\r\n");

async function* pieces(
  parts: readonly Part[],
  heads: readonly Buffer[],
  tail: Buffer,
  onPiece: OnPiece | undefined,
): AsyncGenerator<Uint8Array> {
  for (const [index, part] of parts.entries()) {
    yield heads[index] ?? lineEnd;
    let sent = 0;
    for await (const piece of part.open()) {
      const bytes = Buffer.from(piece as Uint8Array);
      sent += bytes.length;
      if (sent > part.size) {
        break;
      }
      yield bytes;
      onPiece?.(part, bytes.length);
    }
    if (sent !== part.size) {
      throw new ConfigurationError("files", `${part.name} changed its size while it was sent.`);
    }
    yield lineEnd;
  }
  yield tail;
}

/** Plain names go as every server reads them; others percent-encoded, as quotes and `%` in a quoted name are read differently. */
function headOf({ name, isExtended }: Part, boundary: string): string {
  const filename =
    isExtended || /["\\%\p{Cc}]/u.test(name)
      ? `filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*!]/g, percent)}`
      : `filename="${name}"`;
  return (
    `--${boundary}\r\nContent-Disposition: form-data; name="src"; ${filename}\r\n` +
    "Content-Type: application/octet-stream\r\n\r\n"
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
