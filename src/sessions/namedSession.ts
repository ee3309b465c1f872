import type { SessionSummary } from "../api/index.js";
import { ConfigurationError } from "../base/errors.js";
import { phaseOf } from "../wire/status.js";

/**
 * The session that a task, a debug configuration or a language model names, by id or by name.
 * @throws {ConfigurationError} (`session`) when none of that name runs; it tells which do.
 */
export function namedSession(sessions: readonly SessionSummary[], nameOrId: string): SessionSummary {
  const named =
    sessions.find(({ id }) => id === nameOrId) ??
    sessions.find(({ name, status }) => name === nameOrId && phaseOf(status) === "running") ??
    sessions.find(({ name }) => name === nameOrId);
  if (named !== undefined && phaseOf(named.status) === "running") {
    return named;
  }
  if (named !== undefined) {
    throw new ConfigurationError(
      "session",
      `Session “${named.name}” is not running: it is ${named.status.toLowerCase()}.`,
    );
  }
  const running = sessions.filter(({ status }) => phaseOf(status) === "running").map(({ name }) => name);
  const others = running.length === 0 ? "No session is running." : `These run: ${running.join(", ")}.`;
  throw new ConfigurationError("session", `There is no session “${nameOrId}”. ${others}`);
}
