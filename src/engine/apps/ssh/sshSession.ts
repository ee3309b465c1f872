import type { Duplex } from "node:stream";
import type { PseudoTtyInfo, ServerChannel, Session as SshChannel } from "ssh2";
import { messageOf } from "../../../base/errors.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { loginShell, type ProcessHost } from "../../execution/index.js";
import type { Session } from "../../sessions/session.js";
import { SftpServer } from "../sftp/sftpServer.js";
import { reportEnd, signalNamed } from "./programEnd.js";
import { type Program, runOnPipes, runOnTerminal } from "./programs.js";

/** Variables that a client may set: how text looks and what time it is, never what runs. */
const acceptedVariables = /^(LANG|LANGUAGE|LC_[A-Z]+|TERM|COLORTERM|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR)$/;
const variablesLimit = 64;
const variableLimitChars = 4096;
/** What a shell answers for what it can't start. */
const notStartedExitCode = 127;

/** What the channels of a connection share. */
export interface SshSessionParts {
  readonly session: Session;
  readonly processes: () => ProcessHost;
  readonly connection: Duplex;
  readonly logger: Logger;
}

/** One `session` channel: at most one shell, command or subsystem. Disposing it is the end of its client. */
export class SshSession implements Disposable {
  readonly #parts: SshSessionParts;
  readonly #environment: Record<string, string> = {};
  /** Without the modes that the client wants: ssh2 misreads them. */
  #terminal: PseudoTtyInfo | undefined;
  #program: Disposable & Partial<Program> = { dispose: () => undefined };
  #isClosed = false;

  constructor(channel: SshChannel, parts: SshSessionParts) {
    this.#parts = parts;
    channel.on("env", (accept, reject, { key, val }) =>
      this.#answer(this.#setVariable(key, val), accept, reject),
    );
    channel.on("pty", (accept, _reject, info) => {
      this.#terminal = info;
      this.#answer(true, accept);
    });
    channel.on("window-change", (accept, _reject, { rows, cols }) => {
      this.#terminal &&= { ...this.#terminal, rows, cols };
      this.#program.resize?.(rows, cols);
      this.#answer(true, accept);
    });
    channel.on("signal", (accept, reject, { name }) => {
      const signal = signalNamed(name);
      this.#answer(signal !== undefined, accept, reject);
      if (signal !== undefined) {
        this.#program.signal?.(signal);
      }
    });
    channel.on("shell", (accept) => void this.#run(accept(), ["-l"]));
    channel.on("exec", (accept, _reject, { command }) => void this.#run(accept(), ["-c", command]));
    channel.on("subsystem", (accept, reject, { name }) => {
      if (name === "sftp") {
        this.#program = new SftpServer(this.#watched(accept()), parts);
      } else {
        this.#answer(false, undefined, reject);
      }
    });
    channel.on("close", () => this.dispose());
  }

  dispose(): void {
    this.#isClosed = true;
    this.#program.dispose();
  }

  /** ssh2 gives no functions for requests that want no answer, whatever its types say. */
  #answer(isAccepted: boolean, accept?: () => unknown, reject?: () => unknown): void {
    (isAccepted ? accept : reject)?.();
  }

  #setVariable(name: string, value: string): boolean {
    const hasRoom =
      Object.keys(this.#environment).length < variablesLimit && value.length <= variableLimitChars;
    if (!hasRoom || value.includes("\0") || !acceptedVariables.test(name)) {
      return false;
    }
    this.#environment[name] = value;
    return true;
  }

  #watched(channel: ServerChannel): ServerChannel {
    channel.on("error", () => undefined);
    channel.on("close", () => this.dispose());
    return channel;
  }

  async #run(channel: ServerChannel, args: readonly string[]): Promise<void> {
    this.#watched(channel);
    const { connection, logger } = this.#parts;
    try {
      const environment = this.#environment;
      const start = {
        host: this.#parts.processes(),
        channel,
        connection,
        file: loginShell(),
        args,
        environment,
      };
      this.#program =
        this.#terminal === undefined ? await runOnPipes(start) : runOnTerminal(start, this.#terminal);
      if (this.#isClosed) {
        this.#program.dispose();
      }
    } catch (error) {
      logger.debug(`a program could not be started over ssh: ${messageOf(error)}`);
      channel.stderr.write(`${messageOf(error)}\n`);
      reportEnd(channel, notStartedExitCode);
    }
  }
}
