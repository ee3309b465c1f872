import assert from "node:assert/strict";
import type { Terminal } from "@xterm/headless";
import fc from "fast-check";
import { EscapeScanner } from "../../../src/base/screen/escapeScanner.js";
import { OutputPacer } from "../../../src/base/screen/outputPacer.js";
import { TitleScanner } from "../../../src/terminal/screen/titleScanner.js";
import { notice, plainText } from "../../../src/terminal/screen/words.js";
import { until } from "../../support/until.js";
import { makeTerminal } from "./support/headlessScreen.js";

/** Output of terminals in tokens: text, controls, sequences whole and broken. */
const tokens = [
  "x",
  "한",
  "e\u0301",
  "7;1",
  "m",
  "\n",
  "\r",
  "\x07",
  "\x08",
  "\x18",
  "\x1a",
  "\x7f",
  "\x1b",
  "\x1b\\",
  "\x1b[",
  "\x1b[31m",
  "\x1b[?2004h",
  "\x1b[38;2;1;2;3m",
  "\x1b]",
  "\x1b]0;title\x07",
  "\x1b]2;title\x1b\\",
  "\x1b]8;;https://example.com\x1b\\",
  "\x1bP",
  "\x1bPtmux;\x1b\x1b]0;a\x07\x1b\\",
  "\x1bX",
  "\x1b^",
  "\x1b_",
  "\x1b(",
  "\x1b(B",
  "\x1b#8",
  "\x1b7",
  "\x1bM",
  "(",
  "[",
  "]",
  "P",
  "\\",
  "\x84",
  "\x90",
  "\x98",
  "\x9b",
  "\x9c",
  "\x9d",
  "\x9e",
  "\x9f",
];
const output = fc.array(fc.constantFrom(...tokens), { maxLength: 12 }).map((parts) => parts.join(""));
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 60 });

