import { createDecipheriv } from "node:crypto";
import { limits } from "../../../wire/limits.js";
import { readBytes } from "../../http/body.js";
import { type Call, isRecord, type Parameters } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";

/** Whether the body of a web server's call is encoded, as the reference client does on plain `http`. */
export function isEncoded(call: Call): boolean {
  return call.request.headers["x-backendai-encoded"] === "true";
}

/**
 * Reads an encoded JSON body: `<iv>:<base64 of AES-256-CBC>`, the key being the beginning of base64(endpoint) + iv + iv
 * (`protocol.md` §2.4). Who sees the request can read it: it keeps passwords out of logs, no more.
 * @throws {Refusal} when it cannot be read.
 */
export async function encodedBody(call: Call): Promise<Parameters> {
  const payload = (await readBytes(call.request, limits.jsonBodyBytes)).toString("latin1");
  const endpoint = `http://${call.request.headers.host ?? ""}`;
  try {
    const value: unknown = JSON.parse(decoded(payload, endpoint));
    if (isRecord(value)) {
      return value;
    }
  } catch (error) {
    throw new Refusal("malformed-body", { msg: "Malformed body" }, { cause: error });
  }
  throw new Refusal("malformed-body", { msg: "Malformed body" });
}

function decoded(payload: string, endpoint: string): string {
  const [iv = "", content = ""] = payload.split(":");
  const key = `${Buffer.from(endpoint).toString("base64")}${iv}${iv}`.slice(0, 32);
  const decipher = createDecipheriv("aes-256-cbc", key, iv);
  return Buffer.concat([decipher.update(content, "base64"), decipher.final()]).toString("utf8");
}
