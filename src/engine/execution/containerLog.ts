/** What the session's processes printed, bounded: the oldest is dropped. */
export class ContainerLog {
  readonly #limitBytes: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  append(text: string): void {
    const bytes = Buffer.from(text);
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.length + bytes.length <= 4096) {
      this.#chunks[this.#chunks.length - 1] = Buffer.concat([last, bytes]);
    } else {
      this.#chunks.push(bytes);
    }
    this.#size += bytes.length;
    this.#trim();
  }

  /** The newest part, beginning with a whole character. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    let start = Math.max(0, bytes.length - this.#limitBytes);
    while (start > 0 && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
      start += 1;
    }
    return bytes.toString("utf8", start);
  }

  #trim(): void {
    for (;;) {
      const first = this.#chunks[0];
      if (first === undefined || this.#size - first.length < this.#limitBytes) {
        return;
      }
      this.#size -= first.length;
      this.#chunks.shift();
    }
  }
}
