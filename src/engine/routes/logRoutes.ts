import { readFile } from "node:fs/promises";
import path from "node:path";
import { logsFolder } from "../folders/folderStore.js";
import type { Call } from "../http/call.js";
import { Refusal } from "../http/refusal.js";
import { json, streamed, type Reply } from "../http/reply.js";
import type { Route } from "../http/routes.js";
import { taskLogPath } from "../sessions/startup/taskLog.js";
import type { EngineParts } from "./engineParts.js";
import { firstOf } from "./input.js";

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The container's log, and the output of batch sessions (`protocol.md` §3.2). */
export function logRoutes(parts: EngineParts): Route[] {
  const { prefix, can } = parts.era.dialect;
  const handle = (call: Call): Promise<Reply> => taskLog(call, parts);
  const routes: Route[] = [
    { method: "GET", path: `${prefix}/:id/logs`, handle: (call) => containerLog(call, parts) },
  ];
  return can.taskLogs
    ? [
        ...routes,
        { method: "GET", path: `${prefix}/_/logs`, handle },
        { method: "HEAD", path: `${prefix}/_/logs`, handle },
      ]
    : routes;
}

function containerLog(call: Call, { sessions }: EngineParts): Reply {
  const session = sessions.store.getAny(call.part("id"));
  if (session.startedAt === undefined && session.execution === undefined) {
    throw new Refusal("agent-not-found", {
      msg: "Kernel has not been assigned to an agent.",
      data: { kernel_id: null },
    });
  }
  return json({ result: { logs: session.log } });
}

async function taskLog(call: Call, { folders }: EngineParts): Promise<Reply> {
  const parameters = call.queryParameters();
  const id = firstOf(parameters, "taskId", "task_id", "kernel_id", "kernelId", "session_name", "sessionName");
  if (typeof id !== "string" || !uuid.test(id)) {
    const data = id === undefined ? { kernel_id: "is required" } : { taskId: "cannot convert value to UUID" };
    throw new Refusal("invalid-input", { msg: "Input validation error", data });
  }
  const folder = await folders.get(logsFolder);
  const text = await readFile(path.join(folder.directory, taskLogPath(id.toLowerCase()))).catch(() =>
    // A log that is not there reads as an empty one (`docs/real-servers.md`).
    Buffer.alloc(0),
  );
  return streamed({ "Content-Type": "text/plain" }, (response) => {
    response.write(text);
    return Promise.resolve();
  });
}
