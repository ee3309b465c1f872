import * as z from "zod/mini";
import {
  AbuseReport,
  CommitResponse,
  CommitStatus,
  CreateResponse,
  DirectAccess,
  ImagifyResponse,
  StatusHistory,
  TransitStatus,
} from "../../wire/records/session.js";
import { requireFeature, sessionRequest } from "../context.js";
import type { CallOptions, SessionCallOptions } from "../options.js";
import { createDeadlineMs, type CreateSessionOptions, nameOf } from "./createOptions.js";
import { type CreatedSession, createdSession } from "./createdSession.js";
import { SessionStateCalls } from "./sessionStateCalls.js";

/** A session and what it waits for. */
export interface DependencyNode {
  readonly session_id: string;
  readonly session_name: string;
  readonly status: string;
  readonly status_changed?: string | null | undefined;
  readonly depends_on: readonly DependencyNode[];
}

const DependencyRecord: z.ZodMiniType<DependencyNode> = z.looseObject({
  session_id: z.string(),
  session_name: z.string(),
  status: z.string(),
  status_changed: z.optional(z.nullable(z.string())),
  depends_on: z.array(z.lazy(() => DependencyRecord)),
});

/** Overrides of a template; everything else comes from it. */
export type TemplateOverrides = Partial<CreateSessionOptions>;

/** The rarer calls on sessions: most exist since some release only and throw `UnsupportedError` before it. */
export class SessionExtras extends SessionStateCalls {
  /** Creates a session from a template. `POST /session/_/create-from-template`, 20.03+ (`protocol.md` §3.1). */
  async createFromTemplate(
    templateId: string,
    overrides: TemplateOverrides = {},
    call: SessionCallOptions = {},
  ): Promise<CreatedSession> {
    requireFeature(this.context, "createFromTemplate", "Creating a session from a template");
    const { image, type, tag, startupCommand, environ, mounts, resources } = overrides;
    const config = { environ, mounts, resources, scaling_group: overrides.resourceGroup };
    const body = { template_id: templateId, image, type, tag, startupCommand, config };
    return this.#create("/_/create-from-template", body, overrides, call);
  }

  /** Creates a cluster session from a template. `POST /session/_/create-cluster`, 20.09+ (§3.1). */
  async createCluster(
    template: string,
    overrides: TemplateOverrides = {},
    call: SessionCallOptions = {},
  ): Promise<CreatedSession> {
    requireFeature(this.context, "createCluster", "Creating a cluster from a template");
    const body = {
      template,
      type: overrides.type,
      tag: overrides.tag,
      scaling_group: overrides.resourceGroup,
    };
    return this.#create("/_/create-cluster", body, overrides, call);
  }

  /**
   * Saves the session's container as an image file, as a background task. `POST /session/{id}/commit`, 22.09+ (§3.2).
   * @returns `taskId` is for `events.backgroundTask`.
   */
  async commit(
    id: string,
    options: { readonly filename?: string } = {},
    call: SessionCallOptions = {},
  ): Promise<{ readonly taskId: string; readonly path: string | undefined }> {
    requireFeature(this.context, "commit", "Committing a session");
    const given = options.filename === undefined ? {} : { filename: options.filename };
    const parameters =
      this.context.dialect.commitParameters === "query" ? { query: given, json: {} } : { json: given };
    const spec = sessionRequest(this.context, {
      ...call,
      method: "POST",
      id,
      tail: "/commit",
      ...parameters,
    });
    const response = await this.context.transport.json(CommitResponse, spec);
    return { taskId: response.bgtask_id, path: response.path };
  }

  /** `ready` or `ongoing`. `GET /session/{id}/commit`, 22.09+ (§3.2). */
  async commitStatus(id: string, call: SessionCallOptions = {}): Promise<string> {
    requireFeature(this.context, "commit", "Committing a session");
    const spec = sessionRequest(this.context, { ...call, method: "GET", id, tail: "/commit" });
    return (await this.context.transport.json(CommitStatus, spec)).status;
  }

