import * as z from "zod/mini";
import { IdleRows, QueueNode, SessionDetailRow } from "../../wire/records/session.js";
import { graphqlRequest } from "../account/graphql.js";
import { type Context, requireFeature } from "../context.js";
import type { CallOptions } from "../options.js";
import { check } from "../transport/decode.js";
import {
  detailFieldsOf,
  detailOf,
  type IdleChecks,
  idleChecksOf,
  type SessionDetail,
} from "./sessionDetail.js";
import { sessionRow } from "./sessionList.js";

/** Most rows that servers give at once, and most pages that are read of running sessions. */
const pageRows = 100;
const mostPages = 20;

/** Why sessions are where they are: what they wait for, when they end by themselves. All over GraphQL (`protocol.md` §3.4, §3.6). */
export class SessionStateCalls {
  constructor(protected readonly context: Context) {}

  /**
   * What a session was asked for, why it waits, and its containers. Any manager; what a release does not tell is empty.
   * @throws {NotFoundError}
   */
  async detail(id: string, call: CallOptions = {}): Promise<SessionDetail> {
    const fields = detailFieldsOf(this.context.dialect);
    return detailOf(await sessionRow(this.context, { id, fields, record: SessionDetailRow }, call), id);
  }

  /**
   * The idle checks of the caller's running sessions by id, of 2000 at most. 22.09+.
   * @throws {UnsupportedError}
   */
  async idleChecks({ signal }: CallOptions = {}): Promise<ReadonlyMap<string, IdleChecks>> {
    requireFeature(this.context, "idleChecks", "Telling when sessions end by themselves");
    const query =
      "query($limit:Int!,$offset:Int!,$key:String){compute_session_list(limit:$limit,offset:$offset," +
      'status:"RUNNING",access_key:$key){items{id idle_checks} total_count}}';
    const found = new Map<string, IdleChecks>();
    const key = this.context.authentication.accessKey;
    for (let page = 0, total = 1; page < mostPages && page * pageRows < total; page += 1) {
      const variables = { limit: pageRows, offset: page * pageRows, key };
      const data = await graphqlRequest(this.context, query, variables, { signal });
      const rows = check(IdleRows, data["compute_session_list"], "compute_session_list");
      total = rows.total_count;
      for (const { id, idle_checks: checks } of rows.items) {
        found.set(id, idleChecksOf(checks));
      }
    }
    return found;
  }

  /**
   * How many sessions are before a waiting one in its resource group's queue; `undefined` where it is in none. 25.13+.
   * @throws {UnsupportedError}
   */
  async queuePosition(id: string, { signal }: CallOptions = {}): Promise<number | undefined> {
    requireFeature(this.context, "queuePosition", "The place in the queue");
    const node = Buffer.from(`ComputeSessionNode:${id}`).toString("base64");
    // Written into the query: releases differ in what type a variable for it would have.
    const query = `{compute_session_node(id:"${node}"){queue_position}}`;
    const data = await graphqlRequest(this.context, query, {}, { signal });
    const found = check(z.nullable(QueueNode), data["compute_session_node"] ?? null, "compute_session_node");
    return found?.queue_position ?? undefined;
  }
}
