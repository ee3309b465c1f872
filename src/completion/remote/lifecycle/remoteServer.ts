import * as l10n from "@vscode/l10n";
import { abortable, delay, within } from "../../../base/abort.js";
import type { BackoffBounds } from "../../../base/backoff.js";
import { messageOf, NetworkError } from "../../../base/errors.js";
import { Emitter } from "../../../base/event.js";
import type { Logger } from "../../../base/logger.js";
import { shownMessage } from "../../../platform/errors/shownMessage.js";
import type { ProgramEnd } from "../../../tunnel/programEnd.js";
import { LanguageServerStartError } from "../servers/serverErrors.js";
import type { ServerProcess } from "../servers/startServer.js";
import { RestartPolicy } from "./restartPolicy.js";

/** How a server stands. */
export type RemoteServerState =
  | { readonly phase: "starting" }
  | { readonly phase: "running"; readonly server: string }
  /** It ended, or could not be reached, and is started again after a while. */
  | { readonly phase: "waiting"; readonly delayMs: number; readonly reason: string }
  /** Without an error it was stopped on purpose. */
  | { readonly phase: "stopped"; readonly error?: unknown };

/** A client that talks with a server. */
export interface Conversation {
  /** Says farewell in the protocol's words, where that still can be. */
  stop(): Promise<void>;
}

/** What a server that is kept running is made of. */
export interface RemoteServerParts {
  /** For messages: `pylsp` is not known before it runs. */
  readonly name: string;
  readonly start: (signal: AbortSignal) => Promise<ServerProcess>;
  /** Greets a server that was started. Resolves when it has answered. */
  readonly converse: (process: ServerProcess, signal: AbortSignal) => Promise<Conversation>;
  /** Asked before it is started again: whether the session is still there. Never rejects. */
  readonly isWanted: (signal: AbortSignal) => Promise<boolean>;
  readonly logger: Logger;
  /** Between attempts; 1 s, 2 s, 4 s and so on where nothing else is said. */
  readonly backoff?: BackoffBounds;
}

/** How long a server may take to answer the greeting, in milliseconds: it may look at a whole project first. */
const greetingMs = 60_000;

/** How long the protocol's farewell may take, in milliseconds. */
const farewellMs = 3000;

/** Keeps one language server of a session running, one process at a time, until it is stopped or can't be kept. */
export class RemoteServer {
  readonly #parts: RemoteServerParts;
  readonly #didChange = new Emitter<RemoteServerState>();
  readonly #ending = new AbortController();
  readonly #over: Promise<void>;
  #state: RemoteServerState = { phase: "starting" };

  readonly onDidChange = this.#didChange.event;

  /** Starts at once. */
  constructor(parts: RemoteServerParts) {
    this.#parts = parts;
    this.#over = Promise.resolve().then(async () => this.#keep(this.#ending.signal));
  }

  get state(): RemoteServerState {
    return this.#state;
  }

  /** Resolves when it is over, within seconds: nothing of it runs in the session then, as far as that can be reached. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#over;
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { name, backoff, isWanted } = this.#parts;
    const policy = new RestartPolicy(name, backoff);
    for (;;) {
      this.#set({ phase: "starting" });
      const failure = await this.#failureOfRun(signal, policy);
      const decision = policy.failed(failure);
      if (!signal.aborted && "error" in decision) {
        this.#set({ phase: "stopped", error: decision.error });
        return;
      }
      if (!signal.aborted && "delayMs" in decision) {
        this.#set({ phase: "waiting", delayMs: decision.delayMs, reason: shownMessage(failure) });
        await delay(decision.delayMs, signal).catch(() => undefined); // an abort is seen below
      }
      if (isAborted(signal) || !(await isWanted(signal))) {
        this.#set({ phase: "stopped" });
        return;
      }
    }
  }

  async #failureOfRun(signal: AbortSignal, policy: RestartPolicy): Promise<unknown> {
    try {
      return describedEnd(this.#parts.name, await this.#runOnce(signal, () => policy.succeeded()));
    } catch (error) {
      return error;
    }
  }

  /** How the process ended. */
  async #runOnce(signal: AbortSignal, onRunning: () => void): Promise<ProgramEnd> {
    signal.throwIfAborted();
    const process = await this.#parts.start(signal);
    let conversation: Conversation | undefined;
    try {
      conversation = await this.#greet(process, signal);
      onRunning();
      this.#set({ phase: "running", server: process.server.name });
      return await abortable(process.ended, signal);
    } finally {
      // for programs
      await within(conversation?.stop() ?? Promise.resolve(), farewellMs, "total", "A farewell").catch(
        (error: unknown) => this.#parts.logger.debug(`${this.#parts.name}: ${messageOf(error)}`),
      );
      await process.end();
    }
  }

  /** @throws the end of a server that ends instead. */
  async #greet(process: ServerProcess, signal: AbortSignal): Promise<Conversation> {
    const given = new AbortController();
    const either = AbortSignal.any([signal, given.signal]);
    const ended = process.ended.then((end): never => {
      throw describedEnd(process.server.name, end);
    });
    const greeting = this.#parts.converse(process, either);
    try {
      const what = l10n.t("{0}: the answer to the greeting", process.server.name);
      return await abortable(within(Promise.race([greeting, ended]), greetingMs, "start", what), signal);
    } catch (error) {
      given.abort();
      greeting.then(
        async (late) => late.stop(),
        () => undefined,
      );
      throw error;
    }
  }

  #set(state: RemoteServerState): void {
    this.#state = state;
    this.#parts.logger.info(`${this.#parts.name}: ${stateWords(state)}`);
    this.#didChange.fire(state);
  }
}

/** A state in one line, for logs. */
function stateWords(state: RemoteServerState): string {
  switch (state.phase) {
    case "starting":
      return "starting";
    case "running":
      return `${state.server} is running`; // for programs
    case "waiting":
      return `${state.reason} Again in ${(state.delayMs / 1000).toFixed(1)} s.`; // for programs
    case "stopped":
      return state.error === undefined ? "stopped" : `stopped: ${messageOf(state.error)}`;
  }
}

function describedEnd(name: string, { exitCode, signal }: ProgramEnd): Error {
  if (exitCode === undefined && signal === undefined) {
    return new NetworkError(l10n.t("{0}: the connection to the session was lost.", name), undefined);
  }
  return new LanguageServerStartError(
    signal === undefined
      ? l10n.t("{0} ended with exit code {1}.", name, String(exitCode))
      : l10n.t("{0} ended with signal {1}.", name, signal),
  );
}

/** A signal aborts while others are awaited, which types don't see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
