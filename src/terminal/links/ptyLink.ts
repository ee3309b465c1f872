import * as l10n from "@vscode/l10n";
import type { BackendAIClient, StreamPty } from "../../api/index.js";
import { delay } from "../../base/abort.js";
import { BackendAIError } from "../../base/errors.js";
import type { ShellEnd, TerminalLink, TerminalSize } from "./terminalLink.js";

/** A terminal that shows nothing for that long after it was asked to redraw is mute; milliseconds. */
const muteMs = 800;

/** Between two changes of size, so that a program sees both; milliseconds. */
const redrawPauseMs = 60;

/** The server opened its terminal, which then showed nothing (`docs/real-servers.md`). */
export class MuteTerminalError extends BackendAIError {
  readonly code = "MUTE_TERMINAL";

  constructor() {
    super(l10n.t("The server's own terminal opens but shows nothing."));
  }
}

/** The protocol's own terminal: one a session, shared by all who connect, with no replay of what it showed before. */
export class PtyLink implements TerminalLink {
  readonly rung = "pty";
  /** The shell is the session's own and stays. */
  readonly keepsScreen = true;
  readonly #pty: StreamPty;
  readonly #reader: AsyncIterator<Uint8Array, void>;
  /** The first piece of output, asked for already. */
  #first: Promise<IteratorResult<Uint8Array, void>> | undefined;

  private constructor(pty: StreamPty) {
    this.#pty = pty;
    this.#reader = pty[Symbol.asyncIterator]();
    this.#first = this.#reader.next();
    this.#first.catch(() => undefined); // who reads gets it
  }

  /**
   * Opens the terminal and has it redrawn.
   * @throws {MuteTerminalError} within a second, on servers whose terminal is not known to work.
   * @throws {StreamClosedError} when it closes with an error instead.
   * @throws {ApiError}
   * @throws {NetworkError}
   * @throws {TimeoutError} (`handshake`)
   */
  static async open(
    client: BackendAIClient,
    sessionId: string,
    { size, signal }: { readonly size: TerminalSize; readonly signal: AbortSignal },
  ): Promise<PtyLink> {
    const pty = await client.terminals.open(sessionId);
    const link = new PtyLink(pty);
    try {
      await link.#redraw(size, signal);
      if (client.findings.of("terminalMute") !== "absent") {
        await link.#expectOutput(signal);
      }
      return link;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  async *read(): AsyncGenerator<Uint8Array, ShellEnd, undefined> {
    for (;;) {
      const { done, value } = await (this.#first ?? this.#reader.next());
      this.#first = undefined;
      if (done === true) {
        return { exitCode: undefined };
      }
      yield value;
    }
  }

  async write(data: Uint8Array): Promise<void> {
    await this.#pty.write(data);
  }

  async delivered(ms: number): Promise<void> {
    await this.#pty.delivered(ms);
  }

  async resize({ rows, cols }: TerminalSize): Promise<void> {
    await this.#pty.resize(rows, cols);
  }

  async restart(): Promise<void> {
    await this.#pty.restart();
  }

  async ping(): Promise<void> {
    await this.#pty.ping();
  }

  async close(): Promise<void> {
    await this.#pty.close();
  }

  /** A size that changes makes shells and programs show themselves to who comes later. */
  async #redraw(size: TerminalSize, signal: AbortSignal): Promise<void> {
    await this.resize({ ...size, cols: Math.max(1, size.cols - 1) });
    await delay(redrawPauseMs, signal);
    await this.resize(size);
  }

  async #expectOutput(signal: AbortSignal): Promise<void> {
    const heard = this.#first?.then(({ done }) => done !== true);
    const waited = new AbortController();
    const silence = delay(muteMs, AbortSignal.any([signal, waited.signal])).then(() => false);
    silence.catch(() => undefined);
    try {
      if ((await Promise.race([heard, silence])) !== true) {
        throw new MuteTerminalError();
      }
    } finally {
      waited.abort();
    }
  }
}
