type Scalar = string | number | boolean | readonly (string | number)[];

/** A table of a configuration file. */
export interface Toml {
  readonly [key: string]: Scalar | Toml;
}

/** Writes a configuration as TOML. */
export function toToml(table: Toml, name: readonly string[] = []): string {
  const entries = Object.entries(table);
  const own = entries.flatMap(([key, value]) => (isTable(value) ? [] : [`${keyOf(key)} = ${scalar(value)}`]));
  const tables = entries.flatMap(([key, value]) => (isTable(value) ? [toToml(value, [...name, key])] : []));
  const header = name.length === 0 ? [] : [`[${name.map(keyOf).join(".")}]`];
  return [...header, ...own, ...tables].join("\n");
}

function isTable(value: Scalar | Toml): value is Toml {
  return typeof value === "object" && !Array.isArray(value);
}

function keyOf(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** JSON's strings, numbers, booleans and arrays of them are TOML as well. */
function scalar(value: Scalar): string {
  return JSON.stringify(value);
}
