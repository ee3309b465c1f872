import * as z from "zod/mini";
import type { Era } from "../era.js";
import type { Parameters } from "../http/call.js";
import { Refusal } from "../http/refusal.js";

/** The first of several spellings that is given; `null` counts as given. */
export function firstOf(parameters: Parameters, ...names: readonly string[]): unknown {
  const name = names.find((candidate) => parameters[candidate] !== undefined);
  return name === undefined ? undefined : parameters[name];
}

/**
 * Checks parameters against a schema.
 * @throws {Refusal} 400 with a reason per field, in the era's style.
 */
export function parseInput<T extends z.core.$ZodType>(schema: T, value: Parameters, era: Era): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) {
    return result.data;
  }
  const reasons = result.error.issues.map((issue): [string, string] => {
    const field = issue.path.map(String).join(".");
    const isMissing = issue.path.length === 1 && value[field] === undefined;
    return [field, isMissing ? "is required" : issue.message];
  });
  const msg =
    era.rules.errors.validation === "fields"
      ? "Input validation error"
      : `<BackendAISchemaValidationFailed(400): Schema validation failed. (${reasons
          .map(([field, reason]) => `${field}: ${reason}`)
          .join("; ")})>`;
  throw new Refusal("invalid-input", {
    msg,
    ...(era.rules.errors.validation === "fields" ? { data: Object.fromEntries(reasons) } : {}),
  });
}
