import { BackgroundTaskData, SessionEventData } from "../../wire/records/session.js";
import { type Context, requireFeature } from "../context.js";
import { NotFoundError, StreamClosedError } from "../errors.js";
import type { CallOptions } from "../options.js";
import { decode } from "../transport/decode.js";
import { openEvents } from "../transport/sse.js";

/** Something that happened to a session or to one of its containers. */
export interface SessionEvent {
  /** `session_started`, `kernel_terminated`, … (`protocol.md` §5.3); newer servers have others. */
  readonly name: string;
  /** UUID; `undefined` from servers of v4 and v5, which know the name alone. */
  readonly sessionId: string | undefined;
  readonly sessionName: string | undefined;
  readonly ownerAccessKey: string | undefined;
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
  /** Of `kernel_*` events. */
  readonly kernelId: string | undefined;
}

/** Which events. */
export interface SessionEventOptions {
  /** Of this session alone, by name; all of the caller's sessions when absent. */
  readonly name?: string | undefined;
  /** Of this session alone; 20.09+. Since 26.x it is ignored, so events are filtered here as well. */
  readonly sessionId?: string | undefined;
  /** Only `session_*` or only `kernel_*` events; 20.09+. */
  readonly scope?: "*" | "session" | "kernel" | undefined;
  readonly group?: string | undefined;
  /** Administrators only. */
  readonly ownerAccessKey?: string | undefined;
  /** Called when the server has taken the request: what happens from then on is told, what happened before is not. */
  readonly onOpen?: (() => void) | undefined;
}

/** How far a background task is. */
export interface BackgroundTaskEvent {
  /** Without the prefix that releases differ in: `updated`, `done`, `failed`, `cancelled`. */
  readonly state: string;
  readonly message: string | undefined;
  readonly current: number | undefined;
  readonly total: number | undefined;
}

/** Server-sent events (`protocol.md` §5.3, §5.4). Iterating opens the stream, leaving the loop closes it. */
export class EventCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Life-cycle events as they happen. `GET /events/session`, 20.03+; `/stream/kernel/_/events`, 19.09. Nothing is replayed:
   * after every (re)connection, list; events may be missing altogether.
   * @throws {StreamClosedError} when the stream ends
   * @throws {TimeoutError} (`idle`) when even the pings (every 15 s) stop:
   * open it again.
   * @throws {UnsupportedError}
   * @throws {NotFoundError} for an unknown group.
   */
  async *sessions(
    options: SessionEventOptions = {},
    { signal }: CallOptions = {},
  ): AsyncGenerator<SessionEvent, void, undefined> {
    requireFeature(this.#context, "events", "Watching sessions");
    const { path, nameParameter, scopes } = this.#context.dialect.events;
    const { name, sessionId, scope, group, ownerAccessKey, onOpen } = options;
    const query = {
      [nameParameter]: name ?? "*",
      ...(scopes ? { sessionId, scope } : {}),
      [nameParameter === "sessionName" ? "groupName" : "group"]: group,
      ownerAccessKey,
    };
    const spec = { method: "GET", path, route: path, query, signal } as const;
    const events = openEvents(this.#context.transport, spec, onOpen);
    for await (const event of events) {
      const data = decode(SessionEventData, event.data, `GET ${path}`);
      const read = this.#event(event.name, data);
      if (sessionId === undefined || read.sessionId === undefined || read.sessionId === sessionId) {
        yield read;
      }
    }
  }

  /**
   * The progress of a commit or the like, to its end. `GET /events/background-task`, 20.03+. A task that is over gives its last
   * state at once.
   * @throws {NotFoundError} for an unknown one; 23.09 says `ServerError`.
   * @throws {StreamClosedError} when the stream ends before the task does.
   */
  async *backgroundTask(
    taskId: string,
    { signal }: CallOptions = {},
  ): AsyncGenerator<BackgroundTaskEvent, void, undefined> {
    requireFeature(this.#context, "backgroundTasks", "Watching a background task");
    const path = "/events/background-task";
    const query = { task_id: taskId };
    let isKnown = false;
    try {
      const spec = { method: "GET", path, route: path, query, signal } as const;
      for await (const event of openEvents(this.#context.transport, spec)) {
        isKnown = true;
        const progress = taskEvent(event.name, decode(BackgroundTaskData, event.data, `GET ${path}`));
        yield progress;
        if (["done", "failed", "cancelled"].includes(progress.state)) {
          return;
        }
      }
    } catch (error) {
      if (isKnown || !(error instanceof StreamClosedError)) {
        throw error;
      }
    }
    if (!isKnown) {
      throw new NotFoundError({ status: 200, method: "GET", path, detail: `there is no task ${taskId}` });
    }
  }

  /** In v4 the session's name is under `sessionId`. */
  #event(name: string, data: ReturnType<typeof SessionEventData.parse>): SessionEvent {
    const isNamed = this.#context.dialect.addressing === "name";
    return {
      name,
      sessionId: isNamed ? undefined : (data.sessionId ?? undefined),
      sessionName: data.sessionName ?? (isNamed ? (data.sessionId ?? undefined) : undefined),
      ownerAccessKey: data.ownerAccessKey ?? undefined,
      reason: data.reason ?? undefined,
      exitCode: data.exitCode ?? undefined,
      kernelId: data.kernelId ?? undefined,
    };
  }
}

function taskEvent(name: string, data: ReturnType<typeof BackgroundTaskData.parse>): BackgroundTaskEvent {
  return {
    state: name.replace(/^(?:bg)?task_/, ""),
    message: data.message ?? undefined,
    current: data.current_progress ?? undefined,
    total: data.total_progress ?? undefined,
  };
}
