import assert from "node:assert/strict";
import { type JobPiece, PieceQueue } from "../../../../src/run/jobs/pieceQueue.js";

describe("PieceQueue", () => {
  const piece = (stream: JobPiece["stream"], text: string): JobPiece => ({
    stream,
    bytes: Buffer.from(text),
  });
  const words = ({ stream, bytes }: JobPiece): string => `${stream} ${Buffer.from(bytes).toString("latin1")}`;

  const all = async (queue: PieceQueue): Promise<string[]> => {
    const read: string[] = [];
    for await (const next of queue) {
      read.push(words(next));
    }
    return read;
  };

  it("joins what waits, each stream by itself and in order", async () => {
    const queue = new PieceQueue(() => undefined);
    for (const each of [piece("out", "a"), piece("out", "b"), piece("err", "c"), piece("out", "d")]) {
      queue.push(each);
    }
    queue.end();
    assert.deepEqual(await all(queue), ["out ab", "err c", "out d"]);
  });

  it("hands out at once what a reader waits for, and adds nothing to what was read", async () => {
    const queue = new PieceQueue(() => undefined);
    const reader = queue[Symbol.asyncIterator]();
    for (const text of ["a", "b", "c"]) {
      const next = reader.next();
      queue.push(piece("out", text));
      const { value } = await next;
      assert.equal(value && words(value), `out ${text}`);
    }
    queue.end();
    assert.equal((await reader.next()).done, true);
  });

  it("loses and doubles nothing, however reader and source take turns", async () => {
    const queue = new PieceQueue(() => undefined);
    const reading = all(queue);
    let expected = "";
    for (let n = 0; n < 2000; n += 1) {
      queue.push(piece("out", `${n},`));
      expected += `${n},`;
      for (let tick = 0; tick < n % 13; tick += 1) {
        await Promise.resolve();
      }
    }
    queue.end();
    assert.equal((await reading).map((read) => read.slice(4)).join(""), expected);
  });

  it("asks its source to wait when a megabyte waits, in whatever pieces, and to go on when half of it is read", async () => {
    for (const size of [300, 30_000, 3_000_000]) {
      let drains = 0;
      const queue = new PieceQueue(() => (drains += 1));
      let pushed = 0;
      do {
        pushed += size;
      } while (queue.push(piece("out", "x".repeat(size))) && pushed < 10_000_000);
      assert.ok(pushed <= 1_100_000 + size, `${pushed} bytes in pieces of ${size}`);
      queue.end();
      const read = await all(queue);
      assert.equal(
        read.reduce((sum, text) => sum + text.length - 4, 0),
        pushed,
      );
      assert.equal(drains, 1);
    }
  });

  it("gives its error behind the last piece", async () => {
    const queue = new PieceQueue(() => undefined);
    queue.push(piece("out", "last"));
    queue.end(new Error("lost"));
    const reader = queue[Symbol.asyncIterator]();
    assert.equal((await reader.next()).done, false);
    await assert.rejects(reader.next(), /lost/);
  });
});
