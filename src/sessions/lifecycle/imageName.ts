import * as l10n from "@vscode/l10n";

/** The longest name that is asked for; registries take 128 characters of a tag, of which the server needs some. */
const longest = 64;

/** Why an image can't be named so; `undefined` when nothing is wrong (`protocol.md` §3.2). */
export function problemOfImageName(text: string): string | undefined {
  if (text === "" || text.length > longest) {
    return l10n.t("1 to {0} characters: it has {1}.", String(longest), String(text.length));
  }
  const wrong = /[^\w.-]/u.exec(text)?.[0];
  if (wrong !== undefined) {
    return l10n.t("“{0}” can't be in it: letters, digits, “_”, “.” and “-” can.", wrong);
  }
  return /^\w/.test(text) ? undefined : l10n.t("It must begin with a letter, a digit or “_”.");
}

/** A name for the image of a session, to begin with. */
export function imageNameFor(sessionName: string): string {
  return sessionName.replaceAll(/[^\w.-]/g, "-").slice(0, longest);
}
