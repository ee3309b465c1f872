import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a signature covers (`protocol.md` §2.1). The body is not part of it since v4.20181215. */
export interface SignedParts {
  readonly method: string;
  /** Path and query exactly as on the request line, percent-encoding included. */
  readonly path: string;
  /** The date header verbatim: ISO 8601 or RFC 1123. */
  readonly date: string;
  /** The `Host` header, with the port when it is not the scheme's default. */
  readonly host: string;
  /** The `Content-Type` header, parameters allowed; absent counts as `application/octet-stream`. */
  readonly contentType?: string | undefined;
  /** The `X-BackendAI-Version` header. */
  readonly version: string;
}

/** Hash functions that Node and Python's `hashlib` both know, so that either end can name one of them. */
const hashes = new Set([
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha512",
  "sha3-224",
  "sha3-256",
  "sha3-384",
  "sha3-512",
  "md5",
]);

/** Where the hash of the body stood once: in every signature, so each is made once. */
const hashesOfNothing = new Map<string, string>();

function hashOfNothing(hash: string): string {
  const known = hashesOfNothing.get(hash) ?? createHash(hash).update("").digest("hex");
  hashesOfNothing.set(hash, known);
  return known;
}

/** The text that is signed. */
export function canonicalString(parts: SignedParts, hash = "sha256"): string {
  return [
    parts.method.toUpperCase(),
    parts.path,
    parts.date,
    `host:${parts.host}`,
    `content-type:${mediaType(parts.contentType)}`,
    `x-backendai-version:${parts.version}`,
    hashOfNothing(hash),
  ].join("\n");
}

/**
 * The lower-case hex signature of a request.
 * @param day `YYYYMMDD` of the date header, in that date's own time zone ({@link signingDay}).
 */
export function signature(secretKey: string, day: string, parts: SignedParts, hash = "sha256"): string {
  return signatureBy(signingKey(secretKey, day, parts.host, hash), parts, hash);
}

/** The key of a day, for requests to one host. */
function signingKey(secretKey: string, day: string, host: string, hash: string): Buffer {
  const dayKey = createHmac(hash, secretKey).update(day).digest();
  return createHmac(hash, dayKey).update(host).digest();
}

function signatureBy(key: Buffer, parts: SignedParts, hash: string): string {
  return createHmac(hash, key).update(canonicalString(parts, hash)).digest("hex");
}

/** `YYYYMMDD` of an ISO 8601 or RFC 1123 date, as that text itself says it; `undefined` when it is no date. */
export function signingDay(date: string): string | undefined {
  const iso = /^(\d{4})-?(\d{2})-?(\d{2})T/.exec(date);
  if (iso) {
    return `${iso[1] ?? ""}${iso[2] ?? ""}${iso[3] ?? ""}`;
  }
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
}

/** Signs the requests of a keypair. The key of the day is kept: two of a signature's three hashes are for it. */
export class Signer {
  readonly #accessKey: string;
  readonly #secretKey: string;
  #today: { readonly day: string; readonly host: string; readonly key: Buffer } | undefined;

  constructor(accessKey: string, secretKey: string) {
    this.#accessKey = accessKey;
    this.#secretKey = secretKey;
  }

  /** The `Authorization` header of a request signed at its date (UTC). */
  header(parts: SignedParts): string {
    const key = this.#keyOf(signingDay(parts.date) ?? "", parts.host);
    return `BackendAI signMethod=HMAC-SHA256, credential=${this.#accessKey}:${signatureBy(key, parts, "sha256")}`;
  }

  #keyOf(day: string, host: string): Buffer {
    if (this.#today?.day !== day || this.#today.host !== host) {
      this.#today = { day, host, key: signingKey(this.#secretKey, day, host, "sha256") };
    }
    return this.#today.key;
  }
}

/** What an `Authorization` header says. */
export interface Credential {
  /** Node's name of the hash function; `undefined` for one that is not known. */
  readonly hash: string | undefined;
  readonly accessKey: string;
  readonly signature: string;
}

/** Reads an `Authorization` header; `undefined` when it is malformed. */
export function parseAuthorization(header: string): Credential | undefined {
  const scheme = /^(?:BackendAI|Sorna)\s+(.*)$/s.exec(header);
  const fields = new Map(
    (scheme?.[1] ?? "").split(",").map((field): [string, string] => {
      const [name = "", ...value] = field.split("=");
      return [name.trim(), value.join("=").trim()];
    }),
  );
  const hash = /^HMAC-([\w-]+)$/i
    .exec(fields.get("signMethod") ?? "")?.[1]
    ?.toLowerCase()
    .replaceAll("_", "-");
  const [accessKey, hex, ...rest] = (fields.get("credential") ?? "").split(":");
  if (hash === undefined || !accessKey || !hex || rest.length > 0) {
    return undefined;
  }
  return { hash: hashes.has(hash) ? hash : undefined, accessKey, signature: hex };
}

/** Compares two hex signatures in constant time. */
export function isSameSignature(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The media type alone, lower case, as both ends sign it. */
export function mediaType(contentType: string | undefined): string {
  return contentType?.split(";")[0]?.trim().toLowerCase() || "application/octet-stream";
}
