import { Emitter } from "../../../base/event.js";
import type { Disposable } from "../../../base/lifecycle.js";
import { TerminalUnavailableError } from "../errors.js";
import { signalGroup } from "../process/groupSignals.js";
import type { ProcessHost } from "../process/processHost.js";
import type { Command } from "../process/sessionProcess.js";
import { loadNodePty, type Pty } from "./nodePty.js";
import { PtyInput } from "./ptyInput.js";

/** What runs on a pseudo-terminal, and how it looks. */
export interface PtyCommand extends Command {
  readonly rows: number;
  readonly cols: number;
  /** Default `xterm-256color`. */
  readonly term?: string;
}

const largestSide = 1000;
/** How often a paused terminal looks whether its program has ended; well below the 200 ms that node-pty gives then. */
const watchMs = 50;

/** A process of a session on a pseudo-terminal of its own, leader of its group. Who starts it hangs it up. */
export class PtyProcess {
  /** Also the process group. */
  readonly pid: number;
  /** The exit code, or minus the number of the signal that ended it; all output has been handed out by then. */
  readonly exited: Promise<number>;
  readonly #pty: Pty;
  readonly #input: PtyInput;
  readonly #drained = new Emitter<undefined>();
  #hasExited = false;
  #watch: NodeJS.Timeout | undefined;

  private constructor(pty: Pty) {
    this.#pty = pty;
    this.pid = pty.pid;
    this.#input = new PtyInput(pty, () => this.#drained.fire(undefined));
    this.exited = new Promise((resolve) => {
      pty.onExit(({ exitCode, signal }) => {
        this.#hasExited = true;
        this.#input.end();
        clearInterval(this.#watch);
        resolve(signal === undefined || signal === 0 ? exitCode : -signal);
      });
    });
  }

  /**
   * Starts a command in the session's home.
   * @throws TerminalUnavailableError
   */
  static start(host: ProcessHost, command: PtyCommand): PtyProcess {
    const term = command.term ?? "xterm-256color";
    const environment = { ...host.environment, COLORTERM: "truecolor", ...command.environment, TERM: term };
    try {
      const pty = loadNodePty().spawn(command.file, [...command.args], {
        name: term,
        cols: side(command.cols),
        rows: side(command.rows),
        cwd: host.workDir,
        env: environment,
        encoding: null,
      });
      const started = new PtyProcess(pty);
      host.adopt(started.pid, started.exited);
      return started;
    } catch (cause) {
      if (cause instanceof TerminalUnavailableError) {
        throw cause;
      }
      throw new TerminalUnavailableError("the program could not be started.", { cause });
    }
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Typed bytes that the program's terminal has not taken yet. */
  get waitingInput(): number {
    return this.#input.size;
  }

  /** Bytes as the program printed them, characters possibly split. */
  onData(listener: (bytes: Buffer) => void): Disposable {
    return this.#pty.onData((data) => {
      if (this.#input.size > 0) {
        this.#input.retry();
      }
      listener(typeof data === "string" ? Buffer.from(data) : data);
    });
  }

  /** After a `write` that answered `false`: more is welcome. */
  readonly onDrain = (listener: () => void): Disposable => this.#drained.event(listener);

  /** `false`: the writer should wait for `onDrain`; the bytes are taken all the same. */
  write(bytes: Buffer): boolean {
    return this.#hasExited || this.#input.write(bytes);
  }

  /** Sizes outside 1…1000 are brought into it. */
  resize(rows: number, cols: number): void {
    if (!this.#hasExited) {
      this.#pty.resize(side(cols), side(rows));
    }
  }

  /** Makes the program wait while a reader is behind. Once it has ended, its last words come all the same. */
  pause(): void {
    if (this.#hasExited) {
      return;
    }
    this.#pty.pause();
    this.#watch ??= setInterval(() => {
      if (!signalGroup(this.pid, 0)) {
        this.resume();
      }
    }, watchMs);
  }

  resume(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#pty.resume();
  }

  /** Signals the whole group. */
  signal(signal: NodeJS.Signals): void {
    signalGroup(this.pid, signal);
  }

  /** Takes the terminal away: the program and what runs in the foreground get SIGHUP. */
  hangUp(): void {
    if (this.#hasExited) {
      return;
    }
    if (this.#pty.destroy === undefined) {
      this.#pty.kill("SIGHUP");
    } else {
      this.#pty.destroy();
    }
  }
}

function side(value: number): number {
  return Math.min(largestSide, Math.max(1, Math.floor(value) || 1));
}
