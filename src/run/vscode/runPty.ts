import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { labelText } from "../../base/shownText.js";
import { formatBytes } from "../../base/text.js";
import type { ScreenSize } from "../carriers/execution.js";
import type { FileRun, RunState } from "../fileRun.js";
import { remark } from "../screen/runScreen.js";
import { ScreenFeed } from "../screen/screenFeed.js";

/** Marks of the tab. */
const marks: Readonly<Record<RunState | "idle", string>> = {
  idle: "",
  queued: "⏸ ",
  running: "▶ ",
  asking: "⌨ ",
  askingSecret: "⌨ ",
  away: "⚡ ",
  stubborn: "▶ ",
};

/** What a run's terminal is made with. */
export interface RunPtyOptions {
  readonly name: string;
  /** Runs again what ran here; where it is absent, Enter does nothing. */
  readonly again?: () => void;
  /** Told of Ctrl-C while nothing runs. */
  readonly interrupt?: () => void;
  /** Told when VS Code has opened it. */
  readonly onOpen?: () => void;
  /** Told when VS Code closes it, for whatever reason. */
  readonly onClose?: () => void;
}

/** VS Code's side of a run's terminal. It outlives a run, so that the output stays and Enter runs again. */
export class RunPty implements vscode.Pseudoterminal {
  readonly #didWrite = new vscode.EventEmitter<string>();
  readonly #didChangeName = new vscode.EventEmitter<string>();
  readonly #didClose = new vscode.EventEmitter<number>();
  readonly #options: RunPtyOptions;
  readonly #feed: ScreenFeed;
  #size: ScreenSize = { rows: 30, cols: 120 };
  #run: FileRun | undefined;

  readonly onDidWrite = this.#didWrite.event;
  readonly onDidChangeName = this.#didChangeName.event;
  readonly onDidClose = this.#didClose.event;

  constructor(options: RunPtyOptions) {
    this.#options = options;
    this.#feed = new ScreenFeed(
      (text) => this.#didWrite.fire(text),
      (count) =>
        remark(
          l10n.t("{0} came too fast to be drawn; the whole output is kept with the run", formatBytes(count)),
        ),
    );
  }

  get run(): FileRun | undefined {
    return this.#run;
  }

  /** Whether it ends with the run. */
  get isLast(): boolean {
    return this.#options.again === undefined;
  }

  /** The size programs are told. */
  get size(): ScreenSize {
    return this.#size;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions !== undefined) {
      this.setDimensions(dimensions);
    }
    this.#feed.open();
    this.#options.onOpen?.();
  }

  close(): void {
    this.#feed.release();
    this.#options.onClose?.();
  }

  handleInput(data: string): void {
    const typed = this.#feed.input(data);
    if (typed === "") {
      return;
    }
    if (this.#run !== undefined) {
      this.#run.input(typed);
    } else if (typed === "\r") {
      this.#options.again?.();
    } else if (typed.includes("\x03")) {
      this.#options.interrupt?.();
    }
  }

  setDimensions({ rows, columns }: vscode.TerminalDimensions): void {
    this.#size = { rows, cols: columns };
    this.#run?.resize(this.#size);
  }

  /** Writes program output. */
  print(text: string): void {
    this.#feed.push(text);
  }

  /** Shows what the run does in the tab. */
  setState(state: RunState | "idle"): void {
    this.#didChangeName.fire(labelText(marks[state] + this.#options.name));
  }

  /** Keys go to `run` until it is replaced or cleared. */
  attach(run: FileRun | undefined): void {
    this.#run = run;
    this.setState(run === undefined ? "idle" : "running");
  }

  /** The terminal is over, once all is drawn. */
  async finish(exitCode: number): Promise<void> {
    await this.#feed.drawn();
    this.#didClose.fire(exitCode);
  }

  dispose(): void {
    this.#feed.release();
    this.#didWrite.dispose();
    this.#didChangeName.dispose();
    this.#didClose.dispose();
  }
}
