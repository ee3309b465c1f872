import "./builtinFetch.js";
import { once } from "node:events";
import type { Socket } from "node:net";
import { rootCertificates, TLSSocket } from "node:tls";
import { Agent, type buildConnector, type Dispatcher } from "undici";
import { type Deadline, deadline, reasonOf } from "../../base/abort.js";
import { asError, ConfigurationError } from "../../base/errors.js";
import type { ProxyOrigin } from "../errors.js";
import type { Timeouts, TlsOptions } from "../options.js";
import { connectThroughProxy } from "./proxyTunnel.js";

/** What decides how connections are made. */
export interface NetworkOptions {
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: ProxyOrigin | undefined;
  readonly timeouts: Timeouts;
}

/**
 * The connection pool of one client; who makes it, closes it. Deadlines of headers and body are the transport's own, as
 * undici's clock ticks in half seconds. Tunnels through proxies are ours as well: undici's own wait without end for a proxy that does
 * not answer, and so does the end of a pool that has one.
 * @throws {ConfigurationError} when the proxy is no URL.
 */
export function makeDispatcher({ tls, proxy, timeouts }: NetworkOptions): Dispatcher {
  const common = { headersTimeout: 0, bodyTimeout: 0 };
  if (proxy === undefined) {
    return new Agent({ ...common, connect: { timeout: timeouts.connectMs, ...tlsOptions(tls) } });
  }
  if (!URL.canParse(proxy.url)) {
    throw new ConfigurationError("proxy", `The proxy cannot be used: “${proxy.url}” is no URL.`);
  }
  const dial = async ({ protocol, host }: buildConnector.Options): Promise<Socket> => {
    const target = new URL(`${protocol}//${host ?? ""}`);
    const { connectMs } = timeouts;
    const socket = await connectThroughProxy({ proxy, target, tls: tlsOptions(tls), connectMs });
    if (socket instanceof TLSSocket) {
      await secured(socket, deadline(connectMs, "connect", `TLS with ${target.host}`));
    }
    return socket;
  };
  return new Agent({
    ...common,
    connect: (options, callback) => {
      dial(options).then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(asError(error), null),
      );
    },
  });
}

/** Waits for the end of a handshake; a connection without one is gone afterwards. */
async function secured(socket: TLSSocket, limit: Deadline): Promise<void> {
  try {
    await once(socket, "secureConnect", { signal: limit.signal });
  } catch (error) {
    socket.on("error", () => undefined);
    socket.destroy();
    throw limit.signal.aborted ? reasonOf(limit.signal) : error;
  } finally {
    limit.clear();
  }
}

/** Node's TLS options: extra certificates come beside the built-in ones, not instead of them. */
export function tlsOptions(tls: TlsOptions | undefined): { ca?: string[]; rejectUnauthorized?: false } {
  return {
    ...(tls?.ca?.length ? { ca: [...rootCertificates, ...tls.ca] } : {}),
    ...(tls?.skipVerification === true ? { rejectUnauthorized: false as const } : {}),
  };
}
