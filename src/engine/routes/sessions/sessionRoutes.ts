import * as z from "zod/mini";
import type { Call } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import { json, noContent, type Reply } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import type { Session } from "../../sessions/session.js";
import { checkName, type CreateRequest, parseCreate } from "./createParameters.js";
import type { EngineParts } from "../engineParts.js";
import { firstOf, parseInput } from "../input.js";
import { createdView } from "./services.js";
import { sessionInfo } from "./sessionInfo.js";

/** Create, look at, rename, restart and destroy sessions (`protocol.md` §3.1, §3.2). */
export function sessionRoutes(parts: EngineParts): Route[] {
  const { era, sessions } = parts;
  const { prefix, can, create } = era.dialect;
  const one = `${prefix}/:id`;
  const handleCreate = (call: Call): Promise<Reply> => createSession(call, parts);
  const routes: Route[] = [
    { method: "POST", path: prefix, handle: handleCreate },
    {
      method: "GET",
      path: one,
      handle: (call) => json(sessionInfo(sessions.store.get(call.part("id")), parts.account, era)),
    },
    { method: "PATCH", path: one, handle: (call) => restartSession(call, parts) },
    { method: "DELETE", path: one, handle: (call) => destroySession(call, parts) },
  ];
  if (create.path !== prefix) {
    routes.push({ method: "POST", path: create.path, handle: handleCreate });
  }
  if (can.createFromTemplate) {
    routes.push({ method: "POST", path: `${prefix}/_/create-from-template`, handle: refuseTemplate });
  }
  if (can.createCluster) {
    routes.push({ method: "POST", path: `${prefix}/_/create-cluster`, handle: refuseTemplate });
  }
  if (can.match) {
    routes.push({ method: "GET", path: `${prefix}/_/match`, handle: (call) => matchSessions(call, parts) });
  }
  if (can.rename) {
    routes.push({ method: "POST", path: `${one}/rename`, handle: (call) => renameSession(call, parts) });
  }
  return routes;
}

async function createSession(call: Call, parts: EngineParts): Promise<Reply> {
  const { era, sessions, account } = parts;
  const catalog = await parts.images();
  const request = parseCreate(await call.body(), { era, catalog, account, store: sessions.store });
  const there = existingSession(request, parts);
  if (there !== undefined) {
    return there;
  }
  for (const name of request.spec.mounts.keys()) {
    await parts.folders.mountable(name); // a missing one is refused before anything waits for it
  }
  const meanwhile = existingSession(request, parts); // who asks twice at once wants one
  if (meanwhile !== undefined) {
    return meanwhile;
  }
  const session = sessions.create(request.spec);
  const status = request.enqueueOnly
    ? session.status
    : await sessions.untilStarted(session, request.maxWaitMs, call.signal);
  return json(createdView(session, status, true, era), 201);
}

/**
 * The answer about a session that has the name already.
 * @throws {Refusal} when it is not to be taken for the one that is asked for.
 */
function existingSession(request: CreateRequest, { era, sessions }: EngineParts): Reply | undefined {
  const existing = sessions.store.liveByName(request.spec.name);
  if (existing === undefined) {
    return undefined;
  }
  if (!request.reuse || existing.spec.image !== request.spec.image) {
    throw new Refusal("session-exists", { data: { existingSessionId: existing.id } });
  }
  return json(createdView(existing, existing.status, false, era), era.dialect.create.reuseStatus);
}

/** The engine keeps no templates, so that none can be found. */
function refuseTemplate(): never {
  throw new Refusal("template-not-found");
}

async function restartSession(call: Call, { era, sessions, lifecycle }: EngineParts): Promise<Reply> {
  if (!era.dialect.can.restart) {
    throw new Refusal("not-implemented", {
      msg: "Session restart is no longer supported. Terminate the session and enqueue a new one instead.",
    });
  }
  await lifecycle.restart(runningSession(sessions.store.get(call.part("id"))));
  return noContent();
}

/** Words and statuses of a destroy that comes too late differ (`docs/real-servers.md`). */
async function destroySession(call: Call, { era, sessions }: EngineParts): Promise<Reply> {
  const reference = call.part("id");
  const forced = call.query.get("forced") === "true" || call.query.get("forced") === "True";
  const session = era.since("26.1") ? sessions.store.getAny(reference) : sessions.store.get(reference);
  if (session.isDead) {
    return json({ stats: {} });
  }
  if (session.status === "TERMINATING" && !forced) {
    throw new Refusal("forbidden", {
      msg: "Cannot destroy sessions in scheduled/preparing/terminating/error status",
    });
  }
  const status = await sessions.destroy(session, forced ? "force-terminated" : "user-requested");
  return json({ stats: era.since("20.09") ? { status } : {} });
}

function matchSessions(call: Call, { sessions }: EngineParts): Reply {
  const matches = sessions.store.match(call.query.get("id") ?? "");
  return json({ matches: matches.map(({ id, name, status }) => ({ id, name, status })) });
}

const RenameInput = z.object({ session_name: z.string() });

async function renameSession(call: Call, { era, sessions }: EngineParts): Promise<Reply> {
  const parameters = await call.parametersIn(era.dialect.renameParameters);
  const given = { session_name: firstOf(parameters, "session_name", "name", "clientSessionToken") };
  const { session_name: name } = parseInput(RenameInput, given, era);
  checkName(name, era);
  const session = sessions.store.get(call.part("id"));
  if (era.rules.session.uniqueNames && sessions.store.liveByName(name) !== undefined) {
    throw new Refusal("session-exists", { msg: `Session with name '${name}' already exists` });
  }
  if (session.status !== "RUNNING") {
    throw new Refusal("invalid-params", { msg: "Can't change name of not running session" });
  }
  session.name = name;
  return noContent();
}

/** @throws {Refusal} when the session has nothing that could run. */
export function runningSession(session: Session): Session {
  if (session.execution === undefined || session.status !== "RUNNING") {
    throw new Refusal("not-running", {
      msg: `Session ${session.id} main kernel has no agent allocated`,
    });
  }
  return session;
}
