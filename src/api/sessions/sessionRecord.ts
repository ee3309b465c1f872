import * as z from "zod/mini";
import { isReleaseAtLeast } from "../../wire/version.js";
import { graphqlRequest } from "../account/graphql.js";
import type { Context } from "../context.js";
import { GraphqlError, NotFoundError } from "../errors.js";
import type { CallOptions } from "../options.js";

/** Fields by the server's own names; JSON in strings is read. */
export type FieldRecord = Readonly<Record<string, unknown>>;

/** All that listings can tell of one session. */
export interface SessionRecord {
  readonly session: FieldRecord;
  /** The main one first. On servers of v4 the session itself is its container. */
  readonly containers: readonly FieldRecord[];
  readonly dependencies: readonly FieldRecord[];
}

/** A field, and the release that brought it. */
type Field = string | readonly [names: string, since: string];

/** What shows a session, without fields that ask agents, which may take long (`protocol.md` §3.4). */
const sessionFields: readonly Field[] = [
  "id name type tag image registry cluster_template domain_name group_name group_id user_email access_key",
  "created_user_email status status_changed status_info created_at terminated_at startup_command result",
  "resource_opts scaling_group service_ports mounts occupied_slots num_queries",
  ["cluster_mode cluster_size status_data starts_at", "20.09"],
  ["architecture main_kernel_id occupying_slots status_history scheduled_at agent_ids idle_checks", "23.03"],
  ["requested_slots vfolder_mounts", "23.09"],
  ["priority", "24.09"],
];

const containerFields: readonly Field[] = [
  "id status status_changed status_info created_at terminated_at agent container_id",
  "resource_opts occupied_slots live_stat",
  ["cluster_role cluster_idx cluster_hostname", "20.09"],
  ["local_rank architecture preopen_ports", "23.03"],
];

const legacyFields: readonly Field[] = [
  "id sess_id sess_type role tag image registry domain_name group_name group_id user_email access_key",
  "status status_changed status_info created_at terminated_at startup_command result",
  "resource_opts scaling_group service_ports mounts occupied_slots num_queries agent container_id live_stat",
];

const usageFields: readonly Field[] = [
  "id occupied_slots live_stat",
  ["cluster_role cluster_hostname", "20.09"],
];

/** How often a query is asked again without the fields that the server does not know. */
const mostRepetitions = 5;

const Row = z.record(z.string(), z.unknown());

/** One session with its containers and what it depends on. */
export async function sessionRecord(context: Context, id: string, call: CallOptions): Promise<SessionRecord> {
  const { manager, graphql } = context.dialect;
  if (graphql.fields === "legacy") {
    const session = await ask(context, id, { session: namesOf(legacyFields, manager) }, call);
    return { session, containers: [session], dependencies: [] };
  }
  const fields = { session: namesOf(sessionFields, manager), containers: namesOf(containerFields, manager) };
  const { containers, dependencies, ...session } = await ask(
    context,
    id,
    { ...fields, dependencies: new Set(["id", "name", "status"]) },
    call,
  );
  return { session, containers: inOrder(rowsOf(containers)), dependencies: rowsOf(dependencies) };
}

/** What the containers of a session use: `live_stat` and `occupied_slots` of each, the main one first. */
export async function sessionStatistics(
  context: Context,
  id: string,
  call: CallOptions,
): Promise<readonly FieldRecord[]> {
  const { manager, graphql } = context.dialect;
  if (graphql.fields === "legacy") {
    return [await ask(context, id, { session: new Set(["id", "occupied_slots", "live_stat"]) }, call)];
  }
  const asked = { session: new Set(["id"]), containers: namesOf(usageFields, manager) };
  return inOrder(rowsOf((await ask(context, id, asked, call))["containers"]));
}

/** The fields to ask for, of the session and of what it has. */
type Asked = Readonly<Partial<Record<"session" | "containers" | "dependencies", ReadonlySet<string>>>>;

/** Asks, and asks again without what this server turns out not to have. */
async function ask(
  context: Context,
  id: string,
  asked: Asked,
  { signal }: CallOptions,
): Promise<FieldRecord> {
  let fields = asked;
  for (let repetition = 0; ; repetition += 1) {
    try {
      const data = await graphqlRequest(context, queryOf(context, fields), { id }, { signal });
      const row = z.safeParse(Row, data["compute_session"]);
      if (row.success) {
        return read(row.data);
      }
      const { path } = context.dialect.graphql;
      throw new NotFoundError({ status: 200, method: "POST", path, detail: `there is no session ${id}` });
    } catch (error) {
      const unknown = unknownFields(error);
      if (unknown.size === 0 || repetition >= mostRepetitions) {
        throw error;
      }
      fields = without(fields, unknown);
    }
  }
}

function queryOf({ dialect }: Context, { session, containers, dependencies }: Asked): string {
  const below = [
    ...(containers ? [`containers{${[...containers].join(" ")}}`] : []),
    ...(dependencies ? [`dependencies{${[...dependencies].join(" ")}}`] : []),
  ];
  const fields = [...(session ?? []), ...below].join(" ");
  return dialect.graphql.fields === "legacy"
    ? `query($id:String!){compute_session(sess_id:$id){${fields}}}`
    : `query($id:UUID!){compute_session(id:$id){${fields}}}`;
}

/** The names in `Cannot query field 'x' on type 'Y'.`, whichever quotes a server uses. */
function unknownFields(error: unknown): ReadonlySet<string> {
  const messages = error instanceof GraphqlError ? error.messages : [];
  return new Set(messages.flatMap((text) => /Cannot query field ["'](\w+)["']/.exec(text)?.[1] ?? []));
}

function without(asked: Asked, unknown: ReadonlySet<string>): Asked {
  return Object.fromEntries(
    Object.entries(asked)
      .filter(([name]) => !unknown.has(name))
      .map(([name, fields]) => [name, new Set([...fields].filter((field) => !unknown.has(field)))]),
  );
}

function namesOf(fields: readonly Field[], manager: string): ReadonlySet<string> {
  return new Set(
    fields.flatMap((field) => {
      const [names, since] = typeof field === "string" ? [field, "0"] : field;
      return isReleaseAtLeast(manager, since) ? names.split(" ") : [];
    }),
  );
}

/** Servers put JSON into strings, which some of them leave out. */
function read(value: Readonly<Record<string, unknown>>): FieldRecord {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readValue(inner)]));
}

function readValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(readValue);
  }
  if (typeof value === "object" && value !== null) {
    return read(Object.fromEntries(Object.entries(value)));
  }
  if (typeof value !== "string" || !/^[[{]/.test(value)) {
    return value;
  }
  try {
    const json: unknown = JSON.parse(value);
    return json;
  } catch {
    return value;
  }
}

function rowsOf(value: unknown): readonly FieldRecord[] {
  const rows = z.safeParse(z.array(Row), value);
  return rows.success ? rows.data : [];
}

function inOrder(containers: readonly FieldRecord[]): readonly FieldRecord[] {
  const rank = (container: FieldRecord): number => (container["cluster_role"] === "main" ? 0 : 1);
  return [...containers].sort(
    (a, b) => rank(a) - rank(b) || Number(a["cluster_idx"] ?? 0) - Number(b["cluster_idx"] ?? 0),
  );
}
