import { accessSync, constants } from "node:fs";
import { Emitter } from "../../../base/event.js";
import type { Disposable } from "../../../base/lifecycle.js";
import { TerminalUnavailableError } from "../errors.js";
import type { ProcessHost } from "../process/processHost.js";
import { loadNodePty, type NodePty, type Pty } from "./nodePty.js";

/** The one terminal of a session; everyone who has it sees and drives the same shell. */
export interface SessionTerminal {
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

const largestSide = 1000;

/**
 * A login shell on a pseudo-terminal.
 *
 * @throws TerminalUnavailableError
 */
export class ShellTerminal implements SessionTerminal, Disposable {
  readonly #pty: Pty;
  readonly #data = new Emitter<Buffer>();
  readonly #exit = new Emitter<number>();
  #hasExited = false;

  constructor(host: ProcessHost) {
    this.#pty = spawnShell(loadNodePty(), host);
    host.adopt(this.#pty.pid);
    this.#pty.onData((data) => this.#data.fire(typeof data === "string" ? Buffer.from(data) : data));
    this.#pty.onExit(({ exitCode, signal }) => {
      this.#hasExited = true;
      this.#exit.fire(signal === undefined || signal === 0 ? exitCode : -signal);
    });
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  readonly onData = (listener: (bytes: Buffer) => void): Disposable => this.#data.event(listener);

  readonly onExit = (listener: (exitCode: number) => void): Disposable => this.#exit.event(listener);

  write(bytes: Buffer): void {
    if (!this.#hasExited) {
      this.#pty.write(bytes);
    }
  }

  /** Sizes outside 1…1000 are brought into it. */
  resize(rows: number, cols: number): void {
    if (!this.#hasExited) {
      this.#pty.resize(side(cols), side(rows));
    }
  }

  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  /** Hangs up. */
  dispose(): void {
    if (!this.#hasExited) {
      this.#pty.kill("SIGHUP");
    }
  }
}

function spawnShell(nodePty: NodePty, host: ProcessHost): Pty {
  const env = { ...host.environment, TERM: "xterm-256color", COLORTERM: "truecolor" };
  try {
    return nodePty.spawn(loginShell(), ["-l"], {
      name: env.TERM,
      cols: 80,
      rows: 24,
      cwd: host.workDir,
      env,
      encoding: null,
    });
  } catch (cause) {
    throw new TerminalUnavailableError("the shell could not be started.", { cause });
  }
}

function loginShell(): string {
  const candidates = [process.env["SHELL"], "/bin/bash", "/bin/sh"];
  return candidates.find((file) => file !== undefined && isExecutable(file)) ?? "/bin/sh";
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function side(value: number): number {
  return Math.min(largestSide, Math.max(1, Math.floor(value) || 1));
}
