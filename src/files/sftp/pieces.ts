/** Bytes gathered into pieces of exactly `size`, but for the last one; larger ones are cut. */
export async function* gathered(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const piece of pieces) {
    let bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    while (restBytes + bytes.length >= size) {
      const missing = size - restBytes;
      const head = bytes.subarray(0, missing);
      yield rest.length === 0 ? head : Buffer.concat([...rest, head]);
      [rest, restBytes, bytes] = [[], 0, bytes.subarray(missing)];
    }
    if (bytes.length > 0) {
      rest.push(bytes);
      restBytes += bytes.length;
    }
  }
  if (restBytes > 0) {
    yield Buffer.concat(rest);
  }
}

/**
 * Answers in the order of their questions, with up to `atOnce` of them under way. What was asked and is not taken any more is
 * let go of.
 * @param ask The next question; `undefined` after the last.
 */
export async function* inOrder<T>(
  atOnce: number,
  ask: () => Promise<T> | undefined,
): AsyncGenerator<T, void, undefined> {
  const waiting: Promise<T>[] = [];
  let isMore = true;
  while (isMore || waiting.length > 0) {
    while (isMore && waiting.length < atOnce) {
      const answer = ask();
      isMore = answer !== undefined;
      if (answer !== undefined) {
        answer.catch(() => undefined); // it is awaited in its turn
        waiting.push(answer);
      }
    }
    const next = waiting.shift();
    if (next !== undefined) {
      yield await next;
    }
  }
}
