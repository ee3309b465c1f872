import * as l10n from "@vscode/l10n";
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
      l10n.t("Session “{0}” is not running: it is {1}.", named.name, named.status.toLowerCase()),
    );
  }
  const running = sessions.filter(({ status }) => phaseOf(status) === "running").map(({ name }) => name);
  const others =
    running.length === 0 ? l10n.t("No session is running.") : l10n.t("These run: {0}.", running.join(", "));
  throw new ConfigurationError("session", `${l10n.t("There is no session “{0}”.", nameOrId)} ${others}`);
}
