import type { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { HostKeys } from "../../../../src/tunnel/hostKeys.js";
import { SessionSsh } from "../../../../src/tunnel/sessionSsh.js";
import { memoryStore } from "./memoryStore.js";

/** The ssh connection of a session, for one that knows no host key yet. Who makes it disposes it. */
export function freshSsh(
  client: BackendAIClient,
  sessionId: string,
  hostKeys = new HostKeys(memoryStore(), silentLogger),
): SessionSsh {
  return new SessionSsh({ client, sessionId, hostKeys, logger: silentLogger });
}
