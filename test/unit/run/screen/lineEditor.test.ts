import assert from "node:assert/strict";
import { LineEditor, type LineEvent } from "../../../../src/run/screen/lineEditor.js";

describe("LineEditor", () => {
  function editor(): { readonly editor: LineEditor; readonly echoed: () => string } {
    let echoed = "";
    const created = new LineEditor((text) => {
      echoed += text;
    });
    return { editor: created, echoed: () => echoed };
  }

  const table: readonly [name: string, keys: string, line: string, echo: string][] = [
    ["a plain line", "hello\r", "hello", "hello\r\n"],
    ["backspace", "heko\x7f\x7fllo\r", "hello", "heko\b \b\b \bllo\r\n"],
    ["backspace at the start", "\x7fa\r", "a", "a\r\n"],
    ["backspace over a wide character", "가나\x7f\r", "가", "가나\b \b\b \b\r\n"],
    ["Ctrl-U", "abc\x15x\r", "x", "abc\b \b\b \b\b \bx\r\n"],
    ["Ctrl-W", "ab cd\x17x\r", "ab x", "ab cd\b \b\b \bx\r\n"],
    ["cursor keys are ignored", "a\x1b[Db\x1bOA\r", "ab", "ab\r\n"],
    [
      "what the screen answers is not typed",
      "a\x1b[?1;2c\x1b]10;rgb:ff/ff/ff\x1b\\\x1b[3;1Rb\r",
      "ab",
      "ab\r\n",
    ],
    ["nor is a clipboard that was asked for", "\x1b]52;c;c2VjcmV0\x07\r", "", "\r\n"],
    ["an unknown control key rings the bell", "a\x04\r", "a", "a\x07\r\n"],
  ];
  for (const [name, keys, line, echo] of table) {
    it(name, async () => {
      const { editor: subject, echoed } = editor();
      await subject.load();
      subject.begin(false);
      assert.deepEqual(subject.feed(keys), [{ type: "line", text: line }] satisfies LineEvent[]);
      assert.equal(echoed(), echo);
    });
  }

  it("does not echo a password", () => {
    const { editor: subject, echoed } = editor();
    subject.begin(true);
    assert.deepEqual(subject.feed("secrets\x7f\r"), [{ type: "line", text: "secret" }]);
    assert.equal(echoed(), "\r\n");
  });

  it("keeps what is typed ahead for the next question, a line for each", () => {
    const { editor: subject } = editor();
    assert.deepEqual(subject.feed("first\rsecond\r"), []);
    assert.deepEqual(subject.begin(false), [{ type: "line", text: "first" }]);
    assert.deepEqual(subject.begin(false), [{ type: "line", text: "second" }]);
    assert.deepEqual(subject.begin(false), []);
  });

  it("bounds type-ahead and rings the bell past the bound", () => {
    const { editor: subject, echoed } = editor();
    subject.feed("x".repeat(5000));
    assert.equal(echoed(), "\x07".repeat(904));
  });

  it("turns Ctrl-C into an interrupt whether or not anyone reads, and forgets what was typed", () => {
    const { editor: subject } = editor();
    assert.deepEqual(subject.feed("abc\x03"), [{ type: "interrupt" }]);
    assert.deepEqual(subject.begin(false), []);
    assert.deepEqual(subject.feed("de\x03f\r"), [{ type: "interrupt" }, { type: "line", text: "f" }]);
  });
});
