/** The bytes of a websocket message, in whichever of the library's forms it came. */
export function bytesOf(data: Buffer | ArrayBuffer | readonly Buffer[]): Buffer {
  if (data instanceof ArrayBuffer) {
    return Buffer.from(data);
  }
  return Buffer.isBuffer(data) ? data : Buffer.concat(data);
}
