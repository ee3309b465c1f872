import { GraphQLError } from "graphql";
import type { EngineParts } from "../../routes/engineParts.js";
import type { Session } from "../../sessions/session.js";
import { parseFilter } from "../filter.js";
import { ordered } from "../order.js";
import { containerNode, legacyNode, listNode, type Node, relayNode, sessionNode } from "./sessionNode.js";

/** Arguments of a field, as GraphQL hands them over. */
export type Arguments = Readonly<Record<string, unknown>>;
/** Answers a field of the query type. */
export type Resolver = (given: Arguments) => unknown;

interface Page {
  readonly items: readonly Node[];
  readonly total_count: number;
}

/** The fields that list and show sessions (`protocol.md` §3.4). */
export function sessionQueries(parts: EngineParts): Record<string, Resolver> {
  const { account, era, sessions } = parts;
  const asListed = (session: Session): Node => listNode(session, account, era);
  const asLegacy = (session: Session): Node => legacyNode(session, account);
  const byName = (given: Arguments): Node | null => {
    const session = sessions.store.liveByName(String(given["sess_id"]));
    return session === undefined ? null : asLegacy(session);
  };
  return {
    compute_session_list: (given) => pageOf(visible(parts, given).map(asListed), given),
    compute_sessions: (given) => visible(parts, given).map(asListed),
    compute_session: (given) => {
      if (era.dialect.graphql.fields === "legacy") {
        return byName(given);
      }
      const session = sessions.store.byId(String(given["id"]));
      return session === undefined ? null : sessionNode(session, account);
    },
    compute_workers: () => [],
    compute_container_list: (given) => {
      const session = sessions.store.byId(String(given["session_id"]));
      return pageOf(session === undefined ? [] : [containerNode(session)], given);
    },
    compute_container: (given) => {
      const session = sessions.store.byKernelId(String(given["id"]));
      return session === undefined ? null : containerNode(session);
    },
    legacy_compute_session_list: (given) => {
      if (era.since("23.09") && !era.since("24.03")) {
        // Broken on those servers (`docs/real-servers.md`).
        throw new GraphQLError(
          "LegacyComputeSession.__init__() got an unexpected keyword argument 'status_data'",
        );
      }
      return pageOf(visible(parts, given).map(asLegacy), given);
    },
    legacy_compute_session: byName,
    compute_session_nodes: (given) => connectionOf(parts, given),
    compute_session_node: (given) => {
      const [, id] = Buffer.from(String(given["id"]), "base64").toString("utf8").split(":");
      const session = sessions.store.byId(id ?? "") ?? sessions.store.byId(String(given["id"]));
      return session === undefined ? null : relayNode(session, account, placeInQueue(session, parts));
    },
  };
}

/** The sessions that the arguments mean, newest first. */
function visible({ account, sessions }: EngineParts, given: Arguments): Session[] {
  const { access_key: key, group_id: group, domain_name: domain, status } = given;
  if (typeof key === "string" && key !== account.accessKey) {
    throw new GraphQLError("Forbidden operation.");
  }
  const statuses = typeof status === "string" ? status.split(",") : undefined;
  const isElsewhere =
    (typeof group === "string" && group !== account.groupId) ||
    (typeof domain === "string" && domain !== account.domain);
  return isElsewhere
    ? []
    : sessions.store
        .all()
        .reverse()
        .filter((session) => statuses?.includes(session.status) ?? true);
}

function pageOf(rows: readonly Node[], given: Arguments): Page {
  const { filter, order, order_key: key, order_asc: ascending, offset, limit } = given;
  const wanted = typeof filter === "string" && filter !== "" ? rows.filter(predicateOf(filter)) : rows;
  const expression =
    typeof order === "string"
      ? order
      : typeof key === "string"
        ? `${ascending === false ? "-" : ""}${key}`
        : "";
  const sorted = expression === "" ? wanted : ordered(wanted, expression);
  const from = Number(offset ?? 0);
  return { items: sorted.slice(from, from + Number(limit ?? sorted.length)), total_count: wanted.length };
}

function predicateOf(filter: string): (row: Node) => boolean {
  try {
    return parseFilter(filter);
  } catch (error) {
    throw new GraphQLError(error instanceof Error ? error.message : String(error));
  }
}

/** How many sessions wait before this one; `null` when it does not wait. */
function placeInQueue(session: Session, { sessions }: EngineParts): number | null {
  const place = sessions.store
    .live()
    .filter(({ status }) => status === "PENDING")
    .indexOf(session);
  return place < 0 ? null : place;
}

function connectionOf(parts: EngineParts, given: Arguments): Node {
  const { account, sessions } = parts;
  const project = given["project_id"] ?? account.groupId;
  const scope = given["scope_id"];
  const isMine =
    project === account.groupId &&
    (typeof scope !== "string" ||
      scope.startsWith("system") ||
      scope.endsWith(account.groupId) ||
      scope.endsWith(account.userId) ||
      scope === `domain:${account.domain}`);
  const rows = (isMine ? sessions.store.all() : []).map((session) =>
    relayNode(session, account, placeInQueue(session, parts)),
  );
  const { first, after, offset } = given;
  const from = typeof after === "string" ? cursorIndex(after) + 1 : Number(offset ?? 0);
  const limit = Number(first ?? given["last"] ?? 10);
  const page = pageOf(rows, { ...given, offset: from, limit });
  return {
    count: page.total_count,
    edges: page.items.map((node, index) => ({ node, cursor: cursorOf(from + index) })),
    pageInfo: {
      hasNextPage: from + limit < page.total_count,
      hasPreviousPage: from > 0,
      startCursor: cursorOf(from),
      endCursor: cursorOf(from + Math.max(0, page.items.length - 1)),
    },
  };
}

function cursorOf(index: number): string {
  return Buffer.from(`arrayconnection:${String(index)}`).toString("base64");
}

function cursorIndex(cursor: string): number {
  return Number(Buffer.from(cursor, "base64").toString("utf8").split(":")[1] ?? -1);
}
