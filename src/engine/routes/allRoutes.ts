import { authRoutes } from "../auth/authRoutes.js";
import { graphqlRoutes } from "../graphql/graphqlRoutes.js";
import { Refusal } from "../http/refusal.js";
import { json } from "../http/reply.js";
import type { Route, SocketRoute } from "../http/routes.js";
import { executeRoute } from "../streams/executeStream.js";
import { proxyRoutes } from "../streams/proxyStream.js";
import { ptyRoute } from "../streams/ptyStream.js";
import { detailRoutes } from "./sessions/detailRoutes.js";
import type { EngineParts } from "./engineParts.js";
import { eventRoutes } from "./eventRoutes.js";
import { executeRoutes } from "./executeRoutes.js";
import { fileRoutes } from "./fileRoutes.js";
import { folderFileRoutes } from "./folders/folderFileRoutes.js";
import { folderRoutes } from "./folders/folderRoutes.js";
import { transferRoutes } from "./folders/transferRoutes.js";
import { listRoutes } from "./sessions/listRoutes.js";
import { logRoutes } from "./logRoutes.js";
import { sessionRoutes } from "./sessions/sessionRoutes.js";
import { sessionsV2Routes } from "./sessions/sessionsV2Routes.js";

/** The websockets of the era. */
export function socketRoutes(parts: EngineParts): SocketRoute[] {
  return [ptyRoute(parts), executeRoute(parts), ...proxyRoutes(parts)];
}

/** Every URL that the era's manager answers. */
export function managerRoutes(parts: EngineParts): Route[] {
  const { apiVersion, manager } = parts.era.dialect;
  // What asks for a websocket's URL without wanting one gets the checks of `open`, which starts nothing yet.
  const plain = socketRoutes(parts).map(({ path, open }): Route => ({
    method: "GET",
    path,
    handle: async (call) => {
      await open(call);
      throw new Refusal("bad-request", { msg: "No WebSocket UPGRADE hdr: None" });
    },
  }));
  return [
    {
      method: "GET",
      path: "/",
      auth: "none",
      // An engine that plays a server with defects keeps quiet about them, as that server would.
      handle: () => json({ version: apiVersion, manager, ...(parts.defects.isNone ? { defects: [] } : {}) }),
    },
    ...authRoutes(parts),
    ...sessionRoutes(parts),
    ...executeRoutes(parts),
    ...fileRoutes(parts),
    ...logRoutes(parts),
    ...detailRoutes(parts),
    ...eventRoutes(parts),
    ...listRoutes(parts),
    ...folderRoutes(parts),
    ...folderFileRoutes(parts),
    ...transferRoutes(parts),
    ...graphqlRoutes(parts),
    ...(parts.era.dialect.can.sessionsV2 ? sessionsV2Routes(parts) : []),
    ...plain,
  ];
}
