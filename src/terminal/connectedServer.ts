import type { BackendAIClient } from "../api/index.js";
import type { SessionSsh } from "../tunnel/sessionSsh.js";

/** The server that a terminal's session is on, as it is connected now. */
export interface ConnectedServer {
  readonly client: BackendAIClient;
  readonly ssh: SessionSsh;
}
