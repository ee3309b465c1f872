import assert from "node:assert/strict";
import fc from "fast-check";
import { withoutAnswers } from "../../../src/base/screen/answers.js";
import { ScreenGuard, type ScreenRights } from "../../../src/base/screen/screenGuard.js";
import { cut, fuzzed, pieceSizes } from "../../support/fuzz.js";
import { makeTerminal } from "../terminal/support/headlessScreen.js";

const program: ScreenRights = { mayWriteClipboard: false, mayAsk: true };
const terminal: ScreenRights = { mayWriteClipboard: true, mayAsk: true };
const replay: ScreenRights = { mayWriteClipboard: false, mayAsk: false };

/** Questions and clipboard sequences whole and in parts, and what may stand around and within them. */
const tokens = [
  ...[
    "x",
    "한",
    "\n",
    "\r",
    "\x00",
    "\x05",
    "\x07",
    "\x18",
    "\x1a",
    "\x7f",
    "0",
    "5",
    "2",
    "52",
    "052",
    ";",
    "?",
    "c",
    "q",
  ],
  ...[
    "\x1b",
    "\x1b\\",
    "\x1b[",
    "\x1b]",
    "\x1bP",
    "\x1bX",
    "\x1b_",
    "\x9b",
    "\x9c",
    "\x9d",
    "\x90",
    "]",
    "[",
    "P",
    "$",
    "+",
    "n",
  ],
  ...[
    "\x1b]52;c;?\x07",
    "\x1b]52;c;?\x1b\\",
    "\x9d52;;?\x9c",
    "\x1b]52;c;YWJj\x07",
    "\x1b\x00]5\x012;c;\x02?\x07",
  ],
  ...[
    "\x1b[c",
    "\x1b[>c",
    "\x1b[=c",
    "\x1b[5n",
    "\x1b[6n",
    "\x1b[?6n",
    "\x1b[?2004$p",
    "\x1b[4$p",
    "\x1b[18t",
    "\x1b[14t",
  ],
  ...[
    "\x1b[>q",
    "\x1b[?u",
    "\x1bP$qm\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b]10;?\x07",
    "\x1b]11;?\x1b\\",
    "\x1b]4;1;?\x07",
  ],
  ...[
    "\x1b]0;title\x07",
    "\x1b[31m",
    "\x1b[?25l",
    "\x1b[2;5H",
    "\x1b(B",
    "\x1b7",
    "\x1bPtmux;\x1b\x1b]52;c;?\x07\x1b\\",
  ],
];
const output = fc.array(fc.constantFrom(...tokens), { maxLength: 14 }).map((parts) => parts.join(""));

function guarded(rights: ScreenRights, ...pieces: readonly string[]): string {
  const guard = new ScreenGuard(rights);
  return pieces.map((piece) => guard.take(piece)).join("");
}

/** What the screen of VS Code's terminals does with a text: clipboard sequences that it would obey, and what it answers. */
async function reached(text: string): Promise<{ readonly clipboard: string[]; readonly answers: string[] }> {
  const screen = makeTerminal({
    logLevel: "off", // it warns of nonsense
    windowOptions: { getWinSizePixels: true, getCellSizePixels: true, getWinSizeChars: true },
  });
  const clipboard: string[] = [];
  const answers: string[] = [];
  screen.parser.registerOscHandler(52, (data) => {
    clipboard.push(...(data.includes(";") ? [data] : [])); // without a second part it means nothing
    return true;
  });
  screen.onData((data) => answers.push(data));
  await new Promise<void>((resolve) => screen.write(text, resolve));
  screen.dispose();
  return { clipboard, answers };
}

const isQuery = (data: string): boolean => data.split(";")[1] === "?";

