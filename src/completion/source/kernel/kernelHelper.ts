import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { abortable, anySignal, deadline } from "../../../base/abort.js";
import { NetworkError, StreamClosedError } from "../../../base/errors.js";
import type { Disposable } from "../../../base/lifecycle.js";
import { shorten } from "../../../base/text.js";
import type { SessionSsh, SshLease } from "../../../tunnel/sessionSsh.js";
import { BoundedLines } from "./boundedLines.js";
import { helperCommand } from "./helperCommand.js";
import { type KernelAnswer, type KernelQuestion, readHelperLine } from "./helperLines.js";
import { KernelAnswerError, NoKernelError, type NoKernelReason } from "./kernelErrors.js";
import { kernelScript } from "./kernelScript.js";

/** From nothing to a helper that has found its kernel, with the ssh connection, in milliseconds. */
const startMs = 10_000;

/** How long a question may take, in milliseconds. */
const questionMs = 2_000;

/** The longest line that is read, in bytes: 500 candidates with all their characters escaped fit. */
const lineLimitBytes = 4 * 1024 * 1024;

/** Lines that are none of the helper's: a profile of a shell may print a few. */
const strangeLimit = 200;

/** What is kept of its error output, in characters. */
const errorLimit = 400;

const reasons: Readonly<Record<string, NoKernelReason>> = {
  starting: "starting",
  "no-python": "noPython",
  "no-zmq": "noZmq",
};

interface Waiting {
  readonly resolve: (answer: KernelAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** How a helper is started. */
export interface HelperOptions {
  readonly signal?: AbortSignal | undefined;
  /** Its program, in Python. */
  readonly script?: string | undefined;
}

/** The program in a session that asks its kernel, on one ssh channel. It ends with `dispose`, or by itself: see `onDidEnd`. */
export class KernelHelper implements Disposable {
  readonly #channel: ClientChannel;
  readonly #lease: SshLease;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<void>;
  #onHello: () => void = () => undefined;
  #onRefusal: (error: Error) => void = () => undefined;
  #nextId = 1;
  #strangeLines = 0;
  #errors = "";
  #end: Error | undefined;

  private constructor(channel: ClientChannel, lease: SshLease) {
    this.#channel = channel;
    this.#lease = lease;
    this.#ready = new Promise((resolve, reject) => {
      this.#onHello = resolve;
      this.#onRefusal = reject;
    });
    this.#ready.catch(() => undefined); // who starts it gets it
    const lines = new BoundedLines(
      lineLimitBytes,
      (line) => this.#take(line),
      () => this.#close(new KernelAnswerError(l10n.t("The answer from the session is too long."))),
    );
    channel.on("data", (piece: Buffer) => lines.push(piece));
    channel.stderr.on("data", (piece: Buffer) => {
      this.#errors = (this.#errors + piece.toString("utf8")).slice(-errorLimit);
    });
    channel.on("error", () => undefined); // its end tells
    channel.on("close", () => this.#close(this.#endError()));
  }

  /**
   * Starts the helper and waits until it has found the kernel.
   * @throws {NoKernelError}
   * @throws {KernelAnswerError} when the helper itself fails.
   * @throws {NetworkError}
   * @throws {TimeoutError} (`start`)
   * @throws {SshUnavailableError} and others of `SessionSsh.acquire`.
   */
  static async start(
    ssh: SessionSsh,
    { signal, script = kernelScript }: HelperOptions,
  ): Promise<KernelHelper> {
    const limit = deadline(startMs, "start", l10n.t("Finding the session's interpreter"));
    const either = anySignal(limit.signal, signal);
    let lease: SshLease | undefined;
    let helper: KernelHelper | undefined;
    try {
      lease = await ssh.acquire(either);
      const { command, input } = helperCommand(script);
      const channel = await lease.connection.exec(command, either);
      helper = new KernelHelper(channel, lease);
      channel.write(input);
      await abortable(helper.#ready, either);
      return helper;
    } catch (error) {
      helper?.dispose();
      lease?.dispose();
      throw error;
    } finally {
      limit.clear();
    }
  }

  /** Whether it can be asked. */
  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /**
   * Asks the kernel. A question that is given up is taken back, so that the kernel gets it only if it has it already.
   * @throws {TimeoutError} (`run`)
   * @throws {KernelAnswerError}
   * @throws {NetworkError} when the connection is lost before.
   */
  async ask(question: KernelQuestion, signal: AbortSignal): Promise<KernelAnswer> {
    signal.throwIfAborted();
    if (this.#end !== undefined) {
      throw this.#end;
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const limit = deadline(questionMs, "run", l10n.t("The answer of the session's interpreter"));
    const answer = new Promise<KernelAnswer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    try {
      this.#send({ id, ...question });
      return await abortable(answer, AbortSignal.any([limit.signal, signal]));
    } finally {
      limit.clear();
      if (this.#waiting.delete(id)) {
        this.#send({ cancel: id });
      }
    }
  }

  dispose(): void {
    this.#close(new StreamClosedError(undefined, l10n.t("The session's interpreter is not asked any more.")));
  }

  #send(line: object): void {
    if (this.#end === undefined) {
      this.#channel.write(`${JSON.stringify(line)}\n`);
    }
  }

  #take(text: string): void {
    const line = readHelperLine(text);
    switch (line?.kind) {
      case "hello":
        this.#onHello();
        return;
      case "none":
        this.#onRefusal(new NoKernelError(reasons[line.reason] ?? "none"));
        return;
      case "answer": {
        const waiting = this.#waiting.get(line.id);
        this.#waiting.delete(line.id);
        if (line.answer.kind === "error") {
          waiting?.reject(
            new KernelAnswerError(l10n.t("The session's interpreter answered: {0}", line.answer.message)),
          );
        } else {
          waiting?.resolve(line.answer);
        }
        return;
      }
      case undefined:
        this.#strangeLines += 1;
        if (this.#strangeLines > strangeLimit) {
          this.#close(new KernelAnswerError(l10n.t("The session answers what can't be understood.")));
        }
    }
  }

  #endError(): Error {
    const words = shorten(this.#errors.trim().split("\n").at(-1) ?? "", errorLimit);
    return words === ""
      ? new NetworkError(l10n.t("The connection to the session's interpreter was lost."), undefined)
      : new KernelAnswerError(l10n.t("What asks the session's interpreter has failed: {0}", words));
  }

  #close(error: Error): void {
    if (this.#end !== undefined) {
      return;
    }
    this.#end = error;
    this.#onRefusal(error);
    for (const { reject } of this.#waiting.values()) {
      reject(error);
    }
    this.#waiting.clear();
    this.#channel.close();
    this.#lease.dispose();
  }
}
