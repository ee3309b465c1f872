/** Made when first needed: reading the rules of a language takes as long as a good part of an activation. */
let natural: Intl.Collator | undefined;

/** The order of names as people count: `2.txt` before `10.txt`; names that differ in case alone by their characters. */
export function compareNames(a: string, b: string): number {
  natural ??= new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  return natural.compare(a, b) || (a < b ? -1 : 1);
}
