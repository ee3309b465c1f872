import type { Era } from "../era.js";

/** A field of a type: its definition, and the releases that have it. */
export type FieldSpec = string | readonly [definition: string, since: string, until?: string];

/** The definitions of the fields that the era has. */
export function fieldsOf(specs: readonly FieldSpec[], era: Era): string {
  return specs
    .filter((spec) => {
      if (typeof spec === "string") {
        return true;
      }
      const [, since, until] = spec;
      return era.since(since) && (until === undefined || !era.since(until));
    })
    .map((spec) => (typeof spec === "string" ? spec : spec[0]))
    .join("\n");
}
