import { forms } from "./secretForms.js";

/** Shorter ones would be found where they mean something else. */
const shortestChars = 8;

/** A secret with what it is called in reports, which must not show it. */
interface Secret {
  readonly name: string;
  readonly needles: readonly { readonly form: string; readonly bytes: Buffer }[];
}

/** Looks for the secrets of a run in whatever form they may have been written. One search serves every kind of place. */
export class SecretSearch {
  readonly #secrets = new Map<string, Secret>();

  /** @param secrets By the names that reports call them. */
  constructor(secrets: Readonly<Record<string, string>> = {}) {
    for (const [name, secret] of Object.entries(secrets)) {
      this.add(name, secret);
    }
  }

  /** How many texts are looked for. A private key is as many as it has full lines. */
  get size(): number {
    return this.#secrets.size;
  }

  /**
   * Looks for one more; again the same is no more.
   * @throws {Error} when it is too short to be told from other text.
   */
  add(name: string, secret: string): void {
    if (secret.length < shortestChars) {
      throw new Error(`${name} has ${String(secret.length)} characters: too few to be searched for.`);
    }
    for (const text of partsOf(secret)) {
      if (!this.#secrets.has(text)) {
        this.#secrets.set(text, { name, needles: needlesOf(text) });
      }
    }
  }

  /** The names of the secrets that are in there, each with the form that it has there; never the secret. */
  find(content: Buffer | string): readonly string[] {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const found = [bytes, ...withoutColours(bytes)].flatMap((text) =>
      [...this.#secrets.values()].flatMap(({ name, needles }) => {
        const hit = needles.find((needle) => text.includes(needle.bytes));
        return hit === undefined ? [] : [`${name} ${hit.form}`];
      }),
    );
    return [...new Set(found)];
  }
}

/** Output as it is read: colours may stand in the middle of a secret. */
function withoutColours(bytes: Buffer): readonly Buffer[] {
  const plain = bytes.includes(0x1b) ? bytes.toString("latin1").replaceAll(/\x1b\[[\d;]*m/g, "") : undefined;
  return plain === undefined ? [] : [Buffer.from(plain, "latin1")];
}

/** A key in PEM form may be cut, joined or written without its first line: each full line of it opens as much. */
function partsOf(secret: string): readonly string[] {
  if (!secret.includes("PRIVATE KEY-----")) {
    return [secret];
  }
  return secret.split(/\r?\n/).filter((line) => line.length >= 40 && !line.startsWith("-----"));
}

function needlesOf(text: string): Secret["needles"] {
  const planted = [
    ...Object.entries(forms).flatMap(([form, write]) =>
      form === "with colours between" ? [] : [[form, write(text, 0)] as const],
    ),
    ...within64(text).flatMap((digits) => [
      ["within base64", digits] as const,
      ["within base64 for URLs", digits.replaceAll("+", "-").replaceAll("/", "_")] as const,
      ["within base64 in URLs", encodeURIComponent(digits)] as const,
    ]),
    ["in hexadecimal digits", Buffer.from(text).toString("hex").toUpperCase()] as const,
  ];
  const byBytes = new Map<string, Secret["needles"][number]>();
  for (const [form, written] of planted) {
    for (const encoding of ["utf8", "utf16le"] as const) {
      const bytes = Buffer.from(written, encoding);
      const key = bytes.toString("latin1");
      byBytes.set(
        key,
        byBytes.get(key) ?? { form: encoding === "utf8" ? form : `${form}, in UTF-16`, bytes },
      );
    }
  }
  return [...byBytes.values()];
}

/** The digits that a text has in base64 of more than itself, without those at its ends that its neighbours have a part in. */
function within64(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    const digits = all.toString("base64").replace(/=+$/, "");
    return digits.slice([0, 2, 3][before], all.length % 3 === 0 ? undefined : -1);
  });
}
