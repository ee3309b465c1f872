import { abortable } from "../../../base/abort.js";
import { StreamClosedError } from "../../../base/errors.js";
import { ExecuteServerFrame } from "../../../wire/frames.js";
import { type Context, sessionRequest } from "../../context.js";
import { RunFailedError } from "../../errors.js";
import { decode } from "../../transport/decode.js";
import type { Message, MessageSocket } from "../../transport/messageSocket.js";
import type { RunCarrier, RunPlan, SessionState, StepOutcome } from "../runPlan.js";

/**
 * A run over the websocket `/stream/{prefix}/{id}/execute` (`protocol.md` §5.1): a frame about every 0.2 s, in query mode
 * the most dependable carrier of new servers. The server makes the run's id and never tells it, so a run that is lost can't be freed.
 */
export class StreamCarrier implements RunCarrier {
  readonly #context: Context;
  readonly #session: string;
  #socket: MessageSocket | undefined;
  #frames: AsyncIterator<Message> | undefined;

  constructor(context: Context, session: string) {
    this.#context = context;
    this.#session = session;
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
    const next = await abortable(this.#frames?.next() ?? Promise.reject(this.#closed()), signal);
    if (next.done === true) {
      throw this.#closed();
    }
    const step = decode(ExecuteServerFrame, next.value.data.toString("utf8"), `GET ${this.#route}`);
    if (step.status === "error") {
      throw new RunFailedError(step.msg ?? "The server gave the run up without a reason.");
    }
    if (step.status === "server-restarting") {
      throw new StreamClosedError(undefined, step.msg ?? "The session ended, or the server restarts.");
    }
    return step;
  }

  /** The line goes as it is, no JSON. */
  async answer(text: string, signal: AbortSignal): Promise<StepOutcome> {
    await this.#socket?.send(text);
    return this.proceed(signal);
  }

  /** The server's id of the run is not known, so that there is no way to free the session. */
  async release(isOver: boolean): Promise<SessionState> {
    await this.#socket?.close();
    return isOver ? "free" : "busy";
  }

  #closed(): StreamClosedError {
    return new StreamClosedError(
      undefined,
      `GET ${this.#route}: the connection closed before the run was over`,
    );
  }
}
