/** How an operation came out under a fault. */
export type Outcome =
  | { readonly kind: "unharmed" | "again" | "returns" | "missed" | "waits" }
  | { readonly kind: "told" | "late"; readonly sentence: string };

/** The words of the document for each kind. */
export const outcomeWords: Readonly<Record<Outcome["kind"], readonly [sign: string, words: string]>> = {
  unharmed: ["✓", "It is done as if nothing had happened."],
  again: ["✓ again", "It is done by asking again."],
  returns: ["✓ back", "The connection comes back by itself, and nothing is lost."],
  missed: [
    "–",
    "It does not come about this time, and nobody is disturbed; it is tried again by itself or at the next use.",
  ],
  waits: ["…", "It says why it does not come about, waits for the server, and tries again by itself."],
  told: [
    "✗",
    "It fails at once. The person is told once: the sentence of that number, with a button that helps.",
  ],
  late: ["⏱", "It fails at its deadline. The person is told once: the sentence of that number."],
};
