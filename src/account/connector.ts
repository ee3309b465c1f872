import { readFile } from "node:fs/promises";
import * as l10n from "@vscode/l10n";
import type { BackendAIClient, ConnectOptions, Credentials, TlsOptions } from "../api/index.js";
import { LoginError, type ProxyOrigin, UnauthorizedError } from "../api/errors.js";
import { ConfigurationError, messageOf, SignedOutError } from "../base/errors.js";
import { Emitter } from "../base/event.js";
import type { Logger } from "../base/logger.js";
import type { Connector, OpenConnection } from "./connectionStore.js";
import { LocalEngine } from "./localEngine.js";
import type { Profile } from "./profiles/profile.js";
import type { ProfileSecrets } from "./profiles/profileSecrets.js";
import type { ServerMemory } from "./serverMemory.js";
import { type ConnectionTarget, endpointsOfTarget } from "./target.js";

/** What a connector needs to know of its surroundings. */
export interface ConnectorOptions {
  readonly engineProgram: string;
  readonly nodePty: string | undefined;
  readonly userAgent: string;
  readonly logger: Logger;
  /** What was learned of servers before. */
  readonly memory: ServerMemory;
  readonly secrets: ProfileSecrets;
  /** Proxy and certificate settings for an endpoint, read for each connection. */
  readonly network: (endpoint: string) => {
    readonly proxy?: ProxyOrigin;
    readonly tls?: TlsOptions;
  };
}

/** How to reach the server of a profile, for who signs in. */
export type ProfileDoor = (
  profile: Profile,
  credentials: Credentials,
  signal: AbortSignal,
) => Promise<BackendAIClient>;

/** Connects to a target: starts the local engine where that is the target, and proves the keys before anything is shown. */
export function createConnector(options: ConnectorOptions): Connector {
  return (target, signal) => {
    switch (target.kind) {
      case "local":
        return openLocal(options, signal);
      case "environment":
        return openServer(options, target, { ...target, caFile: undefined }, signal);
      case "profile":
        return openProfile(options, target.profile, signal);
    }
  };
}

/** Opens a client to the server of a profile as somebody; who opens it closes it. Keys are not proved. */
export function createProfileDoor(options: ConnectorOptions): ProfileDoor {
  return async (profile, credentials, signal) =>
    connect(options, await addressOf(options, { ...profile, credentials }), signal);
}

async function openLocal(options: ConnectorOptions, signal: AbortSignal): Promise<OpenConnection> {
  const { engine, endpoint } = await LocalEngine.start(
    { program: options.engineProgram, nodePty: options.nodePty, logger: options.logger },
    signal,
  );
  try {
    const { accessKey, secretKey } = engine;
    const credentials = { type: "keypair", accessKey, secretKey } as const;
    const client = await openClient(options, { endpoint, credentials }, signal);
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

async function openProfile(
  options: ConnectorOptions,
  profile: Profile,
  signal: AbortSignal,
): Promise<OpenConnection> {
  const signIn = await options.secrets.get(profile);
  if (signIn === undefined) {
    throw new SignedOutError(profile.name, "never");
  }
  const target = { kind: "profile", profile } as const;
  try {
    return await openServer(options, target, { ...profile, credentials: signIn.secret }, signal);
  } catch (error) {
    const isRefused = error instanceof UnauthorizedError && !(error instanceof LoginError);
    throw isRefused ? signedOut(profile, signIn.secret, error) : error;
  }
}

async function openServer(
  options: ConnectorOptions,
  target: Exclude<ConnectionTarget, { kind: "local" }>,
  account: Account,
  signal: AbortSignal,
): Promise<OpenConnection> {
  const { memory } = options;
  const address = endpointsOfTarget(target).join(",");
  const evidence = memory.recall(address);
  const didClose = new Emitter<Error>();
  const refused = { tell: (): void => undefined };
  const onUnauthorized = (): void => refused.tell();
  const where = { ...(await addressOf(options, account)), evidence, onUnauthorized };
  const client = await openClient(options, where, signal);
  client.findings.onDidChange(() => memory.keep(address, client.findings.evidence));
  if (target.kind === "profile") {
    refused.tell = watchLogin(client, account.credentials, options.logger, (error) =>
      didClose.fire(signedOut(target.profile, account.credentials, error)),
    );
  }
  return { client, onDidClose: didClose.event, close: () => client.close() };
}

function signedOut({ name }: Profile, { type }: Credentials, cause: unknown): SignedOutError {
  return new SignedOutError(name, type === "cookie" ? "expired" : "refused", { cause });
}

/**
 * What to do about a refused call: one refusal may be of that call alone, as some servers answer so to who is no
 * administrator, so that the server is asked whether it still knows the caller.
 */
function watchLogin(
  client: BackendAIClient,
  { type }: Credentials,
  logger: Logger,
  onRefused: (error: unknown) => void,
): () => void {
  const isKnown = async (): Promise<boolean> => {
    if (type === "cookie") {
      return (await client.auth.loginCheck()).isAuthenticated;
    }
    await client.auth.test();
    return true;
  };
  let isAsking = false;
  return () => {
    if (isAsking) {
      return;
    }
    isAsking = true;
    isKnown()
      .then((known) => known || onRefused(undefined))
      .catch((error: unknown) => {
        if (error instanceof UnauthorizedError) {
          onRefused(error);
        } else {
          logger.debug(`asking for the login: ${messageOf(error)}`);
        }
      })
      .finally(() => {
        isAsking = false;
      });
  };
}

/** Who calls, and with what. */
interface Account {
  readonly endpoints: readonly string[];
  readonly credentials: Credentials;
  readonly domain: string;
  readonly group: string;
  readonly mounts: readonly string[];
  readonly caFile: string | undefined;
  readonly skipVerification: boolean;
}

async function addressOf(options: ConnectorOptions, account: Account): Promise<ConnectOptions> {
  const { endpoints, credentials, domain, group, mounts, caFile, skipVerification } = account;
  const network = options.network(endpoints[0] ?? "");
  const ca = [...(network.tls?.ca ?? []), ...(caFile === undefined ? [] : [await readCertificates(caFile)])];
  const tls = {
    ...network.tls,
    ...(ca.length === 0 ? {} : { ca }),
    ...(skipVerification ? { skipVerification } : {}),
  };
  if (tls.skipVerification === true) {
    options.logger.warn(`certificates of ${endpoints.join(", ")} are not verified`);
  }
  const proxy = (endpoint: string): ProxyOrigin | undefined => options.network(endpoint).proxy;
  return { endpoint: endpoints, credentials, domain, group, mounts, proxy, tls };
}

async function readCertificates(file: string): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    // for programs
    if (!text.includes("-----BEGIN CERTIFICATE-----")) {
      throw new Error(l10n.t("it holds no certificate in PEM form"));
    }
    return text;
  } catch (error) {
    throw new ConfigurationError(
      "backendai.servers",
      l10n.t("The certificates in {0} can't be used: {1}.", file, messageOf(error)),
      { cause: error },
    );
  }
}

async function openClient(
  options: ConnectorOptions,
  where: ConnectOptions,
  signal: AbortSignal,
): Promise<BackendAIClient> {
  const client = await connect(options, where, signal);
  try {
    await client.auth.test({ signal });
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The SDK is loaded here, when first needed: it brings undici and ws. */
async function connect(
  { logger, userAgent }: ConnectorOptions,
  where: ConnectOptions,
  signal: AbortSignal,
): Promise<BackendAIClient> {
  const { BackendAIClient } = await import("../api/index.js");
  return BackendAIClient.connect({ ...where, logger, userAgent }, { signal });
}