  /**
   * Makes an image of the session's container in the registry, as a background task. `POST /session/{id}/imagify`, 24.03+ (§3.2).
   * @returns The task's id, for `events.backgroundTask`.
   */
  async imagify(id: string, imageName: string, call: SessionCallOptions = {}): Promise<string> {
    requireFeature(this.context, "imagify", "Making an image of a session");
    const json = { image_name: imageName, image_visibility: "user" };
    const spec = sessionRequest(this.context, { ...call, method: "POST", id, tail: "/imagify", json });
    return (await this.context.transport.json(ImagifyResponse, spec)).task_id;
  }

  /** `detected`, `cleaning`, or `undefined` for none. `GET /session/{id}/abusing-report`, 22.09+ (§3.2). */
  async abusingReport(id: string, call: SessionCallOptions = {}): Promise<string | undefined> {
    requireFeature(this.context, "abusingReport", "The abusing report");
    const spec = sessionRequest(this.context, { ...call, method: "GET", id, tail: "/abusing-report" });
    return (await this.context.transport.json(AbuseReport, spec)).abuse_report ?? undefined;
  }

  /**
   * Where the sshd of a SYSTEM (SFTP) session listens; `undefined` for others. `GET /session/{id}/direct-access-info`, 22.09+ (§3.2).
   */
  async directAccess(
    id: string,
    call: SessionCallOptions = {},
  ): Promise<{ readonly host: string; readonly sshPorts: readonly number[] } | undefined> {
    requireFeature(this.context, "directAccess", "Direct access to a session");
    const spec = sessionRequest(this.context, { ...call, method: "GET", id, tail: "/direct-access-info" });
    const { public_host: host, sshd_ports: ports } = await this.context.transport.json(DirectAccess, spec);
    return host ? { host, sshPorts: (ports ?? []).map(Number) } : undefined;
  }

  /** The sessions that this one waits for. `GET /session/{id}/dependency-graph`, 23.09+ (§3.2). */
  async dependencyGraph(id: string, call: SessionCallOptions = {}): Promise<DependencyNode> {
    requireFeature(this.context, "dependencyGraph", "The dependency graph");
    const spec = sessionRequest(this.context, { ...call, method: "GET", id, tail: "/dependency-graph" });
    return this.context.transport.json(DependencyRecord, spec);
  }

  /** When each status was entered, as ISO times. `GET /session/{id}/status-history`, 25.10+ (§3.2). */
  async statusHistory(id: string, call: SessionCallOptions = {}): Promise<Readonly<Record<string, unknown>>> {
    requireFeature(this.context, "statusHistory", "The status history");
    const spec = sessionRequest(this.context, { ...call, method: "GET", id, tail: "/status-history" });
    const record = await this.context.transport.json(StatusHistory, spec);
    const inner = z.safeParse(StatusHistory, record["result"]);
    return inner.success ? inner.data : record;
  }

  /** Statuses by id, checked against the agents. `POST /session/_/transit-status`, 24.09+ (§3.2). */
  async transitStatus(
    ids: readonly string[],
    call: CallOptions = {},
  ): Promise<Readonly<Record<string, string>>> {
    requireFeature(this.context, "transitStatus", "Checking statuses");
    const path = `${this.context.dialect.prefix}/_/transit-status`;
    const spec = { method: "POST", path, route: path, json: { ids }, signal: call.signal } as const;
    return (await this.context.transport.json(TransitStatus, spec)).session_status_map;
  }

  async #create(
    tail: string,
    body: Record<string, unknown>,
    overrides: TemplateOverrides,
    call: SessionCallOptions,
  ): Promise<CreatedSession> {
    const { dialect, transport } = this.context;
    const name = nameOf(overrides);
    const { domain = this.context.defaults.domain, group = this.context.defaults.group } = overrides;
    const path = `${dialect.prefix}${tail}`;
    const answer = await transport.ask({
      method: "POST",
      path,
      route: path,
      query: { owner_access_key: call.ownerAccessKey },
      json: {
        ...body,
        clientSessionToken: name,
        domain,
        group,
        enqueueOnly: overrides.enqueueOnly,
        maxWaitSeconds: overrides.maxWaitSeconds,
        reuseIfExists: overrides.reuseIfExists,
        owner_access_key: call.ownerAccessKey,
      },
      headersMs: createDeadlineMs(this.context, { image: "", ...overrides }),
      signal: call.signal,
    });
    return createdSession(answer.json(CreateResponse), {
      name,
      domain,
      group,
      httpStatus: answer.status,
    });
  }
}
