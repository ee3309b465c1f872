import { rememberSecret } from "../../base/secrets/knownSecrets.js";

/** Shorter values, such as a language, prove nothing. */
const secretLength = 16;

/**
 * The cookies of one origin, in memory. Paths, domains and `Secure` need no look: the jar belongs to one client, which
 * talks to one origin over the scheme that its user chose (servers mark the cookie `Secure` even on plain HTTP).
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** The `Cookie` header; `undefined` when there is nothing to send. */
  get header(): string | undefined {
    for (const value of this.#cookies.values()) {
      remember(value); // one in use is not forgotten, however many came after it
    }
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length === 0 ? undefined : pairs.join("; ");
  }

  /** Stores what `Set-Cookie` headers say, and forgets what they expire. */
  store(setCookie: readonly string[]): void {
    for (const line of setCookie) {
      const [pair = "", ...attributes] = line.split(";");
      const [name = "", ...value] = pair.split("=");
      if (attributes.some(isExpiry)) {
        this.#cookies.delete(name.trim());
      } else if (name.trim() !== "") {
        const given = value.join("=").trim();
        this.#cookies.set(name.trim(), given);
        remember(given);
      }
    }
  }
}

/** Has a value masked that is long enough to prove something. */
function remember(value: string): void {
  if (value.length >= secretLength) {
    rememberSecret(value);
  }
}

/** Whether the attribute ends the cookie at once. */
function isExpiry(attribute: string): boolean {
  const [name = "", value = ""] = attribute.trim().split("=");
  return name.toLowerCase() === "max-age" && Number(value) <= 0;
}
