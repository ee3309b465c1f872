import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Disposable } from "../../../base/lifecycle.js";
import { labelText } from "../../../base/shownText.js";
import { createTerminal } from "../../../platform/shown/terminal.js";
import type { TerminalSize } from "../../../tunnel/sshConnection.js";
import type { ProgramKeyboard, ProgramScreen } from "../../debug/terminalProgram.js";

/** Text kept for a terminal whose panel VS Code has not opened yet, in characters. */
const unopenedLimit = 1_000_000;

/** The terminal of a file that is debugged: the program's own, with its keyboard. It outlives the program. */
export class DebugTerminal implements ProgramScreen, Disposable {
  readonly #didWrite = new vscode.EventEmitter<string>();
  readonly #didChangeName = new vscode.EventEmitter<string>();
  readonly #terminal: vscode.Terminal;
  readonly #name: string;
  #again: (() => void) | undefined;
  #keyboard: ProgramKeyboard | undefined;
  #size: TerminalSize = { rows: 24, cols: 80 };
  #isOpen = false;
  #unopened = "";

  constructor(name: string, onDidClose: () => void) {
    this.#name = l10n.t("Debug {0}", name);
    this.#terminal = createTerminal({
      name: this.#name,
      iconPath: new vscode.ThemeIcon("debug-alt"),
      isTransient: true, // nothing of a debugged program can be revived
      pty: {
        onDidWrite: this.#didWrite.event,
        onDidChangeName: this.#didChangeName.event,
        open: (dimensions: vscode.TerminalDimensions | undefined) => this.#opened(dimensions),
        setDimensions: (dimensions: vscode.TerminalDimensions) => this.#resized(dimensions),
        handleInput: (data: string) => this.#input(data),
        close: () => {
          this.#keyboard?.close();
          onDidClose();
        },
      },
    });
  }

  get size(): TerminalSize {
    return this.#size;
  }

  get isBusy(): boolean {
    return this.#keyboard !== undefined;
  }

  /**
   * Shows it; the keyboard stays in the editor.
   * @param again What Enter does once the program has ended.
   */
  begin(headLine: string, again: () => void): void {
    this.#again = again;
    this.print(headLine);
    this.#terminal.show(true);
  }

  print(text: string): void {
    if (this.#isOpen) {
      this.#didWrite.fire(text);
    } else {
      this.#unopened = (this.#unopened + text).slice(-unopenedLimit);
    }
  }

  connect(keyboard: ProgramKeyboard | undefined): void {
    this.#keyboard = keyboard;
    this.#didChangeName.fire(labelText((keyboard === undefined ? "" : "▶ ") + this.#name));
  }

  dispose(): void {
    this.#terminal.dispose();
    this.#didWrite.dispose();
    this.#didChangeName.dispose();
  }

  #opened(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#isOpen = true;
    this.#didWrite.fire(this.#unopened);
    this.#unopened = "";
    if (dimensions !== undefined) {
      this.#resized(dimensions);
    }
  }

  #resized({ rows, columns }: vscode.TerminalDimensions): void {
    this.#size = { rows, cols: columns };
    this.#keyboard?.resize(this.#size);
  }

  #input(data: string): void {
    if (this.#keyboard !== undefined) {
      this.#keyboard.input(data);
    } else if (data === "\r") {
      this.#again?.();
    }
  }
}

/** The terminals of debugged files: one a file, and one more for each that is debugged at the same time. */
export class DebugTerminals implements Disposable {
  readonly #terminals = new Map<DebugTerminal, string>();

  /** The terminal for a program of the file `key` that begins now. */
  free(key: string, name: string): DebugTerminal {
    const idle = [...this.#terminals].find(([terminal, file]) => file === key && !terminal.isBusy)?.[0];
    if (idle !== undefined) {
      return idle;
    }
    const terminal: DebugTerminal = new DebugTerminal(name, () => this.#terminals.delete(terminal));
    this.#terminals.set(terminal, key);
    return terminal;
  }

  dispose(): void {
    for (const terminal of this.#terminals.keys()) {
      terminal.dispose();
    }
    this.#terminals.clear();
  }
}
