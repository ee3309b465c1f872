import { isAscii } from "node:buffer";

/**
 * The text of one stream of UTF-8, whose pieces split characters: what a streaming `TextDecoder` gives, mark at the beginning and
 * all. That one takes as long for plain text as decryption does, and makes strings of twice the size; most pieces are plain, and
 * are their text as they stand.
 */
export class TextStream {
  readonly #decoder = new TextDecoder();
  /** Whether the decoder keeps nothing of what came: neither half a character nor its wait for the mark. */
  #isWhole = false;

  /** The text of the next bytes, as far as its characters are whole. */
  take(bytes: Uint8Array): string {
    if (this.#isWhole && isAscii(bytes)) {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    }
    const last = bytes.at(-1);
    if (last !== undefined) {
      this.#isWhole = last < 0x80;
    }
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** What stands for half a character at the very end. */
  end(): string {
    return this.#decoder.decode();
  }
}
