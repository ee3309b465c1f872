import { abortable, deadline } from "../../../base/abort.js";
import { messageOf, StreamClosedError } from "../../../base/errors.js";
import { ExecuteServerFrame } from "../../../wire/frames.js";
import { type Context, sessionRequest } from "../../context.js";
import { RunFailedError } from "../../errors.js";
import type { SessionCallOptions } from "../../options.js";
import { decode } from "../../transport/decode.js";
import type { Message, MessageSocket } from "../../transport/messageSocket.js";
import { interruptSession } from "../interruptSession.js";
import type { RunCarrier, RunPlan, SessionState, StepOutcome } from "../runPlan.js";

/**
 * A run over the websocket `/stream/{prefix}/{id}/execute` (`protocol.md` §5.1): a frame about every 0.2 s, in query mode
 * the most dependable carrier of new servers. The server makes the run's id and never tells it, so a run that is lost can't be freed.
 */
export class StreamCarrier implements RunCarrier {
  readonly isSlowToBegin = true;
  readonly #context: Context;
  readonly #session: string;
  #socket: MessageSocket | undefined;
  #frames: AsyncIterator<Message> | undefined;
  readonly #call: SessionCallOptions;
  /** Whether the program runs, as far as was heard, and whether its connection broke meanwhile. */
  #progress: "none" | "heard" | "broken" = "none";

  constructor(context: Context, session: string, call: SessionCallOptions) {
    this.#context = context;
    this.#session = session;
    this.#call = { ownerAccessKey: call.ownerAccessKey };
  }

  get #route(): string {
    return `/stream${this.#context.dialect.prefix}/{id}/execute`;
  }

  async begin(plan: RunPlan, signal: AbortSignal): Promise<StepOutcome> {
    const { path } = sessionRequest(this.#context, { method: "GET", id: this.#session, tail: "/execute" });
    this.#socket = await this.#context.sockets.open({ path: `/stream${path}`, route: this.#route, signal });
    this.#frames = this.#socket[Symbol.asyncIterator]();
    const frame =
      plan.mode === "query"
        ? { mode: "query", code: plan.code, options: {} }
        : { mode: "batch", code: "", options: plan.options };
    await this.#socket.send(JSON.stringify(frame));
    return this.proceed(signal);
  }

  async proceed(signal: AbortSignal): Promise<StepOutcome> {
    const frame = await abortable(this.#next(), signal);
    const step = decode(ExecuteServerFrame, frame.data.toString("utf8"), `GET ${this.#route}`);
    if (step.status === "error") {
      throw new RunFailedError(step.msg ?? "The server gave the run up without a reason.");
    }
    if (step.status === "server-restarting") {
      throw new StreamClosedError(undefined, step.msg ?? "The session ended, or the server restarts.");
    }
    return step;
  }

  /** Whatever the server may still have said: frames that nobody has read yet must not hide that it is gone. */
  async broken(): Promise<never> {
    const error = await this.#socket?.over;
    this.#progress = "broken"; // a program that asks was heard
    throw error ?? this.#closed();
  }

  /** The line goes as it is, no JSON. */
  async answer(text: string, signal: AbortSignal): Promise<StepOutcome> {
    await this.#socket?.send(text);
    return this.proceed(signal);
  }

  /**
   * The server's id of the run is not known, so that there is no sure way to free the session. A program whose connection
   * broke is interrupted: nobody will hear of it any more.
   */
  async release(isOver: boolean): Promise<SessionState> {
    const isBroken = this.#progress === "broken"; // by the other end, not by the next line
    await this.#socket?.close();
    if (!isOver && isBroken) {
      await this.#interrupt();
    }
    return isOver ? "free" : "busy";
  }

  async #next(): Promise<Message> {
    try {
      const next = await (this.#frames?.next() ?? Promise.reject(this.#closed()));
      if (next.done === true) {
        throw this.#closed();
      }
      this.#progress = "heard";
      return next.value;
    } catch (error) {
      this.#progress = this.#progress === "heard" ? "broken" : this.#progress; // one that waits may follow somebody else's
      throw error;
    }
  }

  async #interrupt(): Promise<void> {
    const { timeouts, logger } = this.#context.transport;
    const limit = deadline(timeouts.runGraceMs, "run", "interrupting a run that was lost");
    try {
      await interruptSession(this.#context, this.#session, { ...this.#call, signal: limit.signal });
    } catch (error) {
      logger.warn(`a run that was lost may go on in its session: ${messageOf(error)}`);
    } finally {
      limit.clear();
    }
  }

  #closed(): StreamClosedError {
    return new StreamClosedError(
      undefined,
      `GET ${this.#route}: the connection closed before the run was over`,
    );
  }
}
