/** The longest name that is asked for; registries take 128 characters of a tag, of which the server needs some. */
const longest = 64;

/** Why an image can't be named so; `undefined` when nothing is wrong (`protocol.md` §3.2). */
export function problemOfImageName(text: string): string | undefined {
  if (text === "" || text.length > longest) {
    return `1 to ${String(longest)} characters: it has ${String(text.length)}.`;
  }
  const wrong = /[^\w.-]/u.exec(text)?.[0];
  if (wrong !== undefined) {
    return `“${wrong}” can't be in it: letters, digits, “_”, “.” and “-” can.`;
  }
  return /^\w/.test(text) ? undefined : "It must begin with a letter, a digit or “_”.";
}

/** A name for the image of a session, to begin with. */
export function imageNameFor(sessionName: string): string {
  return sessionName.replaceAll(/[^\w.-]/g, "-").slice(0, longest);
}
