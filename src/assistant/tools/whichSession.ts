import type { SessionSummary } from "../../api/index.js";
import { namedSession } from "../../sessions/namedSession.js";
import { phaseOf } from "../../wire/status.js";
import { ToolRefusal } from "../tool.js";

/**
 * The session that a call means: the one it names, else the only one that runs.
 * @throws {ToolRefusal} or {ConfigurationError} (`session`), which tell which there are.
 */
export function whichSession(
  sessions: readonly SessionSummary[],
  nameOrId: string | undefined,
): SessionSummary {
  if (nameOrId !== undefined) {
    return namedSession(sessions, nameOrId);
  }
  const running = sessions.filter(({ status }) => phaseOf(status) === "running");
  const [only, another] = running;
  if (only === undefined) {
    throw new ToolRefusal("No session is running. Start one with backendai_start_session.");
  }
  if (another !== undefined) {
    const names = running.slice(0, 20).map(({ name }) => name);
    throw new ToolRefusal(`Several sessions run: ${names.join(", ")}. Say in “session” which one.`);
  }
  return only;
}

/** A session in any state: see {@link whichSession}. */
export function anySession(
  sessions: readonly SessionSummary[],
  nameOrId: string | undefined,
): SessionSummary {
  const named = sessions.find(({ id, name }) => id === nameOrId || name === nameOrId);
  return named ?? whichSession(sessions, nameOrId);
}
