import { type ChildProcess, spawn } from "node:child_process";
import { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { ProcessStartError } from "../errors.js";
import { signalGroup } from "./groupSignals.js";
import type { PipeStock } from "./pipeStock.js";
import { openProcessPipes, type ProcessPipes } from "./processPipes.js";

/** A command without a shell around it. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** In addition to the session's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where and how a process starts. */
export interface StartOptions extends Command {
  readonly cwd: string;
  readonly pipes: PipeStock;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** Whether the child gets a two-way channel on file descriptor 3. */
  readonly withControl: boolean;
  /** Whether the child gets an input; without one it is empty. */
  readonly withInput: boolean;
}

/** A running process of a session: the leader of a process group of its own. */
export class SessionProcess {
  /** Also the process group. */
  readonly pid: number;
  readonly stdin: Socket | undefined;
  readonly stdout: Socket;
  readonly stderr: Socket;
  readonly control: Duplex | undefined;
  /** The exit code, or minus the number of the signal that ended it. */
  readonly exited: Promise<number>;

  private constructor(pid: number, child: ChildProcess, pipes: ProcessPipes) {
    this.pid = pid;
    this.stdin = pipes.input?.stream;
    this.stdout = pipes.stdout;
    this.stderr = pipes.stderr;
    const control = child.stdio[3];
    this.control = control instanceof Duplex ? control : undefined;
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        pipes.input?.dispose();
        resolve(code ?? (signal === null ? 1 : -constants.signals[signal]));
      });
    });
  }

  /** @throws ProcessStartError when there is no such command. */
  static async start(options: StartOptions): Promise<SessionProcess> {
    const pipes = await openProcessPipes(options.pipes, options.withInput);
    try {
      const child = spawn(options.file, options.args, {
        cwd: options.cwd,
        env: { ...options.baseEnvironment, ...options.environment },
        detached: true,
        stdio: [...pipes.childEnds, options.withControl ? "pipe" : "ignore"],
      });
      const pid = await started(child, options.file);
      return new SessionProcess(pid, child, pipes);
    } catch (error) {
      pipes.input?.dispose();
      pipes.stdout.destroy();
      pipes.stderr.destroy();
      throw error;
    } finally {
      pipes.closeChildEnds();
    }
  }

  /** Signals the whole group. */
  signal(signal: NodeJS.Signals): void {
    signalGroup(this.pid, signal);
  }
}

async function started(child: ChildProcess, file: string): Promise<number> {
  if (child.pid !== undefined) {
    return child.pid;
  }
  const cause = await new Promise<Error>((resolve) => child.once("error", resolve));
  throw new ProcessStartError(file, { cause });
}
