import type { BackendAIClient, CreateSessionOptions } from "../../../src/api/index.js";
import { play } from "../../conformance/playing.js";
import { endSession } from "./ownSessions.js";

/** Longest a session may take to start while others start as well. */
const startMs = 90_000;
/** Tries until a session has an interpreter. */
const tries = 4;
/** What a query ends with in a session whose interpreter did not start. */
const noInterpreter = 127;

/**
 * Creates a session that answers queries. RUNNING does not mean that: where the interpreter is not up within ten seconds,
 * as on a busy computer, each query of the session ends with 127 and prints nothing for as long as it lives. Such a session
 * makes place for another one.
 */
export async function createReady(
  client: BackendAIClient,
  options: () => CreateSessionOptions,
  { signal, onReplaced }: { readonly signal: AbortSignal; readonly onReplaced: () => void },
): Promise<string> {
  for (let left = tries; left > 0; left -= 1) {
    const { id, status } = await client.sessions.create({ timeoutMs: startMs, ...options() }, { signal });
    if (status !== "RUNNING") {
      throw new Error(`A session is ${status} instead of RUNNING.`);
    }
    const probe = client.runs.start(id, { mode: "query", code: "print('ready')" }, { signal });
    const { exitCode } = await play(probe);
    if (exitCode !== noInterpreter) {
      return id;
    }
    onReplaced();
    await endSession(client, id, signal);
  }
  throw new Error(`${tries} sessions had no interpreter.`);
}
