import * as vscode from "vscode";
import type { Disposable } from "../../base/lifecycle.js";
import type { FileRun } from "../fileRun.js";
import type { PathMap } from "../problems/pathMap.js";

/** Text kept for a terminal whose panel VS Code has not opened yet, in characters. */
const unopenedLimit = 1_000_000;

/** What a run terminal is made with. */
export interface RunTerminalOptions {
  readonly name: string;
  /** Runs the file again. */
  readonly again: () => void;
  /** Called when the person closed the terminal. */
  readonly onDidClose: () => void;
}

/**
 * The terminal of one file's runs. It outlives a run, so that the output stays and Enter runs again; closing it stops what
 * runs.
 */
export class RunTerminal implements Disposable {
  /** Which documents the places in the output of the last run stand for. */
  pathMap: PathMap | undefined;
  readonly #didWrite = new vscode.EventEmitter<string>();
  readonly #didChangeName = new vscode.EventEmitter<string>();
  readonly #terminal: vscode.Terminal;
  readonly #name: string;
  readonly #again: () => void;
  #opened = false;
  #unopened = "";
  #run: FileRun | undefined;

  constructor(options: RunTerminalOptions) {
    this.#name = options.name;
    this.#again = options.again;
    this.#terminal = vscode.window.createTerminal({
      name: options.name,
      iconPath: new vscode.ThemeIcon("play"),
      isTransient: true, // a run can't be revived by VS Code, so no dead tab comes back after a reload
      pty: {
        onDidWrite: this.#didWrite.event,
        onDidChangeName: this.#didChangeName.event,
        open: () => this.#open(),
        close: () => {
          this.#run?.abandon();
          options.onDidClose();
        },
        handleInput: (data: string) => this.#input(data),
      },
    });
  }

  /** Whether it is the terminal in front. */
  get isActive(): boolean {
    return vscode.window.activeTerminal === this.#terminal;
  }

  /** Whether it is shown by `terminal`. */
  is(terminal: vscode.Terminal): boolean {
    return terminal === this.#terminal;
  }

  get name(): string {
    return this.#name;
  }

  get run(): FileRun | undefined {
    return this.#run;
  }

  /** Shows the panel; the keyboard stays in the editor. */
  show(): void {
    this.#terminal.show(true);
  }

  /** Writes program output. */
  print(text: string): void {
    if (this.#opened) {
      this.#didWrite.fire(text);
    } else {
      this.#unopened = (this.#unopened + text).slice(-unopenedLimit);
    }
  }

  /** Shows what the terminal does in its tab: nothing, running, or waiting for a line. */
  setState(state: "idle" | "running" | "waiting"): void {
    this.#didChangeName.fire({ idle: "", running: "▶ ", waiting: "⌨ " }[state] + this.#name);
  }

  /** Keys go to `run` until it is replaced or cleared. */
  attach(run: FileRun | undefined): void {
    this.#run = run;
    this.setState(run === undefined ? "idle" : "running");
  }

  dispose(): void {
    this.#terminal.dispose();
    this.#didWrite.dispose();
    this.#didChangeName.dispose();
  }

  #open(): void {
    this.#opened = true;
    this.#didWrite.fire(this.#unopened);
    this.#unopened = "";
  }

  #input(data: string): void {
    if (this.#run !== undefined) {
      this.#run.input(data);
    } else if (data === "\r") {
      this.#again();
    }
  }
}
