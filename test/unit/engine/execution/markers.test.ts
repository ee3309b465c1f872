import assert from "node:assert/strict";
import { BarrierMerge } from "../../../../src/engine/execution/runner/barrierMerge.js";
import { MarkerScanner, type Segment } from "../../../../src/engine/execution/runner/markerScanner.js";
import { parseRunnerEvent } from "../../../../src/engine/execution/runner/runnerMessages.js";

const marker = (mark: number): string => `\x1e\x1fBAI:tok:${mark.toString(16).padStart(8, "0")}\x1f\x1e`;

describe("marked streams", () => {
  it("finds markers however the stream is split", () => {
    const stream = Buffer.from(
      `a\x1e\x1f${marker(1)}${marker(2)}b\x1e\x1fBAI:other:00000001\x1f\x1e${marker(10)}`,
    );
    for (let size = 1; size <= stream.length; size += 1) {
      const scanner = new MarkerScanner("tok");
      const segments: Segment[] = [];
      for (let at = 0; at < stream.length; at += size) {
        segments.push(...scanner.write(stream.subarray(at, at + size)));
      }
      segments.push(...scanner.end());
      const text = segments.map((s) => (s.kind === "bytes" ? s.bytes.toString() : `<${s.mark}>`)).join("");
      assert.equal(text, "a\x1e\x1f<1><2>b\x1e\x1fBAI:other:00000001\x1f\x1e<10>");
    }
  });

  it("hands out text and events in the order of their making, whichever arrives first", () => {
    const seen: string[] = [];
    const merge = new BarrierMerge("tok", {
      text: (stream, text) => text !== "" && seen.push(`${stream}:${text}`),
      event: (event) => seen.push(event.op),
    });
    merge.write("stderr", Buffer.from(`${marker(1)}e${marker(2)}`));
    merge.event({ op: "sync", mark: 1 });
    merge.event({ op: "done", exit: 0, mark: 2 });
    assert.deepEqual(seen, []);
    merge.write("stdout", Buffer.from(`o${marker(1)}${marker(2)}p`));
    assert.deepEqual(seen, ["stdout:o", "sync", "stderr:e", "done", "stdout:p"]);
  });

  it("refuses messages that are none", () => {
    for (const line of ["", "[]", "{}", '{"op":"done","mark":1}', '{"op":"html","mark":1,"data":5}']) {
      assert.throws(() => parseRunnerEvent(line), { code: "PROTOCOL" });
    }
  });
});
