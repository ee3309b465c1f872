import { AsyncQueue } from "../../base/asyncQueue.js";

/** A piece of a job's output. */
export interface JobPiece {
  readonly stream: "out" | "err";
  readonly bytes: Uint8Array;
}

/** Bytes that wait for the reader. */
const highWaterBytes = 1024 * 1024;

/** Bytes of one joined piece. */
const joinedBytes = 64 * 1024;

/** Pieces of one stream that wait, to be read as one. */
interface Batch {
  readonly stream: JobPiece["stream"];
  readonly pieces: Uint8Array[];
  size: number;
}

/**
 * Output between a connection and its one reader: bounded, and joined while it waits. sshd sends a flood in pieces of some
 * hundred bytes, each of which costs a reader more than its bytes do; so whoever is behind gets larger ones and catches up.
 */
export class PieceQueue implements AsyncIterable<JobPiece> {
  readonly #batches: AsyncQueue<Batch>;
  /** The newest one, while it may still grow. */
  #last: Batch | undefined;
  #isFull = false;

  /** @param onDrain Called when the source may go on. */
  constructor(onDrain: () => void) {
    this.#batches = new AsyncQueue<Batch>(highWaterBytes, () => {
      this.#isFull = false;
      onDrain();
    });
  }

  /** Adds a piece; `false` asks the source to pause until `onDrain`. */
  push({ stream, bytes }: JobPiece): boolean {
    const last = this.#last;
    if (last?.stream === stream && last.size + bytes.length <= joinedBytes) {
      last.pieces.push(bytes);
      last.size += bytes.length;
    } else {
      this.#last = { stream, pieces: [bytes], size: bytes.length };
      // It may grow up to its bound, and counts as that from the beginning.
      this.#isFull = !this.#batches.push(this.#last, Math.max(joinedBytes, bytes.length));
    }
    return !this.#isFull;
  }

  /** No more come; with an error, the reader gets it after the last piece. */
  end(error?: Error): void {
    this.#batches.end(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JobPiece, void, undefined> {
    for await (const batch of this.#batches) {
      if (batch === this.#last) {
        this.#last = undefined;
      }
      const [first, ...others] = batch.pieces;
      if (first !== undefined) {
        yield { stream: batch.stream, bytes: others.length === 0 ? first : Buffer.concat(batch.pieces) };
      }
    }
  }
}
