import assert from "node:assert/strict";
import fc from "fast-check";
import { LogScreen, plainText } from "../../../../src/sessions/logs/logScreen.js";
import { recordingsOf } from "../../golden/recordings.js";
import { makeTerminal } from "../../terminal/support/headlessScreen.js";

function screenOf(...pieces: readonly string[]): LogScreen {
  const screen = new LogScreen();
  pieces.forEach((piece) => screen.write(piece));
  return screen;
}

/** Spans as `start-end color`. */
function colors({ lines }: LogScreen): readonly string[] {
  return lines.flatMap(({ spans }) =>
    spans.map(({ start, end, style }) => `${String(start)}-${String(end)} ${style.color ?? "plain"}`),
  );
}

describe("LogScreen", () => {
  it("takes escape sequences out of the text and keeps their colours", () => {
    const screen = screenOf(
      "a \x1b[31mred\x1b[0m b\n\x1b[1;38;5;208morange\x1b[m \x1b[38;2;1;2;3mown\x1b[39m.",
    );
    assert.deepEqual(
      screen.lines.map(({ text }) => text),
      ["a red b", "orange own."],
    );
    assert.deepEqual(colors(screen), ["2-5 ansiRed", "0-6 #ff8700", "7-10 #010203"]);
    assert.equal(screen.lines[1]?.spans[0]?.style.isBold, true);
  });

  it("shows of a progress bar what it came to", () => {
    assert.equal(plainText("  0%\r 50%\r100% done\nnext\r\n"), "100% done\nnext\n");
    assert.equal(plainText("long line\rshort\x1b[K\n"), "short\n");
    assert.equal(plainText("one\ntwo\n\x1b[2A\x1b[2K1\n\x1b[2K2\n"), "1\n2\n");
  });

  it("writes over colours as over text", () => {
    assert.deepEqual(colors(screenOf("\x1b[31mabcdef\x1b[0m\rxy")), ["2-6 ansiRed"]);
    assert.deepEqual(colors(screenOf("\x1b[31mabcdef\r\x1b[32mxy")), ["0-2 ansiGreen", "2-6 ansiRed"]);
  });

  it("drops titles, links and sequences that it does not know, whole or cut off", () => {
    assert.equal(
      plainText("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\\x1b(Bc\x1b[?25ld\x07e\x7f"),
      "abcde",
    );
    assert.equal(plainText("a\x1b[31"), "a");
  });

  it("keeps what was printed when a program clears the screen", () => {
    assert.equal(plainText("first\n\x1b[2J\x1b[Hsecond"), "first\nsecond");
  });

  it("reads output the same however it is cut into pieces", () => {
    const tokens = fc.constantFrom(
      "ab",
      "é🎉",
      "\r",
      "\n",
      "\r\n",
      "\x1b[31m",
      "\x1b[0m",
      "\x1b]0;t\x07",
      "\x1b[K",
      "\b",
      "\x1b[A",
    );
    fc.assert(
      fc.property(
        fc.array(tokens, { maxLength: 30 }),
        fc.array(fc.nat(80), { maxLength: 8 }),
        (parts, cuts) => {
          const text = parts.join("");
          const places = [...cuts.filter((cut) => cut < text.length), 0, text.length].sort((a, b) => a - b);
          const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
          assert.deepEqual(screenOf(...pieces).lines, screenOf(text).lines);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("leaves the same lines as VS Code's terminal", async () => {
    const tokens = fc.constantFrom(
      ...[
        "one",
        "x",
        "  ",
        "\r",
        "\n",
        "\r\n",
        "\b",
        "\x1b[K",
        "\x1b[1K",
        "\x1b[2K",
        "\x1b[A",
        "\x1b[2A",
        "\x1b[F",
      ],
      ...["\x1b[C", "\x1b[3C", "\x1b[D", "\x1b[4G", "\x1b[J", "\x1b[31m", "\x1b[0m"],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(tokens, { maxLength: 40 }), async (parts) => {
        const terminal = makeTerminal({ rows: 60, cols: 200, convertEol: true });
        await new Promise<void>((resolve) => terminal.write(parts.join(""), resolve));
        const shown = Array.from({ length: 60 }, (_, row) =>
          terminal.buffer.active.getLine(row)?.translateToString(true),
        );
        terminal.dispose();
        const { lines } = screenOf(parts.join(""));
        const ours = Array.from({ length: 60 }, (_, row) => (lines[row]?.text ?? "").trimEnd());
        assert.deepEqual(
          ours,
          shown.map((line) => line?.trimEnd()),
        );
      }),
    );
  });

  it("cuts the oldest lines and goes on where it was", () => {
    const screen = screenOf(Array.from({ length: 100 }, (_, n) => `line ${String(n)}`).join("\n"));
    const before = screen.size;
    const dropped = screen.cut(50);
    assert.equal(screen.size, before - dropped);
    assert.ok(screen.size <= 50 && screen.lines.length > 1);
    screen.write("!\nlast");
    assert.deepEqual(
      screen.lines.slice(-2).map(({ text }) => text),
      ["line 99!", "last"],
    );
    assert.equal(screen.size, screen.lines.map(({ text }) => text).join("\n").length);
  });

  it("leaves no control character of the logs of real containers, and finds their colours", () => {
    const logs = ["23.09", "24.09", "26.8"].flatMap(recordingsOf).flatMap(({ path, body }) => {
      const text = /\/logs(\?|$)/.test(path) ? (body?.toString() ?? "") : "";
      return text.startsWith('{"result"')
        ? [(JSON.parse(text) as { result: { logs: string } }).result.logs]
        : [];
    });
    assert.ok(logs.length >= 5);
    for (const log of logs) {
      const screen = screenOf(log);
      assert.doesNotMatch(screen.lines.map(({ text }) => text).join(""), /[\x00-\x08\x0a-\x1f\x7f]/);
      assert.match(screen.lines.map(({ text }) => text).join("\n"), /^Kernel started at/m);
    }
    assert.ok(logs.some((log) => colors(screenOf(log)).some((color) => color.endsWith("ansiMagenta"))));
  });
});
