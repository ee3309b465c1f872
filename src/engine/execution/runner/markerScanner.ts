/** A piece of a marked stream: bytes, or the number of a marker. */
export type Segment =
  { readonly kind: "bytes"; readonly bytes: Buffer } | { readonly kind: "mark"; readonly mark: number };

const numberLength = 8;
const tail = Buffer.from("\x1f\x1e");

/** Finds the markers of one runner in a byte stream, also those split over chunks. The token is private to the runner. */
export class MarkerScanner {
  readonly #head: Buffer;
  #rest: Buffer = Buffer.alloc(0);

  constructor(token: string) {
    this.#head = Buffer.from(`\x1e\x1fBAI:${token}:`);
  }

  write(chunk: Buffer): Segment[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const segments: Segment[] = [];
    let from = 0;
    for (let at = bytes.indexOf(this.#head); at >= 0; at = bytes.indexOf(this.#head, from)) {
      const end = at + this.#head.length + numberLength + tail.length;
      if (end > bytes.length) {
        break;
      }
      pushBytes(segments, bytes.subarray(from, at));
      const digits = bytes.toString("latin1", at + this.#head.length, at + this.#head.length + numberLength);
      segments.push({ kind: "mark", mark: Number.parseInt(digits, 16) });
      from = end;
    }
    const keep = this.#possibleStart(bytes, from);
    pushBytes(segments, bytes.subarray(from, keep));
    this.#rest = bytes.subarray(keep);
    return segments;
  }

  /** What looked like the beginning of a marker when the stream ended. */
  end(): Segment[] {
    const segments: Segment[] = [];
    pushBytes(segments, this.#rest);
    this.#rest = Buffer.alloc(0);
    return segments;
  }

  /** Where at the end of `bytes` an unfinished marker may begin. */
  #possibleStart(bytes: Buffer, from: number): number {
    const whole = bytes.indexOf(this.#head, from);
    if (whole >= 0) {
      return whole;
    }
    const first = Math.max(from, bytes.length - this.#head.length + 1);
    for (let at = first; at < bytes.length; at += 1) {
      if (this.#head.subarray(0, bytes.length - at).equals(bytes.subarray(at))) {
        return at;
      }
    }
    return bytes.length;
  }
}

function pushBytes(segments: Segment[], bytes: Buffer): void {
  if (bytes.length > 0) {
    segments.push({ kind: "bytes", bytes });
  }
}
