import * as l10n from "@vscode/l10n";
import { limits } from "../../wire/limits.js";

/** Why a session can't have a name: out of what every server takes; newer ones take worse and can't find it again. */
export function problemOfName(text: string): string | undefined {
  if (limits.sessionName.test(text)) {
    return undefined;
  }
  if (text.length < 4 || text.length > 64) {
    return l10n.t("4 to 64 characters: it has {0}.", String(text.length));
  }
  const wrong = /[^\w.-]/u.exec(text)?.[0];
  return wrong === undefined
    ? l10n.t("It must begin and end with a letter, a digit or “_”.")
    : l10n.t("“{0}” can't be in it: letters, digits, “_”, “.” and “-” can.", wrong);
}

/**
 * Why a session can't be renamed so; `undefined` when nothing is wrong.
 * @param taken Names of other sessions that are not over.
 */
export function problemOfNewName(text: string, taken: ReadonlySet<string>): string | undefined {
  return problemOfName(text) ?? (taken.has(text) ? l10n.t("Another session is named {0}.", text) : undefined);
}
