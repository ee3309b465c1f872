/** SFTP by hand, to send requests without waiting for answers; numbers of draft-ietf-secsh-filexfer-02. */
const [init, read, stat] = [1, 5, 17] as const;

/** A greeting, then `count` requests with ids from 1 on: by turns one that has to look at the disk, and one that has not. */
export function pipelinedRequests(count: number): Buffer {
  const requests = Array.from({ length: count }, (_, at) => {
    const id = uint32(at + 1);
    return at % 2 === 0
      ? packet(stat, id, string("."))
      : packet(read, id, string("no such handle"), uint32(0), uint32(0), uint32(1));
  });
  return Buffer.concat([packet(init, uint32(3)), ...requests]);
}

/** The ids of the answers as they come, without the one to the greeting. */
export async function* answeredIds(stream: AsyncIterable<Buffer>): AsyncGenerator<number> {
  let bytes = Buffer.alloc(0);
  let isGreeted = false;
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE()) {
      if (isGreeted) {
        yield bytes.readUInt32BE(5);
      }
      isGreeted = true;
      bytes = bytes.subarray(4 + bytes.readUInt32BE());
    }
  }
}

function packet(type: number, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.of(type), ...fields]);
  return Buffer.concat([uint32(body.length), body]);
}

function string(text: string): Buffer {
  return Buffer.concat([uint32(text.length), Buffer.from(text, "latin1")]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
