import type { BackendAIClient, ConnectOptions } from "../api/index.js";
import { Emitter } from "../base/event.js";
import type { Logger } from "../base/logger.js";
import type { Connector, OpenConnection } from "./connectionStore.js";
import { LocalEngine } from "./localEngine.js";
import type { ServerMemory } from "./serverMemory.js";
import type { ConnectionTarget } from "./target.js";

/** What a connector needs to know of its surroundings. */
export interface ConnectorOptions {
  readonly engineProgram: string;
  readonly nodePty: string | undefined;
  readonly userAgent: string;
  readonly logger: Logger;
  /** What was learned of servers before. */
  readonly memory: ServerMemory;
  /** Proxy and certificate settings for an endpoint, read for each connection. */
  readonly network: (endpoint: string) => Pick<ConnectOptions, "proxy" | "tls">;
}

/** Connects to a target: starts the local engine where that is the target, and proves the keys before anything is shown. */
export function createConnector(options: ConnectorOptions): Connector {
  return (target, signal) =>
    target.kind === "local" ? openLocal(options, signal) : openServer(options, target, signal);
}

async function openLocal(options: ConnectorOptions, signal: AbortSignal): Promise<OpenConnection> {
  const { engine, endpoint } = await LocalEngine.start(
    { program: options.engineProgram, nodePty: options.nodePty, logger: options.logger },
    signal,
  );
  try {
    const { accessKey, secretKey } = engine;
    const client = await openClient(
      options,
      { endpoint, credentials: { type: "keypair", accessKey, secretKey } },
      signal,
    );
    return {
      client,
      onDidClose: engine.onDidExit,
      close: async () => {
        await client.close();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function openServer(
  options: ConnectorOptions,
  target: Exclude<ConnectionTarget, { kind: "local" }>,
  signal: AbortSignal,
): Promise<OpenConnection> {
  const { endpoints, credentials, domain, group, mounts } = target;
  const network = options.network(endpoints[0] ?? "");
  const tls = target.skipVerification ? { skipVerification: true } : network.tls;
  const { memory } = options;
  const address = endpoints.join(",");
  const evidence = memory.recall(address);
  const place = { domain, group, mounts, evidence };
  const where = { endpoint: endpoints, credentials, ...place, ...network, ...(tls && { tls }) };
  const client = await openClient(options, where, signal);
  client.findings.onDidChange(() => memory.keep(address, client.findings.evidence));
  return { client, onDidClose: new Emitter<Error>().event, close: () => client.close() };
}

async function openClient(
  options: ConnectorOptions,
  where: ConnectOptions,
  signal: AbortSignal,
): Promise<BackendAIClient> {
  const client = await connect({ ...where, logger: options.logger, userAgent: options.userAgent }, signal);
  try {
    await client.auth.test({ signal });
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The SDK is loaded here, when first needed: it brings undici and ws. */
async function connect(where: ConnectOptions, signal: AbortSignal): Promise<BackendAIClient> {
  const { BackendAIClient } = await import("../api/index.js");
  return BackendAIClient.connect(where, { signal });
}
