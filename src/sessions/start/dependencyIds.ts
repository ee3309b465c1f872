import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";

/** How far back sessions are looked for by their names. */
const lookBack = 300;

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The ids of sessions that are named by name or id: servers take ids alone. Of namesakes the newest counts.
 * @throws {ConfigurationError} (`dependencies`) when one is not among the newest 300.
 */
export async function dependencyIds(
  client: BackendAIClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const unknown = new Set(names.filter((name) => !uuid.test(name)));
  if (unknown.size === 0) {
    return names;
  }
  const ids = new Map<string, string>();
  let seen = 0;
  for await (const { id, name } of client.sessions.list({}, { signal })) {
    seen += 1;
    if (!ids.has(name)) {
      ids.set(name, id);
    }
    if (seen >= lookBack || [...unknown].every((wanted) => ids.has(wanted))) {
      break;
    }
  }
  return names.map((name) => {
    const id = uuid.test(name) ? name : ids.get(name);
    if (id === undefined) {
      throw new ConfigurationError(
        "dependencies",
        l10n.t("There is no session {0} that it could wait for.", name),
      );
    }
    return id;
  });
}
