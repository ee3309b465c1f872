import type { Context } from "../context.js";
import type { SessionCallOptions } from "../options.js";

/** Bytes of one piece, as the reference client has it. */
const defaultChunkBytes = 8192;

/** A task's log file in pieces of `chunkSize` bytes, the last one shorter. Leaving the loop early closes the connection. */
export async function* openTaskLogs(
  { transport, dialect }: Context,
  kernelId: string,
  options: SessionCallOptions & { readonly chunkSize?: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  const path = `${dialect.prefix}/_/logs`;
  const answer = await transport.send({
    method: "GET",
    path,
    route: path,
    query: { taskId: kernelId, owner_access_key: options.ownerAccessKey },
    signal: options.signal,
  });
  yield* inChunks(answer, options.chunkSize ?? defaultChunkBytes);
}

/** Cuts and joins pieces to `size` bytes each. */
async function* inChunks(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let waiting = Buffer.alloc(0);
  for await (const piece of pieces) {
    waiting = Buffer.concat([waiting, piece]);
    let start = 0;
    for (; waiting.length - start >= size; start += size) {
      yield waiting.subarray(start, start + size);
    }
    waiting = waiting.subarray(start);
  }
  if (waiting.length > 0) {
    yield waiting;
  }
}
