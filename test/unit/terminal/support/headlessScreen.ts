import { createRequire } from "node:module";
import type * as Headless from "@xterm/headless";
import type { TerminalScreen } from "../../../../src/terminal/sessionTerminal.js";
import { until } from "../../../support/until.js";

// Its package is CommonJS in a way that hides its names from imports by Node, and its default from those by tsx.
const headless = createRequire(import.meta.url)("@xterm/headless") as typeof Headless;

/** What VS Code's terminals draw with, without a window. */
export function makeTerminal(
  options: Headless.ITerminalOptions & Headless.ITerminalInitOnlyOptions = {},
): Headless.Terminal {
  return new headless.Terminal({ rows: 24, cols: 80, allowProposedApi: true, ...options });
}

/** A terminal without a window, as VS Code's own draws one; what it answers to programs goes to `input`. */
export class HeadlessScreen implements TerminalScreen {
  readonly terminal: Headless.Terminal;
  /** Everything written to it. */
  raw = "";
  title = "";
  closed: { readonly exitCode: number | undefined } | undefined;
  input: (data: string) => void = () => undefined;

  constructor({ rows, cols }: { rows: number; cols: number } = { rows: 24, cols: 80 }) {
    this.terminal = makeTerminal({ rows, cols, scrollback: 10_000 });
    this.terminal.onData((data) => this.input(data));
  }

  write(text: string): void {
    this.raw = (this.raw + text).slice(-4_000_000);
    this.terminal.write(text);
  }

  setTitle(title: string): void {
    this.title = title;
  }

  finish(exitCode: number | undefined): void {
    this.closed = { exitCode };
  }

  /** The lines that are on the screen, without the spaces at their ends. */
  lines(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    );
  }

  /** The lines that are on the screen and above it. */
  history(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? "",
    );
  }

  get text(): string {
    return this.lines().join("\n");
  }

  /** Waits until the screen shows what `pattern` describes. */
  async shows(pattern: RegExp): Promise<void> {
    await until(`the screen to show ${String(pattern)}`, () => pattern.test(this.text));
  }
}
