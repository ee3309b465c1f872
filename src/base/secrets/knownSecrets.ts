import { masked } from "./masked.js";
import { secretPattern } from "./secretForms.js";

/** Secrets that are remembered; the one used longest ago is forgotten first. */
const secretLimit = 40;

/** Shorter ones would be found in everything. */
const shortest = 4;

/** Of longer ones the beginning is looked for. */
const longestChars = 512;

/** Secret → its pattern. Of the whole process: text that holds a secret may come from anywhere, and must not get past anybody. */
const known = new Map<string, RegExp>();

/** Has a value masked wherever text of this process is logged, told or packed. Memory alone holds it. */
export function rememberSecret(secret: string): void {
  const value = secret.trim().slice(0, longestChars);
  if (value.length < shortest) {
    return;
  }
  const pattern = known.get(value) ?? secretPattern(value);
  known.delete(value); // the one used last is the last
  known.set(value, pattern);
  for (const oldest of known.keys()) {
    if (known.size <= secretLimit) {
      break;
    }
    known.delete(oldest);
  }
}

/** A text without the secrets that are remembered, in whatever form. */
export function maskKnownSecrets(text: string): string {
  let rest = text;
  for (const pattern of known.values()) {
    rest = rest.replaceAll(pattern, masked);
  }
  return rest;
}
