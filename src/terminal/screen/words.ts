/**
 * Undoes what a program may have asked of the screen and only itself would undo: mouse and focus reports, bracketed paste,
 * application keys, a hidden cursor. What is on the screen stays.
 */
export const resetModes =
  "\x1b[?1000;1002;1003;1005;1006;1004;2004l\x1b[?1l\x1b>\x1b[?25h\x1b[r\x1b[0m\x1b[999;1H";

/** Colours of the theme, so that both light and dark read well. */
const styles = { note: "\x1b[2m", trouble: "\x1b[33m" } as const;

/**
 * A line of the extension's own in a terminal, without an end: the next line takes its place when both are short enough.
 * Whatever else comes after it begins with a line break.
 */
export function notice(
  words: string,
  { tone, replacesLast }: { readonly tone: "note" | "trouble"; readonly replacesLast: boolean },
): string {
  return `${replacesLast ? "\r\x1b[K" : "\r\n"}${styles[tone]}${plainText(words)}\x1b[0m`;
}

/** Without control characters: words of servers must not steer the terminal. */
export function plainText(words: string): string {
  return words.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ");
}
