const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The order of names as people count: `2.txt` before `10.txt`; names that differ in case alone by their characters. */
export function compareNames(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : 1);
}
