import { linesOf, type LineSource } from "../../../../../src/completion/position/lineSource.js";

/** Code with one `|` where the cursor is; a `‖` stands for the `|` of the language. */
export function cursorIn(marked: string): { lines: LineSource; code: string; row: number; col: number } {
  const at = marked.indexOf("|");
  if (at < 0 || marked.includes("|", at + 1)) {
    throw new Error(`one cursor is needed: ${marked}`);
  }
  const before = marked.slice(0, at).split("\n");
  const code = (marked.slice(0, at) + marked.slice(at + 1)).replaceAll("‖", "|");
  return { lines: linesOf(code), code, row: before.length - 1, col: before.at(-1)?.length ?? 0 };
}