/** `text` in pieces of these sizes, then the rest. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return [...pieces, text.slice(at)];
}

function isBetween(...pieces: readonly string[]): boolean {
  const scanner = new EscapeScanner();
  pieces.forEach((piece) => scanner.take(piece));
  return scanner.isBetween;
}

function written(terminal: Terminal, text: string): Promise<void> {
  return new Promise((resolve) => terminal.write(text, resolve));
}

describe("EscapeScanner", () => {
  const table = [
    ["plain text\r\n", true],
    ["\x1b", false],
    ["\x1b[", false],
    ["\x1b[1;31", false],
    ["\x1b[1;31m", true],
    ["\x1b[1\n", false],
    ["\x1b(", false],
    ["\x1b(B", true],
    ["\x1b([", true],
    ["\x1b\n", false],
    ["\x1b]0;title", false],
    ["\x1b]0;title\x07", true],
    ["\x1b]0;title\x1b", false],
    ["\x1b]0;title\x1b\\", true],
    ["\x1b]0;title\x1b[1", false],
    ["\x1bPq#0", false],
    ["\x1bPq#0\x07", false],
    ["\x1bPq#0\x1b\\", true],
    ["\x1b_Gdata\x07", false],
    ["\x1b[1\x18", true],
    ["\x1b]0;title\x1a", true],
    ["\x1b[1\x1b", false],
    ["\x9b1", false],
    ["\x9b1m", true],
  ] as const;
  for (const [text, expected] of table) {
    it(`is ${expected ? "between" : "inside"} after ${JSON.stringify(text)}`, () => {
      assert.equal(isBetween(text), expected);
    });
  }

  it("says the same wherever the pieces are cut", () => {
    fc.assert(
      fc.property(output, sizes, (text, lengths) => {
        assert.equal(isBetween(...cut(text, lengths)), isBetween(text));
      }),
      { numRuns: 3000 },
    );
  });

  it("is between sequences exactly where a terminal would print the next character", async () => {
    const terminal = makeTerminal({ rows: 4, cols: 200, logLevel: "off" });
    await fc.assert(
      fc.asyncProperty(output, async (text) => {
        await written(terminal, `\x18\x1bc${text}`); // ends what the text before has begun, and clears the screen
        const { active } = terminal.buffer;
        const { cursorX, cursorY, baseY } = active;
        await written(terminal, "5"); // neither the end nor an error of any sequence
        const { cursorX: nextX, cursorY: nextY, baseY: nextBase } = active;
        const hasPrinted = nextX !== cursorX || nextY !== cursorY || nextBase !== baseY;
        if (isBetween(text)) {
          assert.ok(hasPrinted, "nothing may be put in here");
        } else if (!/[^\x00-\x9f]/.test(text)) {
          assert.ok(!hasPrinted, "something could be put in here"); // xterm ends some sequences at what is no Latin
        }
      }),
      { numRuns: 700 },
    );
  });
});

describe("TitleScanner", () => {
  const titlesIn = (...pieces: readonly string[]): string | undefined => {
    const scanner = new TitleScanner();
    return pieces.map((piece) => scanner.take(piece)).findLast((title) => title !== undefined);
  };

  it("finds the last title, ended by BEL or ST, and no other string", () => {
    assert.equal(titlesIn("a\x1b]0;one\x07b\x1b]2;two\x1b\\c"), "two");
    assert.equal(titlesIn("\x1b]2;한국어 ☃\x07"), "한국어 ☃");
    assert.equal(titlesIn("\x1b]2;\x07"), "");
    assert.equal(titlesIn("\x1b]8;;https://x\x07link\x1b]1;icon\x07\x1b]0;broken\x1b[m"), undefined);
  });

  it("finds it wherever the pieces are cut", () => {
    const text = fc
      .array(fc.constantFrom(...tokens, "y".repeat(1100)), { maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 1200 }), { maxLength: 12 }),
        sizes,
        (whole, far, near) => {
          fc.pre(!/\x1b\][02];[^\x07\x1b]{1000}/.test(whole)); // too long to wait for
          assert.equal(titlesIn(...cut(whole, far)), titlesIn(whole));
          assert.equal(titlesIn(...cut(whole, near)), titlesIn(whole));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("keeps titles short, and waits for no end of one that has none", () => {
    assert.equal(titlesIn(`\x1b]0;${"x".repeat(500)}\x07`)?.length, 200);
    const scanner = new TitleScanner();
    for (let n = 0; n < 2000; n += 1) {
      scanner.take(n === 0 ? "\x1b]0;" : "x".repeat(1000));
    }
    assert.equal(scanner.take("\x07\x1b]0;next\x07"), "next");
  });
});

describe("words of the extension", () => {
  it("can't steer the terminal, and take the place of the last ones when told to", () => {
    assert.equal(plainText("a\x1b[31m\r\nb\x9bc\x00"), "a [31m b c ");
    assert.equal(notice("x", { tone: "note", replacesLast: false }), "\r\n\x1b[2mx\x1b[0m");
    assert.equal(notice("x\x07", { tone: "trouble", replacesLast: true }), "\r\x1b[K\x1b[33mx \x1b[0m");
  });
});

describe("OutputPacer", () => {
  /** Two megabytes of what programs print, in pieces cut anywhere. */
  function output2MB(): string[] {
    const lines = Array.from({ length: 400 }, (_, n) =>
      [
        `\x1b[38;5;${n % 256}m${n} 한국어 e\u0301 👩‍💻 `,
        `\x1b]8;id=${n};https://example.com/${"p".repeat(n % 90)}\x1b\\link\x1b]8;;\x1b\\`,
        `\x1b]2;title ${n}\x07\x1b[${1 + (n % 20)};${1 + (n % 60)}H\x1b[0m`,
        n % 5 === 0 ? "\r\n" : `x\x1b[${n % 7}b`,
      ].join(""),
    ).join("");
    const all = lines.repeat(Math.ceil(2_000_000 / lines.length));
    return cut(
      all,
      Array.from({ length: 1000 }, (_, n) => 1 + ((n * 7919) % 4000)),
    );
  }

  function screenOf(terminal: Terminal): string[] {
    const { active } = terminal.buffer;
    const cell = active.getNullCell();
    return Array.from({ length: active.length }, (_, y) => {
      const line = active.getLine(y)!;
      return Array.from({ length: terminal.cols }, (__, x) => {
        line.getCell(x, cell);
        return `${cell.getChars()}:${cell.getFgColor()}`;
      }).join("|");
    });
  }

  it("changes nothing on the screen, and lets no more be on its way than the screen soon draws", async () => {
    const pieces = output2MB();
    const plain = makeTerminal();
    for (const piece of pieces) {
      await written(plain, piece);
    }
    const paced = makeTerminal();
    let typed = "";
    let questions = 0;
    let handed = 0;
    let drawn = 0;
    let most = 0;
    const pacer = new OutputPacer((text) => {
      handed += text.length;
      questions += text.split("\x1b[?7411$p").length - 1;
      paced.write(text, () => (drawn += text.length));
    });
    paced.onData((data) => (typed += pacer.input(data)));
    for (const piece of pieces) {
      await pacer.write(piece);
      most = Math.max(most, handed - drawn);
    }
    await written(paced, "");
    assert.ok(questions >= 25, `${questions} questions`);
    assert.ok(most <= 4 * 64 * 1024 + 2 * 4000 + 1024, `${most} characters were on their way`);
    assert.equal(typed, "", "receipts are nothing that a person typed");
    assert.deepEqual(screenOf(paced), screenOf(plain));
  });

  it("does not part a character from what combines with it or repeats it", async () => {
    for (const [first, second] of [
      ["x\r\ne", "\u0301\r\n"],
      ["x\r\ny", "\x1b[5b\r\n"],
    ] as const) {
      const plain = makeTerminal();
      await written(plain, first + second);
      const paced = makeTerminal();
      const pacer = new OutputPacer((text) => paced.write(text), { receiptEvery: 1, receiptLimit: 9 });
      await pacer.write(first);
      await pacer.write(second);
      await written(paced, "");
      assert.deepEqual(screenOf(paced), screenOf(plain));
    }
  });

  it("takes receipts out of what was typed, and nothing else", () => {
    const pacer = new OutputPacer(() => undefined);
    const receipt = "\x1b[?7411;0$y";
    assert.equal(pacer.input(receipt), "");
    assert.equal(pacer.input(`a${receipt}b${receipt}${receipt}\x1b[A`), "ab\x1b[A");
    for (const other of ["\x1b[?2026;2$y", "\x1b[?7411;", "\x1b[?7411;0$", "7411;0$y", "\x1b[?1;2c"]) {
      assert.equal(pacer.input(other), other);
    }
  });

  it("waits for a screen that is behind, and goes on with its receipt", async () => {
    const seen: string[] = [];
    const pacer = new OutputPacer((text) => seen.push(text), { receiptEvery: 1, receiptLimit: 2 });
    await pacer.write("a\n");
    let isThrough = false;
    const second = pacer.write("b\n").then(() => (isThrough = true));
    await new Promise(setImmediate);
    assert.equal(isThrough, false);
    pacer.input("\x1b[?7411;0$y");
    await second;
    assert.deepEqual(seen, ["a\n\x1b[?7411$p", "b\n\x1b[?7411$p"]);
  });

  it("goes on slowly on a screen that never answers, and fast again once it does", async () => {
    let handed = 0;
    const options = { receiptEvery: 100, receiptLimit: 2, patienceMs: 20, blindRate: 100_000 };
    const pacer = new OutputPacer((text) => (handed += text.length), options);
    const line = `${"x".repeat(99)}\n`;
    for (let n = 0; n < 2; n += 1) {
      await pacer.write(line); // the second one waits until patience is at its end
    }
    const startedAt = performance.now();
    for (let n = 0; n < 100; n += 1) {
      await pacer.write(line);
    }
    const ms = performance.now() - startedAt;
    assert.ok(ms >= 90, `10,000 characters took ${ms} ms at 100,000 a second`);
    assert.ok(handed >= 10_200);
    pacer.input("\x1b[?7411;0$y");
    const asked = handed;
    await pacer.write(line);
    assert.ok(handed - asked > line.length, "it is asked again");
  });

  it("keeps nobody waiting for a screen that is gone", async () => {
    const pacer = new OutputPacer(() => undefined, { receiptEvery: 1, receiptLimit: 1, patienceMs: 60_000 });
    let isThrough = false;
    void pacer.write("a\n").then(() => (isThrough = true));
    await new Promise(setImmediate);
    pacer.release();
    await until("the writer to go on", () => isThrough);
  });
});
