import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";

/** How an engine is shown. */
export interface WebFrontOptions {
  /** A certificate, for https. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whether the person is told to be in a group `vision` too. Sessions for it are refused by the engine. */
  readonly hasSecondGroup?: boolean;
}

/** A web server before an engine. */
export interface WebFront {
  readonly url: string;
  /** The cookies that it gave to who logged in: secrets, by names for reports. */
  readonly cookies: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/**
 * An engine as people meet servers: a web server, with pages at every path but `/server` and `/func`, that logs in with e-mail and
 * password. Who starts it stops it.
 */
export async function startWebFront(
  engine: string,
  { tls, hasSecondGroup = false }: WebFrontOptions = {},
): Promise<WebFront> {
  const target = new URL(engine);
  const cookies = new Map<string, string>();
  const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
    if (!/^\/(server|func)\b/.test(incoming.url ?? "")) {
      response.setHeader("Content-Type", "text/html").end("<!doctype html><title>Backend.AI</title>");
      return;
    }
    forward({ target, cookies, hasSecondGroup }, incoming, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(serve) : createSecureServer(tls, serve);
  server.on("upgrade", (incoming: IncomingMessage, client, head: Buffer) => {
    const upstream = connect(Number(target.port), target.hostname, () => {
      upstream.write(headOf(incoming, target.host));
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    cookies,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Forwarding {
  readonly target: URL;
  readonly cookies: Map<string, string>;
  readonly hasSecondGroup: boolean;
}

async function forward(
  { target, cookies, hasSecondGroup }: Forwarding,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url } = incoming;
  const headers: IncomingHttpHeaders = { ...incoming.headers, host: target.host }; // the engine serves no other
  const body = await bytesOf(incoming);
  const outgoing = request({ host: target.hostname, port: target.port, method, path: url, headers });
  response.once("close", () => outgoing.destroy());
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  for (const [, value = ""] of (answer.headers["set-cookie"] ?? []).map(
    (line) => /=([^;]{16,})/.exec(line) ?? [],
  )) {
    if (value !== "") {
      cookies.set(`cookie ${String(cookies.size + 1)}`, value);
    }
  }
  if (!hasSecondGroup || !body.includes("{groups{")) {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
    return;
  }
  const second = '{"id":"6f2c3ab2-0000-4000-8000-00000000beef","name":"vision","domain_name":"default"},';
  const text = (await bytesOf(answer)).toString("utf8");
  response.writeHead(answer.statusCode ?? 500, { "Content-Type": "application/json" });
  response.end(text.replace(/"groups":\s*\[/, (found) => found + second));
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) {
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

/** The head of a request as it came, for another host. */
function headOf({ method, url, rawHeaders }: IncomingMessage, host: string): string {
  const lines = [`${method ?? "GET"} ${url ?? "/"} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    lines.push(`${name}: ${name.toLowerCase() === "host" ? host : (rawHeaders[index + 1] ?? "")}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
