import { request, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { errorCodeOf, TimeoutError } from "../../base/errors.js";
import { ProxyError, type ProxyOrigin } from "../errors.js";

/** Where to, and over which proxy. */
export interface Tunnel {
  readonly proxy: ProxyOrigin;
  readonly target: URL;
  /** Node's TLS options for the target. */
  readonly tls: { readonly ca?: string[]; readonly rejectUnauthorized?: boolean };
  /** How long the proxy may take to open the tunnel. */
  readonly connectMs: number;
}

/**
 * A connection to `target` through an HTTP proxy's CONNECT, with TLS on top when the target wants it, whose handshake is still to come.
 * @throws {ProxyError} when the proxy is not reached, does not answer in time or refuses.
 */
export async function connectThroughProxy(tunnel: Tunnel): Promise<Socket> {
  const { target, tls } = tunnel;
  const isSecure = target.protocol === "https:" || target.protocol === "wss:";
  const port = target.port || (isSecure ? "443" : "80");
  const socket = await dial(tunnel, `${target.hostname}:${port}`);
  const name = isIP(target.hostname) === 0 ? { servername: target.hostname } : { host: target.hostname };
  return isSecure ? connectTls({ ...tls, socket, ...name }) : socket;
}

async function dial({ proxy: origin, connectMs }: Tunnel, authority: string): Promise<Socket> {
  const proxy = new URL(origin.url);
  const options: RequestOptions = {
    host: proxy.hostname,
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    method: "CONNECT",
    path: authority,
    headers: { Host: authority, ...proxyAuthorization(proxy) },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const call = proxy.protocol === "https:" ? secureRequest(options) : request(options);
    const fail = (error: unknown): void => {
      clearTimeout(limit);
      reject(new ProxyError(origin, undefined, codeOf(error), { cause: error }));
    };
    const limit = setTimeout(() => {
      const late = new TimeoutError("connect", connectMs, `A tunnel through ${proxy.host}`);
      fail(late);
      call.destroy(late);
    }, connectMs);
    call.once("connect", (response, socket: Socket) => {
      clearTimeout(limit);
      if (response.statusCode === 200) {
        resolve(socket);
      } else {
        socket.destroy();
        reject(new ProxyError(origin, response.statusCode, undefined));
      }
    });
    call.once("response", (response) => {
      clearTimeout(limit);
      response.destroy(); // no tunnel, whatever it says
      reject(new ProxyError(origin, response.statusCode, undefined));
    });
    call.on("error", fail);
    call.end();
  });
}

/** The system's word for it; a tunnel that does not come is no answer. */
function codeOf(error: unknown): string | undefined {
  const code = errorCodeOf(error);
  return code === "TIMEOUT" ? "ETIMEDOUT" : typeof code === "string" ? code : undefined;
}

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return username === ""
    ? {}
    : { "Proxy-Authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
