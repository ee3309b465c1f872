/** Bytes of a stream, taken as a parser needs them. One reader alone. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #pending: Promise<boolean> | undefined;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** What has arrived, at least a byte; `undefined` at the end. It stays to be taken. */
  async peek(): Promise<Buffer | undefined> {
    return this.#rest.length > 0 || (await this.#more()) ? this.#rest : undefined;
  }

  /** What has arrived, at most `limit` bytes; `undefined` at the end. */
  async some(limit = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    const all = await this.peek();
    return all === undefined ? undefined : this.#take(Math.min(limit, all.length));
  }

  /** All up to and with `mark`; `undefined` when the stream ends before it, or has `limitBytes` without it. */
  async through(mark: string, limitBytes = 65_536): Promise<Buffer | undefined> {
    for (;;) {
      const at = this.#rest.indexOf(mark, 0, "latin1");
      if (at >= 0) {
        return this.#take(at + mark.length);
      }
      if (this.#rest.length > limitBytes || !(await this.#more())) {
        return undefined;
      }
    }
  }

  /** Exactly that many; fewer at the end. */
  async exactly(count: number): Promise<Buffer> {
    while (this.#rest.length < count && (await this.#more())) {
      // goes on
    }
    return this.#take(Math.min(count, this.#rest.length));
  }

  /** Everything that is still to come, as it comes. */
  async *all(): AsyncGenerator<Buffer> {
    for (let piece = await this.some(); piece !== undefined; piece = await this.some()) {
      yield piece;
    }
  }

  #take(count: number): Buffer {
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }

  /** Whether more has come; several may wait for the same. */
  async #more(): Promise<boolean> {
    this.#pending ??= this.#read().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #read(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) {
      return false;
    }
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}
