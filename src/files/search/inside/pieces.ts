/** A piece of a stream between two of the bytes that separate. */
export interface Piece {
  readonly bytes: Buffer;
  /** The byte after it; `undefined` at the end of the stream. */
  readonly end: number | undefined;
  /** Whether its rest was left out, as it is longer than the limit. */
  readonly isCut: boolean;
}

/** Cuts a stream at separating bytes, which may be other ones for each piece. Memory is bounded by the longest piece allowed. */
export class PieceReader {
  /** Bytes that end the piece under way. */
  separators: readonly number[];
  readonly #limitBytes: number;
  #held: Buffer[] = [];
  #size = 0;

  constructor(separators: readonly number[], limitBytes: number) {
    this.separators = separators;
    this.#limitBytes = limitBytes;
  }

  /** The pieces that end in these bytes. */
  *push(bytes: Uint8Array): Generator<Piece, void, undefined> {
    let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (;;) {
      const at = firstOf(rest, this.separators);
      if (at < 0) {
        this.#hold(rest);
        return;
      }
      this.#hold(rest.subarray(0, at));
      yield this.#take(rest[at]);
      rest = rest.subarray(at + 1);
    }
  }

  /** What came after the last separator, if something did. */
  end(): Piece | undefined {
    return this.#size > 0 ? this.#take(undefined) : undefined;
  }

  #hold(bytes: Buffer): void {
    const room = this.#limitBytes - this.#size;
    if (room > 0 && bytes.length > 0) {
      this.#held.push(Buffer.from(bytes.subarray(0, room)));
    }
    this.#size += bytes.length;
  }

  #take(end: number | undefined): Piece {
    const piece = { bytes: Buffer.concat(this.#held), end, isCut: this.#size > this.#limitBytes };
    this.#held = [];
    this.#size = 0;
    return piece;
  }
}

function firstOf(bytes: Buffer, separators: readonly number[]): number {
  const places = separators.map((separator) => bytes.indexOf(separator)).filter((at) => at >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}
