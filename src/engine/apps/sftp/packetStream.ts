/** Cuts a stream of bytes into packets: what follows their length, type first. */
export class PacketStream {
  readonly #limitBytes: number;
  /** The head or the packet that is being gathered. */
  #part: Buffer = Buffer.allocUnsafe(4);
  #filled = 0;
  #isHead = true;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The packets that `bytes` complete; `undefined` for one that is empty or too large: the rest can't be read either. */
  push(bytes: Buffer): Buffer[] | undefined {
    const packets: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const copied = bytes.copy(this.#part, this.#filled, at, at + this.#part.length - this.#filled);
      at += copied;
      this.#filled += copied;
      if (this.#filled < this.#part.length) {
        break;
      }
      const whole = this.#part;
      let next = 4;
      if (this.#isHead) {
        next = whole.readUInt32BE();
        if (next === 0 || next > this.#limitBytes) {
          return undefined;
        }
      } else {
        packets.push(whole);
      }
      this.#part = Buffer.allocUnsafe(next);
      this.#filled = 0;
      this.#isHead = !this.#isHead;
    }
    return packets;
  }
}
