import type { ConnectionState } from "../account/connectionStore.js";
import { serverIdOf } from "../account/target.js";
import { placeOf, type UriParts } from "../files/filePlace.js";
import type { CodeSession } from "../sessions/interpreters.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import { phaseOf } from "../wire/status.js";

/** The running session that a document is a file of, by its own address; `undefined` for all others. */
export function sessionOfDocument(
  uri: UriParts,
  connection: ConnectionState,
  store: Pick<SessionStore, "find" | "named">,
): CodeSession | undefined {
  const place = placeOf(uri);
  if (
    place === undefined ||
    connection.phase !== "connected" ||
    serverIdOf(connection.target) !== place.server
  ) {
    return undefined;
  }
  const session = [place.session, ...store.named(place.session)]
    .map((id) => store.find(id))
    .find((found) => found !== undefined && phaseOf(found.status) === "running");
  return session && { client: connection.client, session };
}