describe("ScreenGuard, fuzzed against what draws VS Code's terminals", function () {
  this.timeout(60_000);

  it("lets no output of a program reach the clipboard", async () => {
    await fuzzed(
      fc.asyncProperty(output, pieceSizes, async (text, sizes) => {
        assert.deepEqual((await reached(guarded(program, ...cut(text, sizes)))).clipboard, []);
      }),
    );
  });

  it("lets a terminal write the clipboard, never read it", async () => {
    await fuzzed(
      fc.asyncProperty(output, pieceSizes, async (text, sizes) => {
        assert.deepEqual(
          (await reached(guarded(terminal, ...cut(text, sizes)))).clipboard.filter(isQuery),
          [],
        );
      }),
    );
  });

  it("lets nothing that is shown again ask the screen", async () => {
    await fuzzed(
      fc.asyncProperty(output, pieceSizes, async (text, sizes) => {
        assert.deepEqual(await reached(guarded(replay, ...cut(text, sizes))), { clipboard: [], answers: [] });
      }),
    );
  });

  it("shows the same however output is split", async () => {
    await fuzzed(
      fc.property(output, pieceSizes, fc.constantFrom(program, terminal, replay), (text, sizes, rights) => {
        assert.equal(guarded(rights, ...cut(text, sizes)), guarded(rights, text));
      }),
    );
  });

  it("changes nothing else: what a program draws and asks goes through", async () => {
    const harmless = fc
      .array(fc.constantFrom(...tokens.filter((token) => !/52|\x9d|\]/.test(token))), { maxLength: 14 })
      .map((parts) => `${parts.join("")}\x1b\\`);
    await fuzzed(
      fc.property(harmless, pieceSizes, (text, sizes) => {
        assert.equal(guarded(program, ...cut(text, sizes)), text);
      }),
    );
  });
});

describe("ScreenGuard", () => {
  const cases: readonly (readonly [ScreenRights, string, string])[] = [
    [program, "a\x1b]52;c;cm0gLXJm\x07b", "a\x18b"],
    [program, "a\x1b]52;c;?\x1b\\b", "a\x18\x1b\\b"],
    [program, "a\x1b]00052;c;?\x07b", "a\x18b"],
    [
      program,
      "\x1b]8;;https://example.com\x1b\\x\x1b]0;t\x07",
      "\x1b]8;;https://example.com\x1b\\x\x1b]0;t\x07",
    ],
    [program, "\x1b[6n\x1b[c", "\x1b[6n\x1b[c"],
    [terminal, "\x1b]52;c;YWJj\x07", "\x1b]52;c;YWJj\x07"],
    [terminal, "\x1b]52;;?\x07x", "\x18x"],
    [program, "\x1b\x1b]52;c;a\x07]52;c;?\x07", "\x1b\x18]52;c;?\x07"],
    [replay, "\x1b[31mred\x1b[6n\x1b[0m\x1b]11;?\x07", "\x1b[31mred\x18\x1b[0m\x18"],
  ];
  cases.forEach(([rights, text, shown], index) => {
    it(`knows what is for the screen (${String(index + 1)})`, () =>
      assert.equal(guarded(rights, text), shown));
  });

  it("is bounded: what never says what it is does not wait for ever", () => {
    const guard = new ScreenGuard(terminal);
    assert.equal(guard.take(`\x1b]52;${"p".repeat(100_000)}`), "\x18");
    assert.equal(guard.take(";?\x07x"), "x");
    assert.equal(guarded(replay, `\x1b[${"0".repeat(100_000)}6nx`), "\x18x");
    assert.equal(guarded(program, `\x1b]${"0".repeat(100_000)}52;c;?\x07x`), "\x18x");
  });
});

describe("withoutAnswers", () => {
  it("knows every answer of the screen to what output can ask", async () => {
    const { answers } = await reached(tokens.filter((token) => token.length > 2).join(""));
    assert.ok(answers.length >= 8, JSON.stringify(answers));
    const colours = [
      "\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
      "\x1b]4;1;rgb:cdcd/0000/0000\x07",
      "\x1b[4;480;800t",
    ];
    assert.deepEqual(
      [...answers, ...colours].map(withoutAnswers).filter((rest) => rest !== ""),
      [],
    );
  });
});
