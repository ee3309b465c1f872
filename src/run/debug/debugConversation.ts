import * as l10n from "@vscode/l10n";
import { isAbort } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { SshConnection } from "../../tunnel/sshConnection.js";
import type { DapLink } from "./dap/dapLink.js";
import {
  type DapEvent,
  type DapMessage,
  type DapRequest,
  type DapResponse,
  failure,
  outputEvent,
  recordOf,
  success,
} from "./dap/messages.js";
import { exitWords, printEnd } from "./programEnd.js";
import type { SessionSources } from "./sessionSources.js";
import { type ProgramScreen, TerminalProgram } from "./terminalProgram.js";

/** The number of requests of ours, whose answers are not for VS Code: it counts from 1. */
const ownSeq = 0;

/** Everything that a conversation needs, once it is there. */
export interface DebugPlace {
  readonly link: DapLink;
  /** Bytes of the link that were read already. */
  readonly first?: Buffer;
  readonly connection: SshConnection;
  /** What the conversation gives back at its end. */
  readonly lease: Disposable;
  /** The program's name for messages. */
  readonly name: string;
  /** Takes the place of the arguments of `launch`; absent for a child process, which is attached to as debugpy says. */
  readonly launchArguments?: Readonly<Record<string, unknown>>;
  readonly sources?: SessionSources;
  /** Shows the terminal of the program. */
  readonly openScreen: () => ProgramScreen;
}

/** What a conversation works with. */
export interface ConversationDeps {
  /** Gets all ready. What it throws ends the conversation. */
  readonly prepare: (signal: AbortSignal, say: (text: string) => void) => Promise<DebugPlace>;
  /** Told what went wrong before the program ran, to show it; not of an abort. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * What VS Code takes for a debug adapter: it gets the session ready when VS Code says its first word, and from then on
 * stands between VS Code and debugpy's adapter in the session. Who makes it disposes it; then nothing of it is left there.
 */
export class DebugConversation implements Disposable {
  readonly #deps: ConversationDeps;
  readonly #didSend = new Emitter<DapMessage>();
  readonly #ending = new AbortController();
  readonly #owned = new DisposableStore();
  #place: DebugPlace | undefined;
  #program: TerminalProgram | undefined;
  #startedAt = 0;
  #isStopping = false;
  #hasTerminated = false;
  /** Messages to VS Code keep their order, though some wait for a look at the disk. */
  #outgoing: Promise<unknown> = Promise.resolve();

  /** Fired with each message to VS Code. */
  readonly onDidSend = this.#didSend.event;

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
  }

  /** The way into the session, for the conversations of child processes. */
  get connection(): SshConnection | undefined {
    return this.#place?.connection;
  }

  /** Takes a message of VS Code. */
  handle(message: DapMessage): void {
    if (message.type !== "request") {
      this.#place?.link.send(message);
      return;
    }
    switch (message.command) {
      case "initialize":
        void this.#begin(message);
        return;
      case "launch":
        this.#startedAt = performance.now();
        break;
      case "source":
        void this.#source(message);
        return;
      case "disconnect":
      case "terminate":
        this.#isStopping = true;
        if (this.#place === undefined) {
          this.#ending.abort();
          this.#send(success(message));
        }
        break;
    }
    this.#place?.link.send(this.#translated(message));
  }

  dispose(): void {
    this.#ending.abort();
    this.#program?.dispose();
    this.#owned.dispose();
  }

  async #begin(request: DapRequest): Promise<void> {
    const say = (text: string): void => this.#send(outputEvent(`${text}\n`));
    try {
      const place = await this.#deps.prepare(this.#ending.signal, say);
      this.#owned.add(place.lease);
      this.#owned.add(place.link);
      this.#ending.signal.throwIfAborted();
      this.#place = place;
      place.link.onDidReceive((message) => this.#received(message));
      place.link.onDidEnd((reason) => this.#lost(reason));
      place.link.start(place.first);
      place.link.send({
        ...request,
        arguments: { ...recordOf(request.arguments), supportsRunInTerminalRequest: true },
      });
    } catch (error) {
      if (!isAbort(error)) {
        this.#deps.onFailure(error);
      }
      this.#send(failure(request, messageOf(error), false));
    }
  }

  /** Ends the program as VS Code's own request would. */
  #stop(): void {
    this.#isStopping = true;
    this.#place?.link.send({ seq: ownSeq, type: "request", command: "terminate", arguments: {} });
  }

