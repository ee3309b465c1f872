import { UnsupportedError } from "../../base/errors.js";
import { interruptSession } from "../runs/interruptSession.js";
import { requirementOf } from "../../wire/features.js";
import {
  CreateResponse,
  DestroyResponse,
  LogsResponse,
  MatchResponse,
  SessionInfo,
  type SessionMatch,
} from "../../wire/records/session.js";
import { type Context, requireFeature, sessionRequest } from "../context.js";
import { ApiError } from "../errors.js";
import type { CallOptions, SessionCallOptions } from "../options.js";
import { decode } from "../transport/decode.js";
import { createBody, createDeadlineMs, type CreateSessionOptions, nameOf } from "./createOptions.js";
import { type CreatedSession, createdSession } from "./createdSession.js";
import { type FieldRecord, type SessionRecord, sessionRecord, sessionStatistics } from "./sessionRecord.js";
import { SessionExtras } from "./sessionExtras.js";
import {
  SessionList,
  type SessionListOptions,
  type SessionPage,
  type SessionSummary,
} from "./sessionList.js";
import { imageDigest } from "./imageDigest.js";
import { openTaskLogs } from "./taskLogs.js";

/**
 * The life of sessions. `id` is the session's UUID, or its name on servers of v4. Every call may throw `NotFoundError`
 * for an unknown session, beside the errors of the transport.
 */
export class SessionCalls extends SessionExtras {
  readonly #list: SessionList;

  constructor(context: Context) {
    super(context);
    this.#list = new SessionList(context);
  }

  /**
   * Creates a session, or returns the live one of that name and image. `POST {prefix}`, any manager (`protocol.md` §3.1).
   * Waits for the start unless `enqueueOnly`; a `maxWaitSeconds` that passes is status `TIMEOUT`, no error.
   * @throws {ConflictError} when the name is taken and reuse is off, or the image another.
   * @throws {QuotaExceededError}
   * @throws {NotFoundError} for an unknown image, {GroupNotFoundError} for an unknown group or domain.
   * @throws {TimeoutError} (`headers`) after `timeoutMs`.
   */
  async create(options: CreateSessionOptions, call: SessionCallOptions = {}): Promise<CreatedSession> {
    const { dialect, transport, defaults } = this.context;
    const name = nameOf(options);
    const answer = await transport.ask({
      method: "POST",
      path: dialect.create.path,
      route: dialect.create.path,
      query: { owner_access_key: call.ownerAccessKey },
      json: createBody(this.context, name, options, call.ownerAccessKey),
      headersMs: createDeadlineMs(this.context, options),
      signal: call.signal,
    });
    return createdSession(answer.json(CreateResponse), {
      name,
      domain: options.domain ?? defaults.domain,
      group: options.group ?? defaults.group,
      httpStatus: answer.status,
    });
  }

  /** What the server knows of a session; every value may be missing. `GET {prefix}/{id}`, any manager (§3.2). */
  async info(id: string, call: SessionCallOptions = {}): Promise<SessionInfo> {
    const { transport } = this.context;
    return transport.json(SessionInfo, sessionRequest(this.context, { ...call, method: "GET", id }));
  }

  /**
   * Ends a session. Resolves with its usage statistics, where the server has them; it may still be TERMINATING. `forced` is for
   * sessions that don't end otherwise, and may leave a container behind.
   * `DELETE {prefix}/{id}`, any manager; `recursive` (dependents as well) 20.09+ (§3.2).
   */
  async destroy(
    id: string,
    options: { readonly forced?: boolean; readonly recursive?: boolean } = {},
    call: SessionCallOptions = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const { transport } = this.context;
    const query = {
      forced: options.forced === true || undefined,
      recursive: options.recursive === true || undefined,
    };
    const headersMs = transport.timeouts.endMs;
    const spec = sessionRequest(this.context, { ...call, method: "DELETE", id, query, headersMs });
    const text = (await transport.ask(spec)).text();
    return text === "" ? {} : (parseStats(text, spec.route) ?? {});
  }

  /**
   * A new container over the same scratch files. `PATCH {prefix}/{id}`, managers before 26.4.4 (§3.2).
   * @throws {UnsupportedError} on others.
   */
  async restart(id: string, call: SessionCallOptions = {}): Promise<void> {
    requireFeature(this.context, "restart", "Restarting a session");
    const { transport, dialect } = this.context;
    try {
      const headersMs = transport.timeouts.endMs;
      await transport.run(sessionRequest(this.context, { ...call, method: "PATCH", id, headersMs }));
    } catch (error) {
      if (error instanceof ApiError && (error.status === 501 || error.slug === "not-implemented")) {
        throw new UnsupportedError(
          "Restarting a session",
          requirementOf("restart"),
          `manager ${dialect.manager}`,
        );
      }
      throw error;
    }
  }

