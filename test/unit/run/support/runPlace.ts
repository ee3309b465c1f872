import { openServerTarget, type ServerTarget } from "../../../support/serverTarget.js";
import { freshSsh } from "../../tunnel/support/freshSsh.js";
import type { TestPlace } from "./openRun.js";

/** A session to run programs in, and its server. */
export interface RunPlace extends TestPlace {
  readonly server: ServerTarget;
}

/** Inside a `describe`: a session for all its tests, on an engine or on the server of the environment. */
export function withRunPlace(name: string): () => RunPlace {
  let place: RunPlace | undefined;
  before(async () => {
    const server = await openServerTarget(process.env);
    const { client, pythonImage } = server;
    const session = { ...(await client.sessions.create({ image: pythonImage, name })), name };
    place = { server, client, session, ssh: freshSsh(client, session.id) };
  });
  after(async () => {
    place?.ssh.dispose();
    await place?.client.sessions.destroy(place.session.id, { forced: true }).catch(() => undefined);
    await place?.server.end();
  });
  return () => {
    if (place === undefined) {
      throw new Error("There is no session before the tests.");
    }
    return place;
  };
}
