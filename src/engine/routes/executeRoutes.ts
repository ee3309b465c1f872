import * as z from "zod/mini";
import { isAbort } from "../../base/abort.js";
import type { CompleteOptions, ExecuteRequest, RunResult } from "../execution/index.js";
import { AgentFaultError, AgentTimeoutError, SessionEndedError } from "../execution/index.js";
import type { Call } from "../http/call.js";
import { Refusal } from "../http/refusal.js";
import { json, noContent, type Reply } from "../http/reply.js";
import type { Route } from "../http/routes.js";
import type { Session } from "../sessions/session.js";
import type { EngineParts } from "./engineParts.js";
import { parseInput } from "./input.js";
import { runningSession } from "./sessions/sessionRoutes.js";

/** How long one REST step may hold back; milliseconds (`protocol.md` §4.2). */
const flushMs = 2000;
const modes = ["query", "batch", "continue", "input", "complete"] as const;

const BatchInput = z.object({
  clean: z.optional(z.nullable(z.string())),
  build: z.optional(z.nullable(z.string())),
  buildLog: z.optional(z.nullable(z.boolean())),
  exec: z.optional(z.nullable(z.string())),
});

const CompleteInput = z.object({
  row: z.optional(z.number()),
  col: z.optional(z.number()),
  line: z.optional(z.string()),
  post: z.optional(z.string()),
});

/** Execute, complete and interrupt (`protocol.md` §4, §7). */
export function executeRoutes(parts: EngineParts): Route[] {
  const one = `${parts.era.dialect.prefix}/:id`;
  const session = (call: Call): Session => runningSession(parts.sessions.store.get(call.part("id")));
  return [
    {
      method: "POST",
      path: one,
      handle: async (call) => {
        const body = await call.body();
        return execute(session(call), body, call, parts);
      },
    },
    {
      method: "POST",
      path: `${one}/complete`,
      handle: async (call) => {
        const body = await call.body();
        return json({ result: await complete(session(call), body, parts) });
      },
    },
    {
      method: "POST",
      path: `${one}/interrupt`,
      handle: (call) => {
        session(call).execution?.interrupt();
        return noContent();
      },
    },
  ];
}

async function execute(
  session: Session,
  body: Readonly<Record<string, unknown>>,
  call: Call,
  parts: EngineParts,
): Promise<Reply> {
  const { era } = parts;
  if (body["mode"] === "complete") {
    const result = await complete(session, body, parts);
    return json({ result: era.since("25.10") ? { result } : result });
  }
  const request = executeRequest(body, parts);
  return json({ result: await step(session, request, { flushMs, signal: call.signal }, parts) });
}

function executeRequest(body: Readonly<Record<string, unknown>>, { era }: EngineParts): ExecuteRequest {
  const { runIdField, exceptionExitCode } = era.dialect.execute;
  const mode = modes.find((known) => known === body["mode"]);
  if (mode === undefined || mode === "complete") {
    const reason = body["mode"] ? "mode has an invalid value." : "mode is missing or empty!";
    throw new Refusal(runIdField === "run_id" ? "run-missing" : "invalid-params", { msg: reason });
  }
  if (runIdField === "runId" && !("runId" in body)) {
    throw new Refusal("invalid-params", { msg: "runId is missing!" });
  }
  const runId = typeof body[runIdField] === "string" ? body[runIdField] : null;
  if (runId === null && (mode === "continue" || mode === "input")) {
    throw new Refusal("run-missing", { msg: "continuation requires explicit run ID" });
  }
  return {
    mode,
    code: typeof body["code"] === "string" ? body["code"] : "",
    runId,
    exceptionExitCode,
    ...(mode === "batch" ? { options: batchOptions(body["options"], era) } : {}),
  };
}

/** Reads the options of a batch run; anything that is no object counts as none. */
export function batchOptions(
  value: unknown,
  era: EngineParts["era"],
): NonNullable<ExecuteRequest["options"]> {
  const given = typeof value === "object" && value !== null ? { ...value } : {};
  const { clean, build, exec, buildLog } = parseInput(BatchInput, given, era);
  return { clean: clean ?? null, build: build ?? null, exec: exec ?? null, buildLog: buildLog ?? false };
}

/**
 * One step of a run, with the session's books kept.
 * @throws {Refusal} when the run before does not end, or the session does.
 */
export async function step(
  session: Session,
  request: ExecuteRequest,
  { flushMs: flush, signal }: { flushMs: number; signal: AbortSignal },
  { sessions }: EngineParts,
): Promise<RunResult> {
  session.queries += 1;
  session.touch();
  const { execution } = session;
  try {
    if (execution === undefined) {
      throw new SessionEndedError();
    }
    const result = await execution.execute(request, flush, signal);
    session.touch();
    if (result.status === "exec-timeout") {
      void sessions.destroy(session, "exec-timeout");
    }
    return result;
  } catch (error) {
    throw asRefusal(error, session);
  }
}

function asRefusal(error: unknown, session: Session): unknown {
  if (error instanceof AgentFaultError) {
    return new Refusal("execution", { exception: error.message }, { cause: error });
  }
  if (error instanceof AgentTimeoutError) {
    return new Refusal("execution", {}, { cause: error });
  }
  if (error instanceof SessionEndedError) {
    return new Refusal("execution", {
      exception: `RuntimeError('The container for kernel ${session.kernelId} is not found! (might be terminated--try it again)')`,
    });
  }
  return isAbort(error) ? new Refusal("internal", {}, { cause: error }) : error;
}

async function complete(
  session: Session,
  body: Readonly<Record<string, unknown>>,
  { era }: EngineParts,
): Promise<Record<string, unknown>> {
  session.touch();
  const code = typeof body["code"] === "string" ? body["code"] : "";
  const given = typeof body["options"] === "object" && body["options"] !== null ? { ...body["options"] } : {};
  const options = parseInput(CompleteInput, given, era);
  const words = await candidates(session, code, definedOnly(options));
  return era.dialect.completionField === "completions"
    ? { status: "finished", completions: words }
    : { status: "finished", error: null, suggestions: words };
}

async function candidates(session: Session, code: string, options: CompleteOptions): Promise<string[]> {
  try {
    return (await session.execution?.complete(code, options)) ?? [];
  } catch (error) {
    throw asRefusal(error, session);
  }
}

function definedOnly(options: z.infer<typeof CompleteInput>): {
  row?: number;
  col?: number;
  line?: string;
  post?: string;
} {
  return {
    ...(options.row !== undefined ? { row: options.row } : {}),
    ...(options.col !== undefined ? { col: options.col } : {}),
    ...(options.line !== undefined ? { line: options.line } : {}),
    ...(options.post !== undefined ? { post: options.post } : {}),
  };
}
