import { Emitter } from "../../../base/event.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { ProcessHost } from "../process/processHost.js";
import { loginShell } from "./loginShell.js";
import { PtyProcess } from "./ptyProcess.js";

/** The one terminal of a session; everyone who has it sees and drives the same shell. */
export interface SessionTerminal {
  /** Input that the shell's terminal does not take is kept up to 1 MiB; what comes beyond it is lost. */
  write(bytes: Buffer): void;
  resize(rows: number, cols: number): void;
  /** Bytes as the shell printed them, characters possibly split. No replay of what came before. */
  onData(listener: (bytes: Buffer) => void): Disposable;
  /** The shell has ended; a terminal opened after that has another one. */
  onExit(listener: (exitCode: number) => void): Disposable;
  /** Makes the shell wait while a reader is behind. */
  pause(): void;
  resume(): void;
}

const inputLimitBytes = 1024 * 1024;

/**
 * A login shell on a pseudo-terminal.
 *
 * @throws TerminalUnavailableError
 */
export class ShellTerminal implements SessionTerminal, Disposable {
  readonly #pty: PtyProcess;
  readonly #data = new Emitter<Buffer>();
  readonly #exit = new Emitter<number>();

  constructor(host: ProcessHost) {
    this.#pty = PtyProcess.start(host, { file: loginShell(), args: ["-l"], rows: 24, cols: 80 });
    this.#pty.onData((data) => this.#data.fire(data));
    void this.#pty.exited.then((exitCode) => this.#exit.fire(exitCode));
  }

  get hasExited(): boolean {
    return this.#pty.hasExited;
  }

  readonly onData = (listener: (bytes: Buffer) => void): Disposable => this.#data.event(listener);

  readonly onExit = (listener: (exitCode: number) => void): Disposable => this.#exit.event(listener);

  write(bytes: Buffer): void {
    if (this.#pty.waitingInput + bytes.length <= inputLimitBytes) {
      this.#pty.write(bytes);
    }
  }

  resize(rows: number, cols: number): void {
    this.#pty.resize(rows, cols);
  }

  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  /** Hangs up. */
  dispose(): void {
    this.#pty.hangUp();
  }
}
