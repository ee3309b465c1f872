import { environmentTarget } from "../../src/account/environment.js";
import { BackendAIClient, type ConnectOptions, type Credentials } from "../../src/api/index.js";
import { startEngine } from "../../src/engine/index.js";

/** A server to test terminals and tunnels on: an engine of one's own, or one of the world. Who opens it ends it. */
export interface ServerTarget {
  readonly client: BackendAIClient;
  readonly isReal: boolean;
  readonly pythonImage: string;
  /** A client that reaches the server by another address, such as through a proxy; closed with the target. */
  connect(options: Partial<ConnectOptions>): Promise<BackendAIClient>;
  end(): Promise<void>;
}

/** The server of the `BACKEND_*` variables with `TUNNEL_TARGET=environment`, else an engine in this process. */
export async function openServerTarget(environment: NodeJS.ProcessEnv): Promise<ServerTarget> {
  if (environment["TUNNEL_TARGET"] === "environment") {
    const target = environmentTarget(environment);
    if (target.kind !== "environment") {
      throw new Error("The environment names no server.");
    }
    const { endpoints: endpoint, credentials } = target;
    return targetOf({ endpoint, credentials }, environment["CONFORMANCE_PYTHON_IMAGE"], undefined);
  }
  const engine = await startEngine();
  const { endpoint, accessKey, secretKey } = engine;
  const credentials: Credentials = { type: "keypair", accessKey, secretKey };
  return targetOf({ endpoint, credentials }, undefined, async () => engine.close());
}

async function targetOf(
  connection: ConnectOptions,
  image: string | undefined,
  stop: (() => Promise<void>) | undefined,
): Promise<ServerTarget> {
  const client = await BackendAIClient.connect(connection);
  const clients = [client];
  const pythonImage = image ?? (await pythonImageOf(client));
  return {
    client,
    isReal: stop === undefined,
    pythonImage,
    connect: async (options) => {
      const other = await BackendAIClient.connect({ ...connection, ...options });
      clients.push(other);
      return other;
    },
    end: async () => {
      await Promise.all(clients.map(async (one) => one.close()));
      await stop?.();
    },
  };
}

async function pythonImageOf(client: BackendAIClient): Promise<string> {
  const found = (await client.images.list()).find(({ runtimeType }) => runtimeType === "python");
  if (found === undefined) {
    throw new Error("The server has no image for Python.");
  }
  return found.reference;
}
