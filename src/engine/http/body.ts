import type { IncomingMessage } from "node:http";
import { limits } from "../../wire/limits.js";
import { Refusal } from "./refusal.js";

/** Whether the request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * Reads a JSON body.
 * @throws {Refusal} when it is no JSON, or longer than servers take (`protocol.md` §8.4).
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = (await readBytes(request, limits.jsonBodyBytes)).toString("utf8");
  if (text === "") {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw new Refusal("malformed-body", { msg: "Malformed body" }, { cause: error });
  }
}

/** Reads a whole body of at most `limitBytes`. */
export async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limitBytes) {
      request.resume();
      throw new Refusal("bad-request", { msg: "Maximum request body size exceeded." });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