  /** Interrupts the code that runs; answers at once and may do nothing. `POST {prefix}/{id}/interrupt` (§4.6). */
  async interrupt(id: string, call: SessionCallOptions = {}): Promise<void> {
    await interruptSession(this.context, id, call);
  }

  /**
   * The container's console log, with its ANSI codes. `GET {prefix}/{id}/logs`, any manager; `kernelId` 24.09+ (§3.2).
   */
  async logs(
    id: string,
    options: { readonly kernelId?: string } = {},
    call: SessionCallOptions = {},
  ): Promise<string> {
    if (options.kernelId !== undefined) {
      requireFeature(this.context, "containerLogsByKernel", "The log of one container");
    }
    const query = { kernel_id: options.kernelId };
    const spec = sessionRequest(this.context, { ...call, method: "GET", id, tail: "/logs", query });
    return (await this.context.transport.json(LogsResponse, spec)).result.logs;
  }

  /**
   * The log file of a batch session in pieces. `GET {prefix}/_/logs`, 19.09+ (§3.2).
   * @param kernelId UUID of the container (`mainKernelId` of a listing), which is not the session's since 23.09.
   * @throws {NotFoundError} for a missing log; some servers answer an empty one instead (`real-servers.md`).
   */
  taskLogs(
    kernelId: string,
    options: { readonly chunkSize?: number } = {},
    call: SessionCallOptions = {},
  ): AsyncIterable<Uint8Array> {
    requireFeature(this.context, "taskLogs", "Reading a task's log");
    return openTaskLogs(this.context, kernelId, { ...options, ...call });
  }

  /** Gives a session another name. `POST {prefix}/{id}/rename`, 22.03+ (§3.2). */
  async rename(id: string, name: string, call: SessionCallOptions = {}): Promise<void> {
    requireFeature(this.context, "rename", "Renaming a session");
    const json = { name: nameOf({ name }) }; // in the body: the only place that every release reads
    await this.context.transport.run(
      sessionRequest(this.context, { ...call, method: "POST", id, tail: "/rename", json }),
    );
  }

  /** Live sessions whose id or name begins like that, by the server's rules. `GET /session/_/match`, 20.03+ (§3.2). */
  async match(prefix: string, call: SessionCallOptions = {}): Promise<readonly SessionMatch[]> {
    requireFeature(this.context, "match", "Matching sessions");
    const path = `${this.context.dialect.prefix}/_/match`;
    const query = { id: prefix, owner_access_key: call.ownerAccessKey };
    const spec = { method: "GET", path, route: path, query, signal: call.signal } as const;
    return (await this.context.transport.json(MatchResponse, spec)).matches;
  }

  /** One page of the caller's sessions, newest first (§3.4). */
  async page(options: SessionListOptions = {}, call: CallOptions = {}): Promise<SessionPage> {
    return this.#list.page(options, call);
  }

  /** All of the caller's sessions, newest first, a page at a time (§3.4). */
  list(options: SessionListOptions = {}, call: CallOptions = {}): AsyncIterable<SessionSummary> {
    return this.#list.all(options, call);
  }

  /**
   * One session in the shape of a listing (§3.4).
   * @throws {NotFoundError}
   */
  async summary(id: string, call: CallOptions = {}): Promise<SessionSummary> {
    return this.#list.one(id, call);
  }

  /**
   * All that a listing can tell of one session, in the server's own words (§3.4).
   * @throws {NotFoundError}
   */
  async record(id: string, call: CallOptions = {}): Promise<SessionRecord> {
    return sessionRecord(this.context, id, call);
  }

  /**
   * `live_stat` and `occupied_slots` of each container of a session (§3.6).
   * @throws {NotFoundError}
   */
  async statistics(id: string, call: CallOptions = {}): Promise<readonly FieldRecord[]> {
    return sessionStatistics(this.context, id, call);
  }

  /** The digest of an image by its reference; `undefined` where the server does not tell (§3.7). */
  async imageDigest(reference: string, call: CallOptions = {}): Promise<string | undefined> {
    return imageDigest(this.context, reference, call);
  }
}

function parseStats(text: string, route: string): Record<string, unknown> | null | undefined {
  return decode(DestroyResponse, text, `DELETE ${route}`).stats;
}
