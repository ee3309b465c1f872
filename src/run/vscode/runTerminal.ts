import * as vscode from "vscode";
import type { Disposable } from "../../base/lifecycle.js";
import { createTerminal } from "../../platform/shown/terminal.js";
import type { FileRun } from "../fileRun.js";
import type { RunOptions } from "../plan/runPlan.js";
import type { RunSubject } from "./runDocument.js";
import { RunPty } from "./runPty.js";

/** The terminal of one file's runs. */
export class RunTerminal implements Disposable {
  readonly pty: RunPty;
  readonly terminal: vscode.Terminal;
  readonly name: string;
  /** What ran here last. */
  subject: RunSubject | undefined;
  /** The name of the session that it ran in. */
  session: string | undefined;
  /** How the file ran here last: Enter runs it again like that. */
  again: RunOptions;

  /** @param runAgain Runs the file again. */
  constructor(name: string, again: RunOptions, runAgain: (options: RunOptions) => void) {
    this.name = name;
    this.again = again;
    this.pty = new RunPty({ name, again: () => runAgain(this.again) });
    this.terminal = createTerminal({
      name,
      iconPath: new vscode.ThemeIcon("play"),
      isTransient: true, // a run can't be revived by VS Code, so no dead tab comes back after a reload
      pty: this.pty,
    });
  }

  /** Whether it is the terminal in front. */
  get isActive(): boolean {
    return vscode.window.activeTerminal === this.terminal;
  }

  get run(): FileRun | undefined {
    return this.pty.run;
  }

  /** Shows the panel; the keyboard stays in the editor. */
  show(): void {
    this.terminal.show(true);
  }

  dispose(): void {
    this.terminal.dispose();
    this.pty.dispose();
  }
}
