/** What goes out at once, at most about; the kernel gives the output of a terminal in pieces of 4 KiB. */
const fullBytes = 32 * 1024;

/** Gathers small pieces of output into larger ones as long as the engine has others to read; the first goes out at once. */
export class OutputGatherer {
  readonly #send: (chunks: readonly Buffer[]) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  #isGathering = false;

  constructor(send: (chunks: readonly Buffer[]) => void) {
    this.#send = send;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (!this.#isGathering || this.#size >= fullBytes) {
      this.flush();
    }
  }

  flush(): void {
    if (this.#size === 0) {
      return;
    }
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#size = 0;
    this.#isGathering = true;
    this.#send(chunks);
    setImmediate(() => {
      this.#isGathering = false;
      this.flush();
    });
  }
}
