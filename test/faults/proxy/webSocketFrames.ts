import { ByteReader } from "./byteReader.js";

/** Splits what a server sends on a websocket into its frames, each with its header. Servers mask nothing (RFC 6455 §5.1). */
export async function* framesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new ByteReader(bytes);
  for (;;) {
    const head = await reader.exactly(2);
    if (head.length < 2) {
      return;
    }
    const short = (head[1] ?? 0) & 0x7f;
    const extension = await reader.exactly(short === 126 ? 2 : short === 127 ? 8 : 0);
    const length =
      short === 126 ? extension.readUInt16BE() : short === 127 ? Number(extension.readBigUInt64BE()) : short;
    yield Buffer.concat([head, extension, await reader.exactly(length)]);
  }
}

/** Whether a frame carries a message, or a part of one: not a ping, a pong or a close. */
export function isData(frame: Buffer): boolean {
  return ((frame[0] ?? 0) & 0x08) === 0;
}
