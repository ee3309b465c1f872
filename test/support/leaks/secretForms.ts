/** Writes a secret as something else would that has got hold of it; `seed` chooses among several ways. */
export type Form = (secret: string, seed: number) => string;

/** How secrets stand in logs, addresses, bodies and outputs. */
export const forms = {
  "as they are": (secret) => secret,
  "in URLs": (secret) => encodeURIComponent(secret),
  "in the query of a URL": (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  "in JSON": (secret) => JSON.stringify(secret).slice(1, -1),
  "in JSON that is a text of JSON": (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  "in JSON of letters alone": (secret) =>
    JSON.stringify(secret)
      .slice(1, -1)
      .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "in base64": (secret) => Buffer.from(secret).toString("base64"),
  "in base64 for URLs": (secret) => Buffer.from(secret).toString("base64url"),
  "in hexadecimal digits": (secret) => Buffer.from(secret).toString("hex"),
  "with colours between": (secret, seed) => {
    const characters = Array.from(secret);
    const at = 1 + (seed % (characters.length - 1));
    return `${characters.slice(0, at).join("")}\x1b[3${String(seed % 8)}m${characters.slice(at).join("")}`;
  },
} satisfies Readonly<Record<string, Form>>;
