import type { Locator, Page } from "playwright-core";
import { type ScreenCell, screenOf } from "./terminalScreen.js";
import { until } from "./until.js";

/** The part of xterm.js that VS Code shows its own automation on the element of a terminal. */
interface TerminalElement {
  readonly xterm?: {
    readonly buffer: {
      readonly active: {
        readonly length: number;
        getLine(row: number): { translateToString(trimRight: boolean): string } | undefined;
      };
    };
  };
}

/** The terminal panel. */
export class Terminals {
  constructor(private readonly page: Page) {}

  /** The whole buffer of the visible terminal, scrollback included; empty while there is no terminal. */
  async text(): Promise<string> {
    const terminal = this.visible();
    return (await terminal.count()) === 0 ? "" : terminal.evaluate(bufferText);
  }

  /** Waits until the visible terminal shows `expected` and returns all that it shows. */
  async waitForText(
    expected: string | RegExp,
    options: { readonly deadlineMs?: number } = {},
  ): Promise<string> {
    let shown = "";
    return until(
      `${String(expected)} in the terminal`,
      async () => {
        shown = await this.text();
        const found = typeof expected === "string" ? shown.includes(expected) : expected.test(shown);
        return found && shown;
      },
      { ...options, describe: () => Promise.resolve(shown) },
    );
  }

  /** What the visible terminal shows, row by row and cell by cell. */
  async screen(): Promise<ScreenCell[][]> {
    return this.visible().evaluate(screenOf);
  }

  /** Types into the visible terminal; `\n` presses Enter. */
  async type(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(text);
  }

  /** Gives the visible shell a prompt without the names of a user and a computer, on an empty screen; waits for its own before. */
  async plainPrompt(): Promise<void> {
    await this.waitForText(/[$#%>] ?$/); // at its very end: what another terminal shows has such lines too
    await this.type("PS1='$ '\n");
    await this.waitForText(/\n\$ ?$/);
    await this.type("clear\n");
    await this.waitForText(/^\$ ?$/);
  }

  /** Puts text into the visible terminal in one go, as an input method does. */
  async insert(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.insertText(text);
  }

  /** Presses keys in the visible terminal, such as `Control+c`. */
  async press(keys: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press(keys);
  }

  /** The names of the terminals, in the order of the list; of one alone, the name in the panel's title. */
  async names(): Promise<string[]> {
    const list = this.page.locator(".terminal-tabs-entry .label-name");
    const single = this.page.locator(".single-terminal-tab");
    const names = (await list.count()) > 0 ? await list.allInnerTexts() : await single.allInnerTexts();
    return names.map((name) => name.trim());
  }

  /** Puts a terminal in front by a part of its name; one alone is. */
  async select(name: string): Promise<void> {
    await until(`the terminal ${name}`, async () => (await this.names()).some((each) => each.includes(name)));
    const entry = this.page.locator(".terminal-tabs-entry", { hasText: name }).first();
    if ((await entry.count()) > 0) {
      await entry.click();
    }
  }

  /** Follows the link on `text`, the last one on the screen of the visible terminal, as a click with Ctrl or ⌘ does. */
  async clickLink(text: string): Promise<void> {
    const terminal = this.visible();
    const rows = (await terminal.evaluate(screenOf)).map((row) =>
      row.map((cell) => cell.text || " ").join(""),
    );
    const row = rows.findLastIndex((line) => line.includes(text));
    const box = await terminal.locator(".xterm-screen").boundingBox();
    if (row < 0 || box === null) {
      throw new Error(`the terminal does not show ${JSON.stringify(text)}:\n${rows.join("\n")}`);
    }
    const column = (rows[row] ?? "").indexOf(text) + text.length / 2;
    const x = box.x + (column * box.width) / (rows[row]?.length ?? 1);
    const y = box.y + ((row + 0.5) * box.height) / rows.length;
    await this.page.keyboard.down("ControlOrMeta");
    try {
      await until(`a link on ${JSON.stringify(text)}`, async () => {
        await this.page.mouse.move(x + 1, y);
        await this.page.mouse.move(x, y);
        return (await terminal.locator(".xterm-cursor-pointer").count()) > 0;
      });
      await this.page.mouse.click(x, y);
    } finally {
      await this.page.keyboard.up("ControlOrMeta");
    }
  }

  private async focus(): Promise<void> {
    await this.visible().locator(".xterm-helper-textarea").focus();
  }

  private visible(): Locator {
    return this.page.locator(".terminal-wrapper:visible").first();
  }
}

/** Runs in the page: whatever it needs stands inside it. */
function bufferText(element: unknown): string {
  const buffer = (element as TerminalElement).xterm?.buffer.active;
  const rows = Array.from(
    { length: buffer?.length ?? 0 },
    (_, row) => buffer?.getLine(row)?.translateToString(true) ?? "",
  );
  return rows.join("\n").trimEnd();
}
