/**
 * Characters that nobody sees and that change what is read: directions (bidi), invisible operators and letters of tags, in which
 * text can be hidden from people that a model reads. Joiners of scripts and emoji are none.
 */
const hidden =
  /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Control characters but tabs and line feeds. */
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** A text as people see it: without hidden characters, lines ended by line feeds. Escape sequences are not its affair. */
export function visibleText(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").replaceAll(hidden, "").replaceAll(controls, "");
}

/** Names of the characters in a text that a person would not see, such as `U+202E`; each once. */
export function hiddenCharacters(text: string): readonly string[] {
  const found = [...text.matchAll(hidden), ...text.matchAll(controls)];
  return [...new Set(found.map(([character]) => nameOf(character)))];
}

function nameOf(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `U+${digits}`;
}

/** A text between fences that it can't close. */
export function fenced(text: string, language = "text"): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language.replaceAll(/[^\w+-]/g, "")}\n${text.replace(/\n$/, "")}\n${fence}`;
}