  #translated(request: DapRequest): DapRequest {
    const ours = request.command === "launch" ? this.#place?.launchArguments : undefined;
    if (ours === undefined) {
      return request;
    }
    const { noDebug } = recordOf(request.arguments); // VS Code's alone: “run without debugging”
    return { ...request, arguments: { ...ours, noDebug: noDebug === true } };
  }

  #received(message: DapMessage): void {
    if (message.type === "request" && message.command === "runInTerminal") {
      void this.#runInTerminal(message);
    } else if (message.type === "event") {
      this.#happened(message);
    } else if (message.type === "response" && message.command === "stackTrace" && message.success) {
      this.#send(this.#readable(message));
    } else if (message.type !== "response" || message.request_seq !== ownSeq) {
      this.#send(message);
    }
  }

  async #readable(message: DapResponse): Promise<DapMessage> {
    const body = await (this.#place?.sources?.readable(message.body) ?? message.body);
    return { ...message, body };
  }

  #happened(event: DapEvent): void {
    const { category, exitCode } = recordOf(event.body);
    if (event.event === "output" && category === "telemetry") {
      return; // debugpy's to its makers
    }
    this.#hasTerminated ||= event.event === "terminated";
    if (event.event === "exited" && typeof exitCode === "number") {
      this.#exited(exitCode);
    }
    this.#send(event);
  }

  #exited(exitCode: number): void {
    this.#send(outputEvent(exitWords(this.#place?.name ?? l10n.t("The program"), exitCode)));
    if (this.#program !== undefined) {
      const kind = this.#isStopping ? "stopped" : "finished";
      void printEnd(this.#program, { kind, exitCode }, performance.now() - this.#startedAt);
    }
  }

  async #runInTerminal(request: DapRequest): Promise<void> {
    const place = this.#place;
    if (place === undefined) {
      return;
    }
    try {
      const program = await TerminalProgram.start(place.connection, request.arguments, {
        screen: place.openScreen(),
        onDidClose: () => this.#stop(),
      });
      this.#program = program;
      if (this.#ending.signal.aborted) {
        program.dispose();
      }
      place.link.send(success(request));
    } catch (error) {
      place.link.send(failure(request, messageOf(error), true));
    }
  }

  async #source(request: DapRequest): Promise<void> {
    const { source, sourceReference } = recordOf(request.arguments);
    const reference = sourceReference ?? recordOf(source)["sourceReference"];
    try {
      const content = await this.#place?.sources?.text(reference);
      if (content === undefined) {
        this.#place?.link.send(request);
      } else {
        this.#send(success(request, { content }));
      }
    } catch (error) {
      this.#send(failure(request, messageOf(error), true));
    }
  }

  /** The adapter is gone. It says goodbye where it can; else the connection broke, and with it the program ended. */
  #lost(reason: string | undefined): void {
    this.#program?.dispose();
    if (!this.#hasTerminated) {
      if (!this.#isStopping) {
        const words =
          reason === undefined
            ? l10n.t("The connection to the session was lost: debugging is over.")
            : l10n.t("The connection to the session was lost ({0}): debugging is over.", reason);
        this.#send(outputEvent(`${words}\n`, "stderr"));
      }
      this.#send({ seq: 0, type: "event", event: "terminated" });
    }
  }

  #send(message: DapMessage | Promise<DapMessage>): void {
    this.#outgoing = this.#outgoing
      .then(async () => this.#didSend.fire(await message))
      .catch(() => undefined);
  }
}
