import type { Dialect } from "../../wire/dialect.js";
import { SessionPage as PageRecord, SessionRow } from "../../wire/records/session.js";
import { isReleaseAtLeast } from "../../wire/version.js";
import { graphqlRequest } from "../account/graphql.js";
import type { Context } from "../context.js";
import { NotFoundError } from "../errors.js";
import type { CallOptions } from "../options.js";
import { check, type Schema } from "../transport/decode.js";

/** A session as listings show it. */
export interface SessionSummary {
  /** What every call on the session wants: a UUID, or the name on servers of v4. */
  readonly id: string;
  readonly name: string;
  /** Lower case: `interactive`, `batch`, `inference`, `system`. */
  readonly type: string;
  readonly image: string;
  /** One of `wire/status.ts`, or one of a newer release. */
  readonly status: string;
  readonly statusInfo: string | undefined;
  /** Lower case, of batch sessions: `undefined`, `success`, `failure`, `cancelled`. */
  readonly result: string | undefined;
  readonly createdAt: Date | undefined;
  readonly terminatedAt: Date | undefined;
  readonly accessKey: string | undefined;
  /** E-mail address of who owns it. */
  readonly ownerEmail: string | undefined;
  /** Containers of its cluster; 1 on servers that do not say (before 20.09). */
  readonly clusterSize: number;
  /** The main container's UUID, for `taskLogs`. */
  readonly mainKernelId: string | undefined;
  readonly tag: string | undefined;
}

/** Which sessions. */
export interface SessionListOptions {
  /** Only of these statuses. A server refuses a status that it does not know. */
  readonly status?: readonly string[] | string | undefined;
  /** Rows of a page: 1–100, default 100. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  /** Sessions of another key: administrators only. */
  readonly accessKey?: string | undefined;
  /** Only of this group (project), by its UUID. */
  readonly groupId?: string | undefined;
  /** Newest first by when they were created, which is the default, or by when they ended. */
  readonly order?: "created" | "ended" | undefined;
}

/** A page of a listing. */
export interface SessionPage {
  readonly items: readonly SessionSummary[];
  /** Sessions of all pages together. */
  readonly total: number;
}

/** Most rows that servers give at once. */
const pageRows = 100;

/** How often a list is read at most while sessions go away under it. */
const mostPasses = 3;

/** Lists sessions over GraphQL in the server's dialect (`protocol.md` §3.4). */
export class SessionList {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  async page(options: SessionListOptions, { signal }: CallOptions): Promise<SessionPage> {
    const { dialect } = this.#context;
    const status = typeof options.status === "object" ? options.status.join(",") : options.status;
    const variables = {
      limit: Math.min(options.limit ?? pageRows, pageRows),
      offset: options.offset ?? 0,
      status,
      access_key: options.accessKey,
      group_id: options.groupId,
    };
    const data = await graphqlRequest(this.#context, listQuery(dialect, options.order), variables, {
      signal,
    });
    const page = check(PageRecord, data["compute_session_list"], "compute_session_list");
    return { items: page.items.map((row) => summaryOf(row, dialect)), total: page.total_count };
  }

  /**
   * A session that appears meanwhile moves others to the next page: what was seen is not repeated. One that goes moves them
   * to the page before, so that the list is read once more.
   */
  async *all(
    options: SessionListOptions,
    call: CallOptions,
  ): AsyncGenerator<SessionSummary, void, undefined> {
    const seen = new Set<string>();
    for (let passes = 0, hasShrunk = true; hasShrunk && passes < mostPasses; passes += 1) {
      hasShrunk = false;
      let before = 0;
      for await (const { items, total } of this.#pages(options, call)) {
        hasShrunk ||= total < before;
        before = total;
        for (const item of items.filter(({ id }) => !seen.has(id))) {
          seen.add(item.id);
          yield item;
        }
      }
    }
  }

  async *#pages(
    options: SessionListOptions,
    call: CallOptions,
  ): AsyncGenerator<SessionPage, void, undefined> {
    let offset = options.offset ?? 0;
    for (;;) {
      const page = await this.page({ ...options, offset }, call);
      yield page;
      offset += page.items.length;
      if (page.items.length === 0 || offset >= page.total) {
        return;
      }
    }
  }

  async one(id: string, call: CallOptions): Promise<SessionSummary> {
    const { dialect } = this.#context;
    const row = await sessionRow(this.#context, { id, fields: fieldsOf(dialect), record: SessionRow }, call);
    return summaryOf(row, dialect);
  }
}

