import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { labelText } from "../../base/shownText.js";
import type { SessionTerminal, TerminalScreen } from "../sessionTerminal.js";

/** VS Code's side of a terminal: its screen, and what a person types into it. */
export class SessionPty implements vscode.Pseudoterminal, TerminalScreen {
  readonly #didWrite = new vscode.EventEmitter<string>();
  readonly #didClose = new vscode.EventEmitter<number | undefined>();
  readonly #didChangeName = new vscode.EventEmitter<string>();
  readonly #make: (screen: TerminalScreen) => SessionTerminal;
  readonly #name: string;
  #terminal: SessionTerminal | undefined;
  #title = "";
  #isWaiting = false;

  readonly onDidWrite = this.#didWrite.event;
  readonly onDidClose = this.#didClose.event;
  readonly onDidChangeName = this.#didChangeName.event;

  /** @param make Makes the terminal behind it, once, when VS Code opens it. */
  constructor(name: string, make: (screen: TerminalScreen) => SessionTerminal) {
    this.#name = name;
    this.#make = make;
  }

  /** The terminal behind it; `undefined` before VS Code has opened it. */
  get terminal(): SessionTerminal | undefined {
    return this.#terminal;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#terminal = this.#make(this);
    this.#terminal.open(dimensions && { rows: dimensions.rows, cols: dimensions.columns });
  }

  close(): void {
    this.#terminal?.dispose();
  }

  handleInput(data: string): void {
    this.#terminal?.input(data);
  }

  setDimensions({ rows, columns }: vscode.TerminalDimensions): void {
    this.#terminal?.resize({ rows, cols: columns });
  }

  write(text: string): void {
    this.#didWrite.fire(text);
  }

  setTitle(title: string): void {
    this.#title = title;
    this.#rename();
  }

  /** Shows in the tab that there is no connection. */
  setWaiting(isWaiting: boolean): void {
    if (this.#isWaiting !== isWaiting) {
      this.#isWaiting = isWaiting;
      this.#rename();
    }
  }

  /** The terminal is over. */
  finish(exitCode: number | undefined): void {
    this.#didClose.fire(exitCode);
  }

  #rename(): void {
    const title = this.#title === "" ? this.#name : `${this.#name}: ${this.#title}`;
    this.#didChangeName.fire(labelText(this.#isWaiting ? l10n.t("{0} (connecting)", title) : title));
  }
}
