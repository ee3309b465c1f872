import * as l10n from "@vscode/l10n";
import { SessionBlockedError } from "../../api/errors.js";
import type { BackendAIClient } from "../../api/index.js";
import { anySignal, deadline, delay, isAbort } from "../../base/abort.js";
import { ConfigurationError, TimeoutError } from "../../base/errors.js";
import { phaseOf } from "../../wire/status.js";
import { pythonReset } from "./pythonReset.js";

/** A new interpreter took 1.3–2.7 s on real clusters, a new container 8.5 s. */
const interpreterMs = 30_000;
const containerMs = 90_000;
const pollMs = 500;

/**
 * Forgets all that code of earlier queries left in the session's interpreter: variables, modules, threads, child processes, the
 * current folder. Files stay. Waits for runs of this client there, so end those first. Resolves when the new interpreter
 * takes queries.
 *
 * Python's interpreter is replaced in place: it takes 2 s on every release, and leaves terminals and ports of the session alone.
 * Where that does not work, and for other languages, the whole session is restarted, if the server can.
 * @throws {ConfigurationError} (`session`) when nothing helps but another session.
 */
export async function resetInterpreter(
  client: BackendAIClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  const runtime = await runtimeOf(client, sessionId, signal);
  const isDone = await replaceInterpreter(client, sessionId, { runtime, signal });
  if (!isDone) {
    await restartSession(client, sessionId, signal);
  }
}

/** The language of the session's image; `undefined` for images that the server does not list any more. */
async function runtimeOf(
  client: BackendAIClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [{ image }, images] = await Promise.all([
    client.sessions.info(sessionId, { signal }),
    client.images.list({ signal }),
  ]);
  return images.find(({ reference }) => reference === image)?.runtimeType;
}

/** Whether the interpreter was replaced. One that does not answer in time was not. */
async function replaceInterpreter(
  client: BackendAIClient,
  sessionId: string,
  { runtime, signal }: { readonly runtime: string | undefined; readonly signal: AbortSignal },
): Promise<boolean> {
  if (runtime === "nodejs") {
    // The local engine starts another interpreter; real servers keep nothing of JavaScript from one query to the next.
    await outputOf(client, sessionId, { code: "process.exit(0)", signal });
    return true;
  }
  if (runtime !== "python" && runtime !== undefined) {
    return false;
  }
  const { code, mark } = pythonReset();
  return (await outputOf(client, sessionId, { code, signal })).includes(mark);
}

/** What a query printed, also one that was given up for its silence. */
async function outputOf(
  client: BackendAIClient,
  sessionId: string,
  { code, signal }: { readonly code: string; readonly signal: AbortSignal },
): Promise<string> {
  const limit = deadline(interpreterMs, "run", "Resetting the interpreter"); // for programs
  let output = "";
  try {
    for await (const event of client.runs.query(sessionId, code, {
      signal: anySignal(signal, limit.signal),
    })) {
      output += event.type === "output" ? event.text : "";
    }
  } catch (error) {
    const isStuck = error instanceof SessionBlockedError || error instanceof TimeoutError || isAbort(error);
    if (signal.aborted || !isStuck) {
      throw error;
    }
  } finally {
    limit.clear();
  }
  return output;
}

async function restartSession(
  client: BackendAIClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  if (!client.dialect.can.restart) {
    throw new ConfigurationError(
      "session",
      l10n.t(
        "The interpreter of this session can't be reset, and this server restarts no sessions. Start another session.",
      ),
    );
  }
  const limit = deadline(containerMs, "start", l10n.t("Restarting the session"));
  const either = anySignal(signal, limit.signal) ?? signal;
  try {
    await client.sessions.restart(sessionId, { signal: either });
    while (phaseOf((await client.sessions.info(sessionId, { signal: either })).status ?? "") !== "running") {
      await delay(pollMs, either);
    }
  } finally {
    limit.clear();
  }
}
