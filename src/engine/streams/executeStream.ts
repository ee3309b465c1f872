import { randomBytes } from "node:crypto";
import type { RawData, WebSocket } from "ws";
import { AsyncQueue } from "../../base/asyncQueue.js";
import { messageOf } from "../../base/errors.js";
import { ExecuteClientFrame } from "../../wire/frames.js";
import type { ExecuteRequest, RunResult } from "../execution/index.js";
import { Refusal } from "../http/refusal.js";
import type { SocketRoute } from "../http/routes.js";
import type { EngineParts } from "../routes/engineParts.js";
import { batchOptions, step } from "../routes/executeRoutes.js";
import { runningSession } from "../routes/sessions/sessionRoutes.js";
import type { Session } from "../sessions/session.js";
import { sendPaced, textOf } from "./message.js";

/** How often a running program is reported; milliseconds (`protocol.md` §5.1). */
const flushMs = 200;

/** Received text that may wait for the run before the client is made to wait; characters. */
const inboxHighWater = 64 * 1024;
/** What a message counts beside its characters, so that empty ones have a bound too. */
const lineSize = 1024;

/** The first frame is not what it should be. */
class FrameError extends Error {}

/** `/stream/session/{id}/execute`: a whole run over one websocket (`protocol.md` §5.1). */
export function executeRoute(parts: EngineParts): SocketRoute {
  return {
    path: `/stream${parts.era.dialect.prefix}/:id/execute`,
    open: (call) => {
      const session = runningSession(parts.sessions.store.get(call.part("id")));
      return (socket) => talk(socket, session, parts);
    },
  };
}

async function talk(socket: WebSocket, session: Session, parts: EngineParts): Promise<void> {
  const inbox = new AsyncQueue<string>(inboxHighWater, () => socket.resume());
  const gone = new AbortController();
  const receive = (data: RawData): void => {
    const text = textOf(data);
    if (!inbox.push(text, text.length + lineSize)) {
      socket.pause();
    }
  };
  socket.on("message", receive);
  socket.on("close", () => {
    inbox.end();
    gone.abort();
  });
  const messages = inbox[Symbol.asyncIterator]();
  try {
    const first = await messages.next();
    if (first.done !== true) {
      await run(socket, session, messages, { first: first.value, parts, signal: gone.signal });
    }
  } catch (error) {
    if (!gone.signal.aborted) {
      await sendPaced(socket, JSON.stringify(errorFrame(error, session)));
    }
  } finally {
    socket.off("message", receive);
    socket.resume(); // a paused socket would not see the client's half of the handshake
    socket.close(1000);
  }
}

interface RunStart {
  readonly first: string;
  readonly parts: EngineParts;
  readonly signal: AbortSignal;
}

/** Steps through the run until it ends. A client that leaves does not end it, as on real servers. */
async function run(
  socket: WebSocket,
  session: Session,
  messages: AsyncGenerator<string, void, undefined>,
  { first, parts, signal }: RunStart,
): Promise<void> {
  const runId = randomBytes(8).toString("hex");
  let request: ExecuteRequest = { ...firstRequest(first, parts), runId };
  for (;;) {
    const result = await step(session, request, { flushMs, signal }, parts);
    await sendPaced(socket, JSON.stringify(frameOf(result)));
    if (result.status === "finished" || result.status === "exec-timeout") {
      return;
    }
    request = { mode: "continue", code: "", runId };
    if (result.status === "waiting-input") {
      const answer = await messages.next();
      if (answer.done === true) {
        return;
      }
      request = { mode: "input", code: answer.value, runId };
    }
  }
}

function firstRequest(text: string, { era }: EngineParts): Omit<ExecuteRequest, "runId"> {
  const frame = parseFrame(text);
  if (!frame.mode) {
    throw new FrameError("mode is missing or empty!");
  }
  if (frame.mode !== "query" && frame.mode !== "batch") {
    throw new FrameError("mode has an invalid value.");
  }
  return {
    mode: frame.mode,
    code: frame.code,
    exceptionExitCode: era.dialect.execute.exceptionExitCode,
    ...(frame.mode === "batch" ? { options: batchOptions(frame.options, era) } : {}),
  };
}

function parseFrame(text: string): ExecuteClientFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError("Expecting value: line 1 column 1 (char 0)", { cause: error });
  }
  const given = typeof value === "object" && value !== null ? value : {};
  const frame = ExecuteClientFrame.safeParse({ mode: "", code: "", ...given });
  if (!frame.success) {
    throw new FrameError("mode has an invalid value.");
  }
  return frame.data;
}

function frameOf({ status, console, exitCode, options, files }: RunResult): Record<string, unknown> {
  return { status, console, exitCode, options, files };
}

/** The words of real servers (recordings `ws-execute`, `c18_stream_execute`). */
function errorFrame(error: unknown, session: Session): Record<string, unknown> {
  if (session.execution === undefined) {
    return { status: "server-restarting", msg: "The API server is going to restart for maintenance." };
  }
  if (error instanceof FrameError) {
    return { status: "error", msg: `Invalid API parameters: AssertionError('${error.message}')` };
  }
  if (error instanceof SyntaxError) {
    return { status: "error", msg: `Invalid API parameters: JSONDecodeError('${error.message}')` };
  }
  return { status: "error", msg: `BackendError: ${backendErrorOf(error)}` };
}

/** Recorded on 24.09.14, where the agent failed, and seen on 23.09, where it waited in vain. */
function backendErrorOf(error: unknown): string {
  if (!(error instanceof Refusal)) {
    return "internal error";
  }
  if (error.kind !== "execution") {
    return messageOf(error);
  }
  const { exception } = error.details;
  const words = exception === undefined ? "None" : `Agent-side exception occurred. (${exception})`;
  return `<KernelExecutionFailed: ${words}>`;
}
