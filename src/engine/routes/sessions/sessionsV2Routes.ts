import * as z from "zod/mini";
import type { Call } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import { json, type Reply } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import type { Session } from "../../sessions/session.js";
import { slotStrings } from "../../sessions/slots.js";
import type { EngineParts } from "../engineParts.js";
import { parseInput } from "../input.js";

const Text = z.optional(
  z.nullable(
    z.object({
      equals: z.optional(z.nullable(z.string())),
      in_: z.optional(z.nullable(z.array(z.string()))),
      not_equals: z.optional(z.nullable(z.string())),
      not_in: z.optional(z.nullable(z.array(z.string()))),
      contains: z.optional(z.nullable(z.string())),
      i_contains: z.optional(z.nullable(z.string())),
    }),
  ),
);
const SearchInput = z.object({
  filter: z.optional(z.nullable(z.object({ status: Text, name: Text, id: Text }))),
  order: z.optional(z.nullable(z.array(z.object({ field: z.string(), direction: z.optional(z.string()) })))),
  first: z.optional(z.nullable(z.number())),
  limit: z.optional(z.nullable(z.number())),
  offset: z.optional(z.nullable(z.number())),
});
type SearchInput = z.infer<typeof SearchInput>;
type Text = z.infer<typeof Text>;
const TerminateInput = z.object({ session_ids: z.array(z.string()), forced: z.optional(z.boolean()) });

/** `/v2/sessions`: search, look at, end and read the log of sessions (`protocol.md` §3.5). */
export function sessionsV2Routes(parts: EngineParts): Route[] {
  const { store } = parts.sessions;
  const handle = (call: Call): Promise<Reply> => search(call, parts);
  return [
    { method: "POST", path: "/v2/sessions/my/search", handle },
    { method: "POST", path: "/v2/sessions/projects/:project/search", handle },
    {
      method: "POST",
      path: "/v2/sessions/search",
      handle: () => {
        throw new Refusal("not-admin", { msg: "Insufficient privileges" });
      },
    },
    { method: "POST", path: "/v2/sessions/terminate", handle: (call) => terminate(call, parts) },
    {
      method: "GET",
      path: "/v2/sessions/:id",
      handle: (call) => json(nodeOf(store.getAny(call.part("id")), parts)),
    },
    {
      method: "GET",
      path: "/v2/sessions/:id/logs",
      handle: (call) => json({ logs: store.getAny(call.part("id")).log }),
    },
  ];
}

async function search(call: Call, parts: EngineParts): Promise<Reply> {
  const input = parseInput(SearchInput, await call.body(), parts.era);
  const found = sorted(
    parts.sessions.store.all().filter((session) => isWanted(session, input)),
    input,
  );
  const offset = input.offset ?? 0;
  const limit = input.first ?? input.limit ?? 20;
  const page = found.slice(offset, offset + limit);
  return json({
    items: page.map((session) => nodeOf(session, parts)),
    total_count: found.length,
    has_next_page: offset + limit < found.length,
    has_previous_page: offset > 0,
  });
}

function isWanted(session: Session, { filter }: SearchInput): boolean {
  return (
    matches(session.status, filter?.status) &&
    matches(session.name, filter?.name) &&
    matches(session.id, filter?.id)
  );
}

function matches(value: string, wanted: Text): boolean {
  return (
    (wanted?.equals ?? value) === value &&
    (wanted?.in_ ?? [value]).includes(value) &&
    wanted?.not_equals !== value &&
    !(wanted?.not_in ?? []).includes(value) &&
    value.includes(wanted?.contains ?? "") &&
    value.toLowerCase().includes((wanted?.i_contains ?? "").toLowerCase())
  );
}

/** By the first order given, newest first without one. */
function sorted(sessions: readonly Session[], { order }: SearchInput): Session[] {
  const [by] = order ?? [];
  const key = (session: Session): string => {
    switch (by?.field) {
      case "name":
        return session.name;
      case "status":
        return session.status;
      case "id":
        return session.id;
      case "terminated_at":
        return session.terminatedAt?.toISOString() ?? "";
      default:
        return session.createdAt.toISOString();
    }
  };
  const isDescending = (by?.direction ?? "DESC").toUpperCase() === "DESC";
  const ascending = [...sessions].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return isDescending ? ascending.reverse() : ascending;
}

async function terminate(call: Call, { era, sessions }: EngineParts): Promise<Reply> {
  const { session_ids: ids, forced = false } = parseInput(TerminateInput, await call.body(), era);
  const answer = {
    cancelled: emptyIds(),
    terminating: emptyIds(),
    force_terminated: emptyIds(),
    skipped: emptyIds(),
  };
  for (const id of ids) {
    const session = sessions.store.byId(id);
    if (session === undefined || session.isDead) {
      answer.skipped.push(id);
      continue;
    }
    const how = await sessions.destroy(session, forced ? "force-terminated" : "user-requested");
    answer[how === "cancelled" ? "cancelled" : forced ? "force_terminated" : "terminating"].push(id);
  }
  return json(answer);
}

function emptyIds(): string[] {
  return [];
}

function nodeOf(session: Session, { account }: EngineParts): Record<string, unknown> {
  const { spec } = session;
  const entries = Object.entries(slotStrings(spec.slots)).map(([type, quantity]) => ({
    resource_type: type,
    quantity,
  }));
  return {
    id: session.id,
    image_ids: [],
    domain_name: account.domain,
    user_id: account.userId,
    project_id: account.groupId,
    metadata: {
      creation_id: session.creationId,
      name: session.name,
      session_type: spec.type,
      access_key: account.accessKey,
      cluster_mode: "SINGLE_NODE",
      cluster_size: 1,
      priority: spec.priority,
      job_priority: 0,
      is_preemptible: false,
      tag: spec.tag ?? "",
    },
    resource: {
      allocation: {
        requested: { entries },
        used: { entries: session.isPlaced ? entries : [] },
        allocated: null,
      },
      resource_group_name: "default",
    },
    lifecycle: {
      status: session.status,
      result: session.result,
      created_at: session.createdAt.toISOString(),
      terminated_at: session.terminatedAt?.toISOString() ?? null,
      starts_at: session.startedAt?.toISOString() ?? null,
      batch_timeout: spec.batchTimeoutMs > 0 ? spec.batchTimeoutMs / 1000 : null,
      status_info: session.statusInfo || null,
    },
    runtime: {
      environ: spec.environ,
      bootstrap_script: spec.bootstrapScript,
      startup_command: spec.startupCommand,
      callback_url: null,
    },
    network: { use_host_network: true, network_type: null, network_id: null },
    replica_id: null,
  };
}
