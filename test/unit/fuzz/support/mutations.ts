import fc from "fast-check";

/** What is put in the place of a value. */
const replacements: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    "",
    "x",
    "NaN",
    "-inf",
    "null",
    "[]",
    "{}",
    "[null]",
  ],
  ...[
    "2026-13-45T99:99:99Z",
    "\u202egpj",
    "x".repeat(10_000),
    [],
    [null],
    [[]],
    {},
    { toString: 1 },
    { length: -1 },
  ],
  ...['{"cpu": null}', '{"__proto__": null}', "1e999", "--1", "한글"],
];

/** A change of one place of a record: where, counted through all of its values, and what. */
export interface Mutation {
  readonly at: number;
  readonly kind: "replace" | "remove" | "double" | "wrap" | "deepen";
  readonly value: unknown;
}

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(2000),
    kind: fc.constantFrom("replace", "replace", "replace", "remove", "double", "wrap", "deepen"),
    value: fc.oneof(fc.constantFrom(...replacements), fc.jsonValue()),
  }),
  { minLength: 1, maxLength: 3 },
);

/** JSON text changed in these places, also within JSON that stands in its strings; text that is no JSON as it is. */
export function mutated(text: string, changes: readonly Mutation[]): string {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    return text;
  }
  const root = { tree };
  for (const change of changes) {
    const places = placesOf(root);
    const place = places[change.at % places.length];
    if (place !== undefined) {
      apply(place, change);
    }
  }
  return JSON.stringify(root.tree) ?? "";
}

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

function placesOf(holder: Place["holder"]): Place[] {
  return Object.entries(holder).flatMap(([key, value]) => [
    { holder, key },
    ...(typeof value === "object" && value !== null ? placesOf(value as Place["holder"]) : []),
  ]);
}

function apply({ holder, key }: Place, { kind, value, at }: Mutation): void {
  const slots = holder as Record<string, unknown>;
  const there = slots[key];
  switch (kind) {
    case "remove":
      if (Array.isArray(holder)) {
        holder.splice(Number(key), 1);
      } else {
        Reflect.deleteProperty(slots, key);
      }
      break;
    case "double":
      slots[key] = Array.isArray(there) ? [...(there as unknown[]), ...(there as unknown[])] : [there, there];
      break;
    case "wrap":
      slots[key] = { x: there };
      break;
    case "deepen":
      slots[key] = typeof there === "string" ? withinString(there, value, at) : [[[[[there]]]]];
      break;
    case "replace":
      slots[key] = value;
      break;
  }
}

/** Servers put JSON into strings. */
function withinString(text: string, value: unknown, at: number): string {
  return mutated(text, [{ at, kind: "replace", value }]);
}
