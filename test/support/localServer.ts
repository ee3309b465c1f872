import { BackendAIClient } from "../../src/api/index.js";
import type { ConnectOptions } from "../../src/api/index.js";
import { type Engine, startEngine } from "../../src/engine/index.js";

/** An engine of one's own and a client on it; `stop` ends both. */
export interface LocalServer {
  readonly engine: Engine;
  readonly client: BackendAIClient;
  stop(): Promise<void>;
}

/** Starts an engine in this process and connects to it. */
export async function startLocalServer(
  options: Parameters<typeof startEngine>[0] = {},
  connect: Partial<ConnectOptions> = {},
): Promise<LocalServer> {
  const engine = await startEngine(options);
  const { endpoint, accessKey, secretKey } = engine;
  const credentials = { type: "keypair", accessKey, secretKey } as const;
  const client = await BackendAIClient.connect({ endpoint, credentials, ...connect });
  return {
    engine,
    client,
    stop: async () => {
      await client.close();
      await engine.close();
    },
  };
}
