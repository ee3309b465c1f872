import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { RunPrinter } from "../../../../src/run/screen/runPrinter.js";
import { costRatio } from "../../../support/costRatio.js";

/** What programs print, in pieces that end anywhere. */
const pieces = fc.array(
  fc
    .array(fc.constantFrom("a", "한", "\n", "\r\n", "\x1b[31m", "\x1b[39m", "Name: ", "x".repeat(400)))
    .map((parts) => parts.join("")),
);

describe("RunPrinter", () => {
  it("knows where the last line stands, however the text came", () => {
    fc.assert(
      fc.property(pieces, (texts) => {
        const printer = new RunPrinter(() => undefined);
        texts.forEach((text) => printer.print(text));
        const all = texts.join("");
        const line = stripVTControlCharacters(all.slice(all.lastIndexOf("\n") + 1));
        assert.ok(line.endsWith(printer.lastLine));
        assert.ok(printer.lastLine.length === line.length || printer.lastLine.length > 400);
      }),
    );
  });

  it("ends a line that is open before words of ours, and no other", () => {
    let shown = "";
    const printer = new RunPrinter((text) => (shown += text));
    printer.show({ type: "output", stream: "stdout", text: "50 %" });
    printer.show({ type: "connectionLost", reason: "gone" });
    assert.match(shown, /^50 %\r\n\x1b\[2m\[the connection was lost[^\n]*\]\x1b\[22m\r\n$/);
    printer.show({ type: "connectionBack" });
    printer.show({ type: "output", stream: "stderr", text: "failed\n" });
    printer.remark("that is all");
    assert.doesNotMatch(shown, /\n(\x1b\[\d*m)*\r\n/);
    assert.ok(printer.atLineStart);
  });

  it("costs little beside the decoding of what it prints", () => {
    const line = `${"x".repeat(99)}\n`;
    const bytes = Buffer.from(line.repeat(650));
    const printer = new RunPrinter(() => undefined);
    const text = (): string => bytes.toString("utf8");
    const ratio = costRatio(
      () => printer.show({ type: "output", stream: "stdout", text: text() }),
      () => /[\x1b\x90\x9b\x9d]/.exec(text().replace(/\r?\n/g, "\r\n")),
    );
    assert.ok(ratio < 0.9, `${ratio.toFixed(2)} of two plain searches`);
  });
});
