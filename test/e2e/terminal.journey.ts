/**
 * Terminals in sessions of the local engine. Byte for byte: what is pressed in the window is what a program reads, and what a
 * program prints is drawn as xterm.js draws it without a window. Then a full-screen program, a second shell, and the end.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import headless from "@xterm/headless";
import type { Journey, Workbench } from "../host/index.js";
import { type ScreenCell, screenOf } from "../host/window/terminalScreen.js";

export const journey: Journey = {
  async run(workbench) {
    await workbench.trees.openContainer("Backend.AI");
    await workbench.trees.clickWelcome("Start Local Engine");
    await workbench.statusBarText("Local engine");
    await workbench.runCommand("Backend.AI: Open Terminal");
    const home = await firstShell(workbench);
    await readsWhatIsPressed(workbench, home);
    await drawsWhatIsPrinted(workbench, home);
    await drawsFullScreen(workbench);
    await secondShell(workbench);
    await endsWithItsSession(workbench);
  },
};

/** The session's own directory on this computer. */
async function firstShell({ terminals }: Workbench): Promise<string> {
  await terminals.waitForText(/[$#%>] ?$/m);
  await terminals.type("PS1='ready> '; cd; echo home=$PWD=\n");
  const text = await terminals.waitForText(/^home=(.+)=$/m);
  return /^home=(.+)=$/m.exec(text)?.[1] ?? "";
}

/** Keys as Playwright calls them, and the bytes that a terminal sends for them. */
const keys: readonly (readonly [press: string, bytes: string])[] = [
  ["a", "a"],
  ["Shift+Z", "Z"],
  ["Enter", "\r"],
  ["Tab", "\t"],
  ["Backspace", "\x7f"],
  ["Escape", "\x1b"],
  ["ArrowUp", "\x1b[A"],
  ["Home", "\x1b[H"],
  ["Delete", "\x1b[3~"],
  ["Control+c", "\x03"],
  ["Control+d", "\x04"],
  ["Control+z", "\x1a"],
  ["Alt+b", "\x1bb"],
];
const inserted = "한글 né 😀";

async function readsWhatIsPressed({ terminals }: Workbench, home: string): Promise<void> {
  const expected = Buffer.from(keys.map(([, bytes]) => bytes).join("") + inserted);
  const file = path.join(home, "typed.bin");
  const count = String(expected.length);
  await terminals.type(
    `clear; stty raw -echo; echo reading; dd bs=1 count=${count} of=typed.bin 2>/dev/null; stty sane; echo all-read\n`,
  );
  await terminals.waitForText(/^\s*reading$/m);
  for (const [press] of keys) {
    await terminals.press(press);
  }
  await terminals.insert(inserted);
  await terminals.waitForText(/^\s*all-read$/m);
  assert.deepEqual(JSON.stringify((await readFile(file)).toString()), JSON.stringify(expected.toString()));
}

/** Colours, wide glyphs, moves, scroll regions, inserted lines, more lines than the screen has; all on a clean screen. */
function showpiece(): Buffer {
  const palette = Array.from({ length: 256 }, (_, colour) => `\x1b[38;5;${String(colour)}m■`).join("");
  const lines = Array.from({ length: 120 }, (_, line) => `line ${String(line)} 줄 ${"=".repeat(line % 50)}`);
  const pieces = [
    "\x1bc",
    lines.join("\r\n"),
    `\r\n${palette}\x1b[0m\r\n`,
    "\x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munder\x1b[0m \x1b[7minverse\x1b[0m \x1b[48;2;10;120;200m24 bit\x1b[0m\r\n",
    "한국어 日本語 العربية 👩‍💻 e\u0301 ┌─┐│ │└─┘\r\n",
    "\x1b[2;5r\x1b[3;1Hin a region\n\n\n\n\x1b[r",
    "\x1b[4;10H\x1b[2Linserted\x1b[6;3H\x1b[1Mafter\x1b[8;1H\x1b[3@three\x1b[9;7H\x1b[K",
    "\x1b[10;20H\x1b[36mhere\x1b[0m",
  ];
  return Buffer.from(pieces.join(""));
}

async function drawsWhatIsPrinted(workbench: Workbench, home: string): Promise<void> {
  const { terminals } = workbench;
  const bytes = showpiece();
  await writeFile(path.join(home, "show.bin"), bytes);
  await terminals.type("stty -echo -opost; cat show.bin; read line; stty sane\n");
  await terminals.waitForText("here");
  const first = await terminals.screen();
  const expected = await drawn(bytes, { rows: first.length, cols: first[0]?.length ?? 0 });
  await workbench.until("the screen to be drawn", async () => same(await terminals.screen(), expected), {
    describe: async () => difference(await terminals.screen(), expected),
  });
  await workbench.screenshot("terminal-1-showpiece");
  await terminals.press("Enter");
}

async function drawn(bytes: Uint8Array, size: { rows: number; cols: number }): Promise<ScreenCell[][]> {
  const terminal = new headless.Terminal({ ...size, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  return screenOf(terminal);
}

function same(a: ScreenCell[][], b: ScreenCell[][]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function difference(shown: ScreenCell[][], expected: ScreenCell[][]): Promise<string> {
  const rows = expected.flatMap((row, index) => {
    const other = shown[index] ?? [];
    return same([row], [other])
      ? []
      : [
          `row ${String(index)}: expected ${JSON.stringify(textOf(row))}, shown ${JSON.stringify(textOf(other))}`,
        ];
  });
  return Promise.resolve(rows.join("\n"));
}

function textOf(row: readonly ScreenCell[]): string {
  return row.map(({ text }) => text).join("");
}

async function drawsFullScreen(workbench: Workbench): Promise<void> {
  const { terminals } = workbench;
  await terminals.type("clear; seq 1 500 > numbers.txt; echo made\n");
  await terminals.waitForText(/^made$/m);
  const program = existsSync("/usr/bin/vim") ? "vim" : "less";
  await terminals.type(`${program} numbers.txt\n`);
  await terminals.waitForText(/^10\b/m);
  await terminals.type("G");
  await terminals.waitForText(/^500\b/m);
  await workbench.screenshot(`terminal-2-${program}`);
  await terminals.type(program === "vim" ? ":q!\n" : "q");
  await terminals.waitForText(/ready>$/);
}

/** The server's own terminal is one a session: another tab gets a shell of its own. */
async function secondShell(workbench: Workbench): Promise<void> {
  const { terminals } = workbench;
  await terminals.type("FIRST=yes\n");
  await workbench.runCommand("Backend.AI: Open Terminal");
  await workbench.until("a second tab", async () => (await terminals.names()).length === 2);
  await terminals.waitForText(/[$#%>] ?$/m);
  await terminals.type("echo \"first=$FIRST.\"; printf '\\033]0;my title\\007'\n");
  await terminals.waitForText(/^first=\.$/m);
  await workbench.screenshot("terminal-3-second");
  await terminals.type("exit\n");
  await workbench.until("one tab again", async () => (await terminals.names()).length === 1);
}

async function endsWithItsSession(workbench: Workbench): Promise<void> {
  const { terminals, trees } = workbench;
  await trees.openContainer("Backend.AI");
  await trees.clickInline("python-", "Destroy Session");
  await workbench.answerDialog("Destroy");
  await terminals.waitForText(/has ended|is gone/);
  await workbench.screenshot("terminal-4-ended");
}
