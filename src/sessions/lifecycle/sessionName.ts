import { limits } from "../../wire/limits.js";

/** Why a session can't have a name: out of what every server takes; newer ones take worse and can't find it again. */
export function problemOfName(text: string): string | undefined {
  if (limits.sessionName.test(text)) {
    return undefined;
  }
  if (text.length < 4 || text.length > 64) {
    return `4 to 64 characters: it has ${String(text.length)}.`;
  }
  const wrong = /[^\w.-]/u.exec(text)?.[0];
  return wrong === undefined
    ? "It must begin and end with a letter, a digit or “_”."
    : `“${wrong}” can't be in it: letters, digits, “_”, “.” and “-” can.`;
}

/**
 * Why a session can't be renamed so; `undefined` when nothing is wrong.
 * @param taken Names of other sessions that are not over.
 */
export function problemOfNewName(text: string, taken: ReadonlySet<string>): string | undefined {
  return problemOfName(text) ?? (taken.has(text) ? `Another session is named ${text}.` : undefined);
}
