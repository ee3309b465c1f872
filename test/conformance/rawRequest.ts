import { once } from "node:events";
import { request as send } from "undici";
import { type RawData, WebSocket } from "ws";
import { Signer } from "../../src/wire/signing.js";
import { problemSlug } from "../../src/wire/problem.js";
import { Problem } from "../../src/wire/records/problem.js";
import type { OpenTarget } from "./targets.js";

/** A request exactly as given; what is absent is filled in as a proper client would. */
export interface RawRequest {
  readonly method?: string;
  /** Path and query as on the request line. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly version?: string;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly date?: Date;
  /** Beside, or instead of, the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly isUnsigned?: boolean;
}

/** An answer, whatever its status. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  /** Last part of the problem's type, when the body is a problem. */
  readonly slug: string | undefined;
  header(name: string): string | undefined;
}

/** Sends a request that the client itself would never make. */
export async function sendRaw({ client, keypair }: OpenTarget, raw: RawRequest): Promise<RawAnswer> {
  const url = new URL(client.endpoint + raw.path);
  const { method = "GET", body, version = client.dialect.apiVersion, date = new Date() } = raw;
  const contentType = raw.contentType ?? (body === undefined ? undefined : "application/json");
  const { accessKey = keypair.accessKey, secretKey = keypair.secretKey } = raw;
  const parts = { method, path: raw.path, date: date.toISOString(), host: url.host, contentType, version };
  const response = await send(url, {
    method: method as "GET",
    body: body ?? null,
    headers: {
      "X-BackendAI-Version": version,
      "X-BackendAI-Date": parts.date,
      ...(raw.isUnsigned === true ? {} : { Authorization: new Signer(accessKey, secretKey).header(parts) }),
      ...(contentType === undefined ? {} : { "Content-Type": contentType }),
      ...raw.headers,
    },
    bodyTimeout: 20_000,
    headersTimeout: 20_000,
  });
  const text = await response.body.text();
  return {
    status: response.statusCode,
    body: text,
    slug: slugOf(text),
    header: (name) => {
      const value = response.headers[name];
      return typeof value === "object" ? value.join(", ") : value;
    },
  };
}

function slugOf(body: string): string | undefined {
  try {
    const parsed = Problem.safeParse(JSON.parse(body) as unknown);
    return parsed.success ? problemSlug(parsed.data) : undefined;
  } catch {
    return undefined; // not JSON
  }
}

/** Opens a signed websocket, sends one frame, and gives back what came until the server closed it. */
export async function exchange(
  { client, keypair }: OpenTarget,
  path: string,
  frame: string,
): Promise<readonly string[]> {
  const url = new URL(client.endpoint + path);
  const { accessKey, secretKey } = keypair;
  const { apiVersion: version } = client.dialect;
  const date = new Date().toISOString();
  const parts = { method: "GET", path, date, host: url.host, version };
  url.protocol = url.protocol.replace("http", "ws");
  const headers = {
    "X-BackendAI-Version": version,
    "X-BackendAI-Date": date,
    Authorization: new Signer(accessKey, secretKey).header(parts),
  };
  const socket = new WebSocket(url, { headers, handshakeTimeout: 20_000 });
  const frames: string[] = [];
  socket.on("message", (data: RawData) => frames.push(textOf(data)));
  await once(socket, "open");
  socket.send(frame);
  await once(socket, "close");
  return frames;
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Uint8Array)).toString("utf8");
}
