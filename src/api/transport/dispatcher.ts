import "./builtinFetch.js";
import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { ConfigurationError, messageOf } from "../../base/errors.js";
import type { Timeouts, TlsOptions } from "../options.js";

/** What decides how connections are made. */
export interface NetworkOptions {
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: string | undefined;
  readonly timeouts: Timeouts;
}

/**
 * The connection pool of one client; who makes it, closes it. Deadlines of headers and body are the transport's own, as
 * undici's clock ticks in half seconds.
 * @throws {ConfigurationError} when the proxy is no URL.
 */
export function makeDispatcher({ tls, proxy, timeouts }: NetworkOptions): Dispatcher {
  const connect = { timeout: timeouts.connectMs, ...tlsOptions(tls) };
  const common = { headersTimeout: 0, bodyTimeout: 0, connect };
  if (proxy === undefined) {
    return new Agent(common);
  }
  try {
    return new ProxyAgent({ ...common, uri: proxy, requestTls: connect, proxyTunnel: true });
  } catch (error) {
    throw new ConfigurationError("proxy", `The proxy cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

/** Node's TLS options: extra certificates come beside the built-in ones, not instead of them. */
export function tlsOptions(tls: TlsOptions | undefined): { ca?: string[]; rejectUnauthorized?: false } {
  return {
    ...(tls?.ca?.length ? { ca: [...rootCertificates, ...tls.ca] } : {}),
    ...(tls?.skipVerification === true ? { rejectUnauthorized: false as const } : {}),
  };
}
