import type { TextItem } from "./resultItem.js";

/** A piece of text of about this many characters is closed at its next line end: what grows is drawn anew as a whole. */
const pieceCharacters = 16_000;

/** Text that came: of which stream, and what. */
type Output = Pick<TextItem, "stream" | "text">;

/**
 * The text items that take the place of `last`, the newest text item of the run, when more text comes.
 * @param last The item to grow; left as it is where it is full or of another stream.
 * @param nextId Gives ids to new items.
 * @returns Items, of which the first has the id of `last` if that one grew.
 */
export function appendText(last: TextItem | undefined, output: Output, nextId: () => number): TextItem[] {
  const grows = last !== undefined && last.stream === output.stream && isOpen(last.text) ? last : undefined;
  let before = grows === undefined ? last : undefined;
  return piecesOf(foldLines((grows?.text ?? "") + output.text)).map((text, index) => {
    const goesOn = index === 0 ? grows : undefined;
    const style = goesOn?.style ?? (before === undefined ? "" : styleAfter(before.style + before.text));
    before = { kind: "text", id: goesOn?.id ?? nextId(), stream: output.stream, text, style };
    return before;
  });
}

/** Lines as a terminal shows them: what stands behind a carriage return replaces its line. A progress bar is one line. */
export function foldLines(text: string): string {
  if (!text.includes("\r")) {
    return text;
  }
  return text
    .replaceAll(/\r{1,8}\n/g, "\n")
    .split("\n")
    .map((line) => {
      const shown = line.endsWith("\r") ? line.length - 1 : line.length;
      return line.slice(line.lastIndexOf("\r", shown - 1) + 1);
    })
    .join("\n");
}

/** The escapes since the last reset, as they decide how the text goes on. */
export function styleAfter(text: string): string {
  const reset = Math.max(text.lastIndexOf("\x1b[0m"), text.lastIndexOf("\x1b[m"));
  const escapes = text.slice(Math.max(reset, 0)).match(/\x1b\[[\d;]{1,40}m/g) ?? [];
  return escapes
    .filter((escape) => !/^\x1b\[0?m$/.test(escape))
    .slice(-8)
    .join("");
}

function isOpen(text: string): boolean {
  return text.length < pieceCharacters || (!text.endsWith("\n") && text.length < 2 * pieceCharacters);
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > pieceCharacters) {
    const lineEnd = rest.indexOf("\n", pieceCharacters - 1) + 1;
    const end = lineEnd === 0 || lineEnd > 2 * pieceCharacters ? 2 * pieceCharacters : lineEnd;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return rest === "" ? pieces : [...pieces, rest];
}
