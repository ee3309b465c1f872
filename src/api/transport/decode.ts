import * as z from "zod/mini";
import { ProtocolError } from "../../base/errors.js";
import { shorten } from "../../base/text.js";

/** Longest excerpt of an offending body. */
const excerptLength = 200;

/** Something that checks a value and gives it its type. */
export type Schema<T> = z.core.$ZodType<T>;

/**
 * JSON text as a record.
 * @param where What was being read, such as `GET /session/{id}`.
 * @throws {ProtocolError} when it is no JSON, or not of that shape.
 */
export function decode<T>(schema: Schema<T>, text: string, where: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProtocolError(where, shorten(text, excerptLength), "the answer is no JSON", { cause: error });
  }
  return check(schema, json, where, text);
}

/** A value as a record, like {@link decode}. */
export function check<T>(schema: Schema<T>, value: unknown, where: string, text?: string): T {
  const result = z.safeParse(schema, value);
  if (!result.success) {
    const excerpt = shorten(text ?? JSON.stringify(value ?? null), excerptLength);
    throw new ProtocolError(where, excerpt, z.prettifyError(result.error).replaceAll(/\s+/g, " "));
  }
  return result.data;
}
