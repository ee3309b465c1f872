import * as vscode from "vscode";
import type { Disposable } from "../../../base/lifecycle.js";
import { labelText } from "../../../base/shownText.js";
import { createTerminal } from "../../../platform/shown/terminal.js";
import type { QueryState } from "../../query/queryConsole.js";

/** Text kept for a terminal whose panel VS Code has not opened yet, in characters. */
const unopenedLimit = 1_000_000;

/** What a console's terminal is made with. */
export interface QueryTerminalOptions {
  readonly name: string;
  readonly onInput: (data: string) => void;
  /** Called when the person closed the terminal. */
  readonly onDidClose: () => void;
}

/** The terminal that shows the queries of one session. */
export class QueryTerminal implements Disposable {
  readonly #didWrite = new vscode.EventEmitter<string>();
  readonly #didChangeName = new vscode.EventEmitter<string>();
  readonly #terminal: vscode.Terminal;
  readonly #name: string;
  #unopened: string | undefined = "";

  constructor({ name, onInput, onDidClose }: QueryTerminalOptions) {
    this.#name = name;
    this.#terminal = createTerminal({
      name,
      iconPath: new vscode.ThemeIcon("beaker"),
      isTransient: true, // its session's state is no affair of VS Code, so no dead tab comes back after a reload
      pty: {
        onDidWrite: this.#didWrite.event,
        onDidChangeName: this.#didChangeName.event,
        open: () => this.#open(),
        close: onDidClose,
        handleInput: onInput,
      },
    });
  }

  /** Whether it is the terminal in front. */
  get isActive(): boolean {
    return vscode.window.activeTerminal === this.#terminal;
  }

  /** Shows the panel; the keyboard stays in the editor. */
  show(): void {
    this.#terminal.show(true);
  }

  print(text: string): void {
    if (this.#unopened === undefined) {
      this.#didWrite.fire(text);
    } else {
      this.#unopened = (this.#unopened + text).slice(-unopenedLimit);
    }
  }

  /** Shows in its tab whether something runs or asks. */
  setState({ phase, question }: QueryState): void {
    const mark = question !== undefined ? "⌨ " : phase === "idle" ? "" : "▶ ";
    this.#didChangeName.fire(labelText(mark + this.#name));
  }

  dispose(): void {
    this.#terminal.dispose();
    this.#didWrite.dispose();
    this.#didChangeName.dispose();
  }

  #open(): void {
    this.#didWrite.fire(this.#unopened ?? "");
    this.#unopened = undefined;
  }
}
