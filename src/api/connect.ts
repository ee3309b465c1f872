import { ConfigurationError, messageOf, NetworkError, TimeoutError } from "../base/errors.js";
import { type Logger, silentLogger } from "../base/logger.js";
import { dialectFor } from "../wire/dialect.js";
import type { Hello } from "../wire/records/server.js";
import { greet } from "./account/greet.js";
import { login, remember } from "./account/login.js";
import type { Context } from "./context.js";
import { GatewayError, type ProxyOrigin } from "./errors.js";
import { Findings } from "./findings.js";
import {
  type CallOptions,
  type ConnectOptions,
  type Credentials,
  defaultTimeouts,
  type Timeouts,
} from "./options.js";
import {
  AnonymousAuthentication,
  type Authentication,
  CookieAuthentication,
  KeypairAuthentication,
} from "./transport/authentication.js";
import { withCertificate } from "./transport/certificate.js";
import { makeDispatcher } from "./transport/dispatcher.js";
import { SocketDialer } from "./transport/socket.js";
import { Transport } from "./transport/transport.js";

/** A server that answered. */
export interface Connection {
  readonly endpoint: string;
  readonly hello: Hello;
  readonly context: Context;
  close(): Promise<void>;
}

/** See `BackendAIClient.connect`. */
export async function connect(options: ConnectOptions, call: CallOptions): Promise<Connection> {
  const endpoints = (typeof options.endpoint === "string" ? [options.endpoint] : options.endpoint).map(
    checkedEndpoint,
  );
  const logger = options.logger ?? silentLogger;
  let failure: unknown = new ConfigurationError("endpoint", "No endpoint is given.");
  for (const endpoint of endpoints) {
    try {
      return await connectTo(endpoint, options, call);
    } catch (error) {
      if (!isUnreachable(error)) {
        throw error;
      }
      logger.info(`${endpoint} cannot be reached: ${messageOf(error)}`);
      failure = error;
    }
  }
  throw failure;
}

/** Whether another endpoint may do better: no connection or no server behind it, rather than an answer that is not liked. */
function isUnreachable(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof GatewayError ||
    (error instanceof TimeoutError && (error.phase === "connect" || error.phase === "headers"))
  );
}

async function connectTo(endpoint: string, options: ConnectOptions, call: CallOptions): Promise<Connection> {
  const { tls, credentials } = options;
  const timeouts: Timeouts = { ...defaultTimeouts, ...options.timeouts };
  const now = options.now ?? (() => new Date());
  const logger: Logger = options.logger ?? silentLogger;
  const proxy = proxyOf(options, endpoint);
  const dispatcher = makeDispatcher({ tls, proxy, timeouts });
  const authentication = authenticationOf(credentials);
  const userAgent = options.userAgent ?? "backendai-sessions";
  const { onUnauthorized } = options;
  const common = { dispatcher, timeouts, logger, userAgent, now };
  const transport = new Transport({ ...common, endpoint, authentication, onUnauthorized });
  const nobody = authentication.prefix === "" ? new AnonymousAuthentication() : new CookieAuthentication();
  const strangerTo = (address: string): Transport =>
    new Transport({ ...common, endpoint: address, authentication: nobody });
  const ended = new AbortController();
  try {
    const hello = await greet({ endpoint, transport }, strangerTo, call);
    const dialect = dialectFor(hello);
    transport.version = dialect.apiVersion;
    if (credentials.type === "login" && authentication instanceof CookieAuthentication) {
      remember(authentication, await login(transport, credentials, call));
    }
    logger.info(`${endpoint} is manager ${dialect.manager}, API ${dialect.apiVersion}`);
    const sockets = new SocketDialer({ transport, tls, proxy, now, ended: ended.signal });
    const { domain = "default", group = "default", mounts = [] } = options;
    const defaults = { domain, group, mounts };
    const findings = new Findings(dialect.manager, hello.defects, options.evidence);
    return {
      endpoint,
      hello,
      context: { transport, sockets, dialect, authentication, findings, defaults },
      close: async () => {
        ended.abort(new NetworkError("The client was closed.", "CLOSED"));
        await dispatcher.destroy();
      },
    };
  } catch (error) {
    await dispatcher.destroy();
    throw await withCertificate(error, endpoint, proxy);
  }
}

function proxyOf({ proxy }: ConnectOptions, endpoint: string): ProxyOrigin | undefined {
  if (typeof proxy === "function") {
    return proxy(endpoint);
  }
  return typeof proxy === "string" ? { url: proxy, source: "http.proxy" } : proxy;
}

function authenticationOf(credentials: Credentials): Authentication {
  switch (credentials.type) {
    case "keypair":
      return new KeypairAuthentication(credentials.accessKey, credentials.secretKey);
    case "login":
      return new CookieAuthentication();
    case "cookie":
      return new CookieAuthentication(credentials);
    case "anonymous":
      return new AnonymousAuthentication();
  }
}

/**
 * @returns The URL without a slash at its end.
 * @throws {ConfigurationError}
 */
function checkedEndpoint(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== "" || url.username !== "") {
    throw new ConfigurationError(
      "endpoint",
      `“${text}” is not an endpoint: it must be like https://api.example.com.`,
    );
  }
  return url.href.replace(/\/+$/, "");
}
