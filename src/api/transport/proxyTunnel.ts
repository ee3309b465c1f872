import { request, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ProxyError, type ProxyOrigin } from "../errors.js";

/** Where to, and over which proxy. */
export interface Tunnel {
  readonly proxy: ProxyOrigin;
  readonly target: URL;
  /** Node's TLS options for the target. */
  readonly tls: { readonly ca?: string[]; readonly rejectUnauthorized?: boolean };
}

/**
 * A connection to `target` through an HTTP proxy's CONNECT, with TLS on top when the target wants it. Websockets need it,
 * as they are not dialled by undici.
 * @throws {ProxyError} when the proxy refuses.
 */
export async function connectThroughProxy({ proxy, target, tls }: Tunnel): Promise<Socket> {
  const isSecure = target.protocol === "https:" || target.protocol === "wss:";
  const port = target.port || (isSecure ? "443" : "80");
  const socket = await dial(proxy, `${target.hostname}:${port}`);
  const name = isIP(target.hostname) === 0 ? { servername: target.hostname } : { host: target.hostname };
  return isSecure ? connectTls({ ...tls, socket, ...name }) : socket;
}

async function dial(origin: ProxyOrigin, authority: string): Promise<Socket> {
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
    call.once("connect", (response, socket: Socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
      } else {
        socket.destroy();
        reject(new ProxyError(origin, response.statusCode, undefined));
      }
    });
    call.once("error", reject);
    call.end();
  });
}

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return username === ""
    ? {}
    : { "Proxy-Authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
