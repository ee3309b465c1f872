import * as l10n from "@vscode/l10n";
import { delay, isAbort } from "../base/abort.js";
import { type BackoffBounds, backoffMs } from "../base/backoff.js";
import { messageOf, ProtocolError } from "../base/errors.js";
import type { Disposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import { TextStream } from "../base/textStream.js";
import { type RungPreference, rungLabel, rungsFor } from "./ladder.js";
import { verdictOf } from "./linkFailure.js";
import { openLink } from "./links/openLink.js";
import type { ShellOptions } from "./links/shellScript.js";
import type { Rung, ShellEnd, TerminalLink, TerminalSize } from "./links/terminalLink.js";
import type { RungMemory } from "./rungMemory.js";
import { OutputPacer } from "../base/screen/outputPacer.js";
import { ScreenGuard, terminalRights } from "../base/screen/screenGuard.js";
import { TitleScanner } from "./screen/titleScanner.js";
import { notice, resetModes } from "./screen/words.js";
import { expectRunning, SessionOverError } from "../sessions/sessionPresence.js";
import type { ConnectedServer } from "./connectedServer.js";
import { advance, type TerminalEffect, type TerminalEvent, type TerminalState } from "./terminalState.js";

/** Waits between attempts to connect again. */
const reconnection: BackoffBounds = { firstMs: 250, longestMs: 30_000 };

/** How long the server may take to say that it has what was typed, before the connection counts as dead; milliseconds. */
const receiptMs = 5000;

/** Keys typed within that time share a receipt; milliseconds. */
const receiptDelayMs = 20;

/**
 * How long it takes at most, on a busy computer, until what sshd or ttyd have read is in tmux; milliseconds. It goes through a
 * tmux client, which ends with the connection, and with it what it had not read.
 */
const passMs = 250;

/** A connection that breaks sooner than that was no good: the wait before the next one grows; milliseconds. */
const settledMs = 10_000;

/** A panel that is being dragged changes its size often; programs hear of the last one, after that long; milliseconds. */
const resizeDelayMs = 80;

/** Where a terminal is shown. */
export interface TerminalScreen {
  write(text: string): void;
  setTitle(title: string): void;
  /** The terminal is over; a code other than 0 tells of a failure. */
  finish(exitCode: number | undefined): void;
}

/** What a terminal is made with. */
export interface SessionTerminalParts {
  readonly session: { readonly id: string; readonly name: string };
  readonly shell: ShellOptions;
  /** Whether it is to be a shell of its own: in a folder, or one that is entered by name. */
  readonly wantsOwnShell: boolean;
  readonly screen: TerminalScreen;
  /**
   * The server as it is connected now.
   * @throws {SessionOverError} when it was left.
   */
  readonly server: (signal: AbortSignal) => Promise<ConnectedServer>;
  readonly memory: RungMemory;
  readonly preference: () => RungPreference;
  /** Milliseconds between pings of an idle terminal; 0: none. */
  readonly keepAliveMs: () => number;
  readonly describe: (error: unknown) => string;
  readonly logger: Logger;
  /** Told what stopped it for good. */
  readonly onDidStop?: (error: unknown) => void;
  /** Told that the folder asked for is not there. */
  readonly onDidMissFolder?: () => void;
  readonly onDidChange?: (state: TerminalState) => void;
}

/** A terminal of a session: finds a way in, carries keys and output, and comes back after the connection was lost. */
export class SessionTerminal implements Disposable {
  readonly #parts: SessionTerminalParts;
  readonly #pacer: OutputPacer;
  readonly #titles = new TitleScanner();
  #state: TerminalState = { phase: "idle", held: "" };
  #size: TerminalSize = { rows: 24, cols: 80 };
  #link: TerminalLink | undefined;
  #last: Rung | undefined;
  #isStartingShell = false;
  #attempt: AbortController | undefined;
  #sending: Promise<void> = Promise.resolve();
  #sentCount = 0;
  /** Characters of our own line that stands last on the screen; 0 when something else does. */
  #saidLength = 0;
  #retry: NodeJS.Timeout | undefined;
  #resizing: NodeJS.Timeout | undefined;
  #receipt: NodeJS.Timeout | undefined;
  #keepAlive: NodeJS.Timeout | undefined;
  #pty: Disposable | undefined;
  #openedAt = 0;
  /** Connections in a row that broke at once. */
  #shortLived = 0;

  constructor(parts: SessionTerminalParts) {
    this.#parts = parts;
    this.#pacer = new OutputPacer((text) => {
      parts.screen.write(this.#saidLength > 0 ? `\r\n${text}` : text);
      this.#saidLength = 0;
    });
  }

  get state(): TerminalState {
    return this.#state;
  }

  /** Connects. `size` is absent while nobody has seen the terminal. */
  open(size: TerminalSize | undefined): void {
    this.#size = size ?? this.#size;
    this.#dispatch({ type: "started" });
  }

  /** What a person typed, or what the screen itself answers. */
  input(data: string): void {
    const typed = this.#pacer.input(data);
    if (typed !== "") {
      this.#dispatch({ type: "typed", data: typed, at: performance.now() });
    }
  }

  /** Tells programs of a new size, once it has settled. */
  resize(size: TerminalSize): void {
    this.#size = size;
    clearTimeout(this.#resizing);
    this.#resizing = setTimeout(() => {
      this.#link?.resize(this.#size).catch(() => undefined); // the reader learns of a broken link
    }, resizeDelayMs);
  }

  /**
   * Whether a shell of its own may be left in the session when it is closed: by ssh one outlives its connection, also one that was
   * still being waited for.
   */
  get mayHaveShell(): boolean {
    return this.#last === "ssh" || this.#isStartingShell;
  }

  /** Whether it shows the session's own terminal, which can start the session's processes anew. */
  get canRestart(): boolean {
    return this.#link?.restart !== undefined;
  }

  /** Starts the session's processes anew. Resolves at once where {@link canRestart} is false. */
  async restart(): Promise<void> {
    await this.#link?.restart?.();
  }

  /** Ends the connection; what runs in the session is not touched. */
  dispose(): void {
    this.#attempt?.abort();
    for (const timer of [this.#retry, this.#resizing, this.#receipt]) {
      clearTimeout(timer);
    }
    this.#state = { phase: "closed", canRetry: false };
    this.#leave();
    this.#pacer.release();
  }

  #dispatch(event: TerminalEvent): void {
    const { state, effects } = advance(this.#state, event);
    const hasMoved = state.phase !== this.#state.phase;
    this.#state = state;
    for (const effect of effects) {
      this.#perform(effect);
    }
    if (hasMoved) {
      this.#parts.logger.debug(`terminal of ${this.#parts.session.name}: ${state.phase}`);
      this.#parts.onDidChange?.(state);
    }
  }

  #perform(effect: TerminalEffect): void {
    switch (effect.type) {
      case "connect":
        void this.#connect(effect.attempt);
        break;
      case "send":
        this.#send(effect.data);
        break;
      case "bell":
        this.#parts.screen.write("\x07");
        break;
      case "say":
        this.#say(effect.words, effect.tone);
        break;
      case "wait":
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => this.#dispatch({ type: "retryDue" }), effect.ms);
        break;
      case "stopWaiting":
        clearTimeout(this.#retry);
        break;
      case "close":
        this.#parts.screen.finish(effect.exitCode);
        break;
    }
  }

  /** Never rejects: what goes wrong is an event. */
  async #connect(attempt: number): Promise<void> {
    const controller = new AbortController();
    this.#attempt?.abort();
    this.#attempt = controller;
    const { signal } = controller;
    try {
      const server = await this.#parts.server(signal);
      if (this.#last !== undefined) {
        await expectRunning(server.client, this.#parts.session, signal);
      }
      const link = await this.#climb(server, signal);
      if (signal.aborted) {
        await link.close();
      } else {
        this.#use(link, server);
      }
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) {
        this.#failed(error, attempt);
      } else if (!signal.aborted) {
        this.#failed(new SessionOverError(l10n.t("The connection to the server was given up.")), attempt);
      }
    }
  }

  /**
   * Tries one way after the other.
   * @throws What stopped the last one; the others were said before.
   */
  async #climb({ client, ssh }: ConnectedServer, signal: AbortSignal): Promise<TerminalLink> {
    const { session, shell, memory, preference, describe, logger } = this.#parts;
    const rungs = rungsFor({
      preference: preference(),
      mute: client.findings.of("terminalMute"),
      isPtyTaken: memory.isPtyTaken(session.id, this),
      wantsOwnShell: this.#parts.wantsOwnShell,
      refused: memory.refused(session.id),
      last: this.#last,
    });
    let failure: unknown;
    for (const [index, rung] of rungs.entries()) {
      // Before it is open: terminals that open together are not to take it for free all at once.
      this.#leavePty();
      this.#pty = rung === "pty" ? memory.takePty(session.id, this) : undefined;
      this.#isStartingShell = rung === "ssh";
      const size = this.#size;
      try {
        const link = await openLink(rung, {
          client,
          sessionId: session.id,
          ssh,
          shell,
          size,
          signal,
        });
        if (this.#size !== size) {
          await link.resize(this.#size).catch(() => undefined); // its reader learns of a broken link
        }
        memory.allow(session.id, rung);
        return link;
      } catch (error) {
        signal.throwIfAborted();
        this.#leavePty();
        this.#isStartingShell = false;
        failure = error;
        logger.info(`terminal of ${session.name} by ${rung}: ${messageOf(error)}`);
        const verdict = verdictOf(error);
        if (verdict === "refused") {
          memory.refuse(session.id, rung);
        }
        const next = rungs[index + 1];
        if (verdict === "stop" || verdict === "unreachable" || next === undefined) {
          break;
        }
        this.#say(`${describe(error)} ${l10n.t("Trying {0}.", rungLabel(next))}`, "note");
      }
    }
    throw failure;
  }

  #failed(error: unknown, attempt: number): void {
    const { describe, onDidStop } = this.#parts;
    if (error instanceof SessionOverError) {
      this.#dispatch({ type: "gone", words: error.message });
      return;
    }
    const verdict = verdictOf(error);
    const isFinal = verdict === "stop" || (this.#last === undefined && verdict !== "unreachable");
    const waitMs = backoffMs(attempt + 1, reconnection, Math.random());
    const again = isFinal
      ? ""
      : ` ${l10n.t("Trying again in {0} s.", Math.max(1, Math.round(waitMs / 1000)))}`;
    this.#dispatch({
      type: "failed",
      words: `${describe(error)}${again}`,
      at: performance.now(),
      waitMs,
      isFinal,
    });
    if (isFinal) {
      onDidStop?.(error);
    }
  }

  #use(link: TerminalLink, server: ConnectedServer): void {
    const { session, logger, keepAliveMs } = this.#parts;
    this.#link = link;
    this.#last = link.rung;
    this.#sentCount = 0;
    this.#sending = Promise.resolve();
    this.#openedAt = performance.now();
    logger.info(`terminal of ${session.name} is open by ${link.rung}`);
    const { rung, keepsScreen, isFresh = false } = link;
    this.#dispatch({ type: "opened", rung, keepsScreen, isFresh });
    if (link.isElsewhere === true) {
      this.#parts.onDidMissFolder?.();
    }
    const everyMs = keepAliveMs();
    if (everyMs > 0) {
      this.#keepAlive = setInterval(() => void link.ping().catch(() => undefined), everyMs);
    }
    void this.#pump(link, server);
  }

  /** Shows what the link shows until it ends. Never rejects. */
  async #pump(link: TerminalLink, server: ConnectedServer): Promise<void> {
    const texts = new TextStream();
    const guard = new ScreenGuard(terminalRights);
    const reader = link.read();
    try {
      for (;;) {
        const { done, value } = await reader.next();
        if (this.#link !== link) {
          return;
        }
        if (done === true) {
          await this.#ended(link, value, server);
          return;
        }
        await this.#show(guard.take(texts.take(value)));
      }
    } catch (error) {
      if (this.#link === link) {
        if (error instanceof ProtocolError) {
          this.#parts.memory.refuse(this.#parts.session.id, link.rung);
        }
        this.#lost(this.#parts.describe(error));
      }
    }
  }

  async #show(text: string): Promise<void> {
    const title = this.#titles.take(text);
    if (title !== undefined) {
      this.#parts.screen.setTitle(title);
    }
    if (text !== "") {
      await this.#pacer.write(text);
    }
  }

  /** The server's own terminal ends with its shell, with its session, or because it was mute all along. */
  async #ended(link: TerminalLink, { exitCode }: ShellEnd, { client }: ConnectedServer): Promise<void> {
    if (link.rung === "pty" && client.findings.of("terminalMute") === "seen") {
      this.#parts.memory.refuse(this.#parts.session.id, "pty");
      this.#lost(l10n.t("The server's own terminal closed at the first key."));
      return;
    }
    const over = await expectRunning(client, this.#parts.session, AbortSignal.timeout(receiptMs)).then(
      () => undefined,
      (error: unknown) => (error instanceof SessionOverError ? error : undefined),
    );
    if (this.#link !== link) {
      return;
    }
    this.#leave();
    this.#dispatch(over ? { type: "gone", words: over.message } : { type: "ended", exitCode });
  }

  #lost(words: string): void {
    this.#leave();
    this.#parts.screen.write(resetModes);
    this.#shortLived = performance.now() - this.#openedAt < settledMs ? this.#shortLived + 1 : 0;
    const waitMs = backoffMs(Math.max(0, this.#shortLived - 1), reconnection, Math.random());
    this.#dispatch({ type: "lost", words, at: performance.now(), waitMs });
  }

  #leave(): void {
    const link = this.#link;
    this.#link = undefined;
    clearInterval(this.#keepAlive);
    clearTimeout(this.#receipt);
    this.#receipt = undefined;
    this.#leavePty();
    link?.close().catch(() => undefined); // it is over either way
  }

  #leavePty(): void {
    this.#pty?.dispose();
    this.#pty = undefined;
  }

  /** In order, and no faster than the link takes it. */
  #send(data: string): void {
    const link = this.#link;
    if (link === undefined) {
      return;
    }
    this.#sentCount += 1;
    this.#sending = this.#sending
      .then(() => (this.#link === link ? link.write(Buffer.from(data)) : undefined))
      .catch(() => undefined); // the reader learns of a broken link
    this.#receipt ??= setTimeout(() => void this.#confirm(link), receiptDelayMs);
  }

  /** Learns what has arrived, so that a lost connection loses no more than it must. */
  async #confirm(link: TerminalLink): Promise<void> {
    const count = this.#sentCount;
    let isConfirmed = false;
    try {
      await this.#sending;
      const taken = link.taken?.(receiptMs);
      taken?.catch(() => undefined); // waited for below
      await link.delivered(receiptMs);
      if (taken !== undefined) {
        await taken;
        await delay(passMs);
      }
      if (this.#link === link) {
        isConfirmed = true;
        this.#dispatch({ type: "confirmed", count });
      }
    } catch {
      // the reader learns of a broken link
    } finally {
      if (this.#link === link) {
        const hasMore = this.#sentCount > count || !isConfirmed; // the session may just be slow
        this.#receipt = hasMore ? setTimeout(() => void this.#confirm(link), receiptDelayMs) : undefined;
      }
    }
  }

  /** A line of our own. A short one that follows another takes its place, so that a long outage is one line. */
  #say(words: string, tone: "note" | "trouble"): void {
    const replacesLast = this.#saidLength > 0 && this.#saidLength < this.#size.cols;
    this.#parts.screen.write(notice(words, { tone, replacesLast }));
    this.#saidLength = words.length;
  }
}
