import { ConfigurationError } from "../../base/errors.js";

/** Query parameters; `undefined` leaves one out, a list repeats it. */
export type Query = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

/** `?a=1&b=2`, or nothing. A space is `%20`, since `+` is not one for every server and proxy. */
export function queryString(query: Query | undefined): string {
  const pairs = Object.entries(query ?? {}).flatMap(([key, value]) =>
    (typeof value === "object" ? value : [value])
      .filter((item) => item !== undefined)
      .map((item) => `${encodeURIComponent(key)}=${encodeURIComponent(item)}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/**
 * An id or a name as one segment of a path.
 * @throws {ConfigurationError} when it is empty, `.` or `..`, which would name another path.
 */
export function segment(text: string): string {
  if (text === "" || text === "." || text === "..") {
    throw new ConfigurationError("session", `${JSON.stringify(text)} names no session.`);
  }
  return encodeURIComponent(text);
}
