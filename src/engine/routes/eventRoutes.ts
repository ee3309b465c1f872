import { DisposableStore, toDisposable } from "../../base/lifecycle.js";
import type { BackgroundTask, TaskReport } from "../events/backgroundTasks.js";
import type { SessionEvent } from "../events/eventBus.js";
import type { Call } from "../http/call.js";
import { eventStream, type EventWriter } from "../http/eventStream.js";
import { Refusal } from "../http/refusal.js";
import type { Reply } from "../http/reply.js";
import type { Route } from "../http/routes.js";
import type { EngineParts } from "./engineParts.js";

/** Which events a reader wants. */
interface Filter {
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly scope: string;
}

/** What servers with the defect `eventsPartial` keep to themselves. */
const ofCreation: ReadonlySet<string> = new Set([
  ...["session_enqueued", "session_pending", "session_scheduled", "session_preparing"],
  ...["session_prepared", "session_creating", "session_started"],
]);

/** Server-sent events of sessions and of background tasks (`protocol.md` §5.3, §5.4). */
export function eventRoutes(parts: EngineParts): Route[] {
  const { dialect } = parts.era;
  const routes: Route[] = [];
  if (dialect.can.events) {
    routes.push({ method: "GET", path: dialect.events.path, handle: (call) => sessionEvents(call, parts) });
  }
  if (dialect.can.backgroundTasks) {
    routes.push({
      method: "GET",
      path: "/events/background-task",
      handle: (call) => taskEvents(call, parts),
    });
  }
  return routes;
}

function sessionEvents(call: Call, parts: EngineParts): Reply {
  const filter = filterOf(call, parts);
  const isPartial = parts.defects.has("eventsPartial");
  const endsUntold = filter.name !== undefined && !parts.era.rules.events.namedContainerEnds;
  return eventStream((writer) =>
    parts.events.event((event) => {
      const isKept = isPartial && ofCreation.has(event.name);
      if (isWanted(event, filter) && !isKept && !(endsUntold && event.name === "kernel_terminated")) {
        writer.send({ event: event.name, data: eventData(event, parts) });
      }
    }),
  );
}

function filterOf(call: Call, { era, account, sessions }: EngineParts): Filter {
  const { query } = call;
  const owner = query.get("ownerAccessKey");
  if (owner !== null && owner !== account.accessKey) {
    throw new Refusal("forbidden");
  }
  const group = query.get("groupName") ?? query.get("group") ?? "*";
  if (!["*", account.group, account.groupId].includes(group)) {
    throw new Refusal("group-not-found");
  }
  const { nameParameter, scopes } = era.dialect.events;
  const scope = scopes ? (query.get("scope") ?? "*") : "*";
  if (!["*", "session", "kernel"].includes(scope)) {
    throw new Refusal("invalid-input", {
      msg: "Input validation error",
      data: { scope: "value is not one of *, session, kernel" },
    });
  }
  const name = query.get(nameParameter) ?? query.get("sessionName") ?? query.get("name") ?? "*";
  // Recorded on 26.8: a scope with a name that is not there yet is refused, and an id alone is ignored.
  if (era.since("26.1") && scope === "session" && name !== "*" && sessions.store.match(name).length === 0) {
    throw new Refusal("session-not-found");
  }
  const id = scopes && nameParameter !== "sessionId" ? query.get("sessionId") : null;
  const countsId = id !== null && id !== "*" && (!era.since("26.1") || name !== "*");
  return { name: name === "*" ? undefined : name, id: countsId ? id : undefined, scope };
}

function isWanted(event: SessionEvent, { name, id, scope }: Filter): boolean {
  return (
    (name === undefined || event.sessionName === name) &&
    (id === undefined || event.sessionId === id) &&
    (scope === "*" || event.name.startsWith(scope))
  );
}

function eventData(event: SessionEvent, { era, account }: EngineParts): Record<string, unknown> {
  const { dialect } = era;
  if (dialect.prefix === "/kernel") {
    return { sessionId: event.sessionName, ownerAccessKey: account.accessKey, reason: event.reason };
  }
  const base = { reason: event.reason, sessionName: event.sessionName, ownerAccessKey: account.accessKey };
  if (dialect.events.vocabulary === "kernel") {
    return { sessionName: base.sessionName, ownerAccessKey: base.ownerAccessKey, reason: base.reason };
  }
  const isKernel = event.name.startsWith("kernel_");
  // Since 26 the exit code is always null: its key is misspelled inside those servers.
  const exitCode = isKernel && !era.since("26.1") ? event.exitCode : null;
  return {
    ...base,
    sessionId: event.sessionId,
    exitCode,
    ...(isKernel ? { kernelId: event.kernelId, clusterRole: "main", clusterIdx: 1 } : {}),
  };
}

function taskEvents(call: Call, { era, tasks }: EngineParts): Reply {
  const id = call.query.get("task_id") ?? call.query.get("taskId") ?? "";
  const task = tasks.find(id);
  if (task !== undefined) {
    return eventStream((writer) => followTask(task, writer, era.since("20.09") ? "bgtask" : "task"));
  }
  if (!era.since("23.09")) {
    throw new Refusal("task-not-found");
  }
  if (!era.since("24.03")) {
    throw new Refusal("internal"); // recorded on 23.09
  }
  return eventStream(() => toDisposable(() => undefined));
}

function followTask(task: BackgroundTask, writer: EventWriter, prefix: string): DisposableStore {
  const store = new DisposableStore();
  const tell = (report: TaskReport): void => {
    writer.send({
      event: `${prefix}_${report.state}`,
      data: {
        task_id: task.id,
        message: report.message,
        current_progress: report.current,
        total_progress: report.total,
      },
      ...(report.state === "updated" ? { retry: 5 } : {}),
    });
    if (report.state !== "updated") {
      writer.send({ event: "server_close", data: {} });
      // The writer exists before this returns, so that ending must wait for the next turn.
      setImmediate(() => writer.end());
    }
  };
  if (task.end === undefined) {
    store.add(task.onReport(tell));
  } else {
    tell(task.end);
  }
  return store;
}