/**
 * One session with these fields.
 * @throws {NotFoundError}
 */
export async function sessionRow<T>(
  context: Context,
  { id, fields, record }: { readonly id: string; readonly fields: string; readonly record: Schema<T> },
  { signal }: CallOptions,
): Promise<T> {
  const { dialect } = context;
  const query =
    dialect.graphql.fields === "legacy"
      ? `query($id:String!){compute_session(sess_id:$id){${fields}}}`
      : `query($id:UUID!){compute_session(id:$id){${fields}}}`;
  const data = await graphqlRequest(context, query, { id }, { signal });
  const row = data["compute_session"] ?? null;
  if (row === null) {
    const { path } = dialect.graphql;
    throw new NotFoundError({ status: 200, method: "POST", path, detail: `there is no session ${id}` });
  }
  return check(record, row, "compute_session");
}

/** The fields of a {@link SessionSummary}, as far as the release has them. */
export function fieldsOf(dialect: Dialect): string {
  const common = "id image status status_info result created_at terminated_at access_key tag user_email";
  if (dialect.graphql.fields === "legacy") {
    return `${common} sess_id sess_type`;
  }
  const sized = isReleaseAtLeast(dialect.manager, "20.09") ? " cluster_size" : "";
  return `${common} name type${sized}${hasMainKernel(dialect) ? " main_kernel_id" : ""}`;
}

/** Since 23.09 the main container's UUID differs from the session's (`real-servers.md`). */
function hasMainKernel(dialect: Dialect): boolean {
  return isReleaseAtLeast(dialect.manager, "23.09");
}

function listQuery(dialect: Dialect, by: SessionListOptions["order"]): string {
  const field = by === "ended" ? "terminated_at" : "created_at";
  const order =
    dialect.graphql.ordering === "key" ? `order_key:"${field}",order_asc:false` : `order:"-${field}"`;
  return (
    "query($limit:Int!,$offset:Int!,$status:String,$access_key:String,$group_id:String)" +
    "{compute_session_list(limit:$limit,offset:$offset,status:$status,access_key:$access_key," +
    `group_id:$group_id,${order}){items{${fieldsOf(dialect)}} total_count}}`
  );
}

/** A row of any era as one shape. */
export function summaryOf(row: SessionRow, dialect: Dialect): SessionSummary {
  const isLegacy = dialect.graphql.fields === "legacy";
  const kernel = row.main_kernel_id ?? row.id ?? undefined;
  const sessionId = (isLegacy ? row.sess_id : (row.id ?? row.session_id)) ?? "";
  return {
    id: sessionId,
    name: (isLegacy ? row.sess_id : row.name) ?? sessionId,
    type: (row.type ?? row.sess_type ?? "interactive").toLowerCase(),
    image: row.image ?? row.lang ?? "",
    status: (row.status ?? "").toUpperCase(),
    statusInfo: row.status_info || undefined,
    result: row.result?.toLowerCase(),
    createdAt: dateOf(row.created_at),
    terminatedAt: dateOf(row.terminated_at),
    accessKey: row.access_key ?? undefined,
    ownerEmail: row.user_email ?? undefined,
    clusterSize: row.cluster_size ?? 1,
    mainKernelId: kernel,
    tag: row.tag ?? undefined,
  };
}

function dateOf(text: string | null | undefined): Date | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : new Date(time);
}
