import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { create as createTar } from "tar";
import * as z from "zod/mini";
import type { Call } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import { json, noContent, type Reply } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import type { Session } from "../../sessions/session.js";
import type { EngineParts } from "../engineParts.js";
import { firstOf, parseInput } from "../input.js";
import { runningSession } from "./sessionRoutes.js";
import { appList } from "./services.js";

/** The small per-session calls: each exists from its release on (`protocol.md` §1.5, §3.2). */
export function detailRoutes(parts: EngineParts): Route[] {
  const { era } = parts;
  const { prefix, can } = era.dialect;
  const one = `${prefix}/:id`;
  const session = (call: Call): Session => parts.sessions.store.get(call.part("id"));
  const routes: (Route & { readonly exists: boolean })[] = [
    {
      exists: can.statusHistory,
      method: "GET",
      path: `${one}/status-history`,
      handle: (call) => {
        const history = historyOf(session(call));
        return json(era.dialect.statusHistory === "wrapped" ? { result: history } : history);
      },
    },
    {
      exists: can.dependencyGraph,
      method: "GET",
      path: `${one}/dependency-graph`,
      handle: (call) => json(dependencies(session(call), parts)),
    },
    {
      exists: can.abusingReport,
      method: "GET",
      path: `${one}/abusing-report`,
      handle: (call) => (session(call), json({})),
    },
    {
      exists: can.directAccess,
      method: "GET",
      path: `${one}/direct-access-info`,
      handle: (call) => (session(call), json({})),
    },
    {
      exists: can.commit,
      method: "GET",
      path: `${one}/commit`,
      handle: (call) => {
        const { isCommitting, kernelId } = session(call);
        return json({ status: isCommitting ? "ongoing" : "ready", kernel: kernelId });
      },
    },
    { exists: can.commit, method: "POST", path: `${one}/commit`, handle: (call) => commit(call, parts) },
    {
      exists: can.imagify,
      method: "POST",
      path: `${one}/imagify`,
      handle: (call) => (session(call), refuseImagify()),
    },
    {
      exists: can.startService,
      method: "POST",
      path: `${one}/start-service`,
      handle: (call) => (session(call), refuseService(parts)),
    },
    {
      exists: can.shutdownService,
      method: "POST",
      path: `${one}/shutdown-service`,
      handle: async (call) => {
        await call.parametersIn(
          era.dialect.shutdownServiceParameters === "query" ? "query" : "body-or-query",
        );
        return (session(call), noContent());
      },
    },
    {
      exists: can.apps,
      method: "GET",
      path: `/stream${prefix}/:id/apps`,
      handle: (call) => json(appList(session(call))),
    },
    {
      exists: can.commit,
      method: "POST",
      path: `${prefix}/_/sync-agent-registry`,
      handle: () => {
        throw new Refusal("not-admin", { msg: "Unauthorized access" });
      },
    },
    {
      exists: can.transitStatus,
      method: "POST",
      path: `${prefix}/_/transit-status`,
      handle: (call) => transitStatus(call, parts),
    },
  ];
  return routes.filter((route) => route.exists);
}

/** Status → time it was entered, as ISO text. */
export function historyOf(session: Session): Record<string, string> {
  const entries = [...session.history].map(([status, time]): [string, string] => [
    status,
    time.toISOString().replace("Z", "000+00:00"),
  ]);
  return Object.fromEntries(entries);
}

function dependencies(session: Session, parts: EngineParts): Record<string, unknown> {
  const { era } = parts;
  return {
    session_id: session.id,
    session_name: session.name,
    status: era.since("26.1") ? session.status : `KernelStatus.${session.status}`,
    status_changed: session.statusChanged.toISOString().replace("T", " ").replace("Z", "000+00:00"),
    depends_on: session.spec.dependencies.map((other) => dependencies(other, parts)),
  };
}

const TransitInput = z.object({ ids: z.array(z.string()) });

async function transitStatus(call: Call, { era, sessions }: EngineParts): Promise<Reply> {
  if (era.rules.session.transitStatus === "not-implemented") {
    throw new Refusal("not-implemented", {
      msg:
        "Manual session status reconciliation is no longer supported. " +
        "Session status is automatically reconciled by the scheduler.",
    });
  }
  const { ids } = parseInput(TransitInput, await call.body(), era);
  const found = ids.map((id) => sessions.store.byId(id)).filter((session) => session !== undefined);
  return json({ session_status_map: Object.fromEntries(found.map(({ id, status }) => [id, status])) });
}

/** A commit is a tar of the work directory, made in the background. */
async function commit(call: Call, parts: EngineParts): Promise<Reply> {
  const { era, sessions, tasks, account, commitsDir } = parts;
  const place = era.dialect.commitParameters === "query" ? "query" : "body-or-query";
  const given = firstOf(await call.parametersIn(place), "filename", "fname");
  const session = runningSession(sessions.store.get(call.part("id")));
  const stamp = new Date()
    .toISOString()
    .replaceAll(/[^\dT]/g, "")
    .slice(0, 15);
  const filename = path.basename(
    typeof given === "string" && given !== "" ? given : `${session.name}-${stamp}.tar.gz`,
  );
  const task = tasks.start(async (running) => {
    session.isCommitting = true;
    try {
      running.report({ state: "updated", message: "Commit started", current: 0, total: 1 });
      await mkdir(commitsDir, { recursive: true, mode: 0o700 });
      const pack = createTar({ cwd: session.workDir, gzip: true }, ["."]);
      await pipeline(pack, createWriteStream(path.join(commitsDir, filename), { mode: 0o600 }));
      return "Commit finished";
    } finally {
      session.isCommitting = false;
    }
  });
  return json({ bgtask_id: task.id, kernel: session.kernelId, path: `${account.email}/${filename}` }, 201);
}

function refuseImagify(): never {
  throw new Refusal("not-implemented", { msg: "The local engine has no image registry." });
}

function refuseService({ era, port }: EngineParts): never {
  throw new Refusal("no-app-proxy", {
    msg: era.since("26.1")
      ? `Failed to connect to AppProxy at http://127.0.0.1:${String(port())}`
      : "No coordinator configured for this resource group",
  });
}
