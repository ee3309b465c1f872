import { BackendAIError } from "../../../base/errors.js";
import { anySignal, deadline as timeLimit, delay } from "../../../base/abort.js";
import type { BackendAIClient } from "../../../api/index.js";
import { type IdleDeadline, idleDeadline } from "./idleDeadline.js";

/** How long one sign of life may take, and how long until the server must have counted it: it looks every 15 s. */
const times = { signMs: 20_000, countedMs: 40_000, lookMs: 2000 };

/** What a sign of life has done. */
export type Kept =
  /** The end was put off; until when is known where the server still tells. */
  | { readonly outcome: "later"; readonly deadline: IdleDeadline | undefined }
  /** The server has not counted it yet. */
  | { readonly outcome: "same"; readonly deadline: IdleDeadline };

/**
 * Uses a session in a way that its server counts as use (`manager/idle.py`): an empty query, which every release counts as the start
 * and the end of an execution; where that fails, a connection to its sshd, which most releases count. Then waits until the server has
 * looked again.
 * @param before When the server was going to end it.
 * @throws {BackendAIError} when neither was possible.
 */
export async function keepWorking(
  client: BackendAIClient,
  sessionId: string,
  before: IdleDeadline,
  { signal, lookMs = times.lookMs }: { readonly signal: AbortSignal; readonly lookMs?: number },
): Promise<Kept> {
  await signOfLife(client, sessionId, signal);
  const end = performance.now() + times.countedMs;
  for (;;) {
    const all = await client.sessions.idleChecks({ signal });
    const after = idleDeadline(all.get(sessionId) ?? {}, Date.now());
    if (after === undefined || after.check !== before.check || after.at > before.at + 1000) {
      return { outcome: "later", deadline: after };
    }
    if (performance.now() > end) {
      return { outcome: "same", deadline: after };
    }
    await delay(lookMs, signal);
  }
}

async function signOfLife(client: BackendAIClient, sessionId: string, signal: AbortSignal): Promise<void> {
  const limit = timeLimit(times.signMs, "run", "a sign of life"); // for programs
  const both = anySignal(signal, limit.signal);
  try {
    const events = client.runs
      .start(sessionId, { mode: "query", code: "" }, { signal: both })
      [Symbol.asyncIterator]();
    while ((await events.next()).done !== true); // it prints nothing, and whatever it says is no matter
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof BackendAIError)) {
      throw error;
    }
    await connectOnce(client, sessionId, signal);
  } finally {
    limit.clear();
  }
}

async function connectOnce(client: BackendAIClient, sessionId: string, signal: AbortSignal): Promise<void> {
  const tunnel = await client.apps.openTunnel(sessionId, "sshd", { signal });
  await tunnel.close();
}
