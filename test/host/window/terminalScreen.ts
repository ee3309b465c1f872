/** One character position of a terminal: what stands there, how wide it is, and how it looks. */
export interface ScreenCell {
  readonly text: string;
  readonly width: number;
  /** Foreground, background and attributes, as one word. */
  readonly style: string;
}

/** The part of xterm.js that is looked at; the same in a window and without one. */
interface Cell {
  getChars(): string;
  getWidth(): number;
  getFgColorMode(): number;
  getFgColor(): number;
  getBgColorMode(): number;
  getBgColor(): number;
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isUnderline(): number;
  isInverse(): number;
}

/** A terminal of xterm.js. */
export interface ScreenTerminal {
  readonly rows: number;
  readonly cols: number;
  readonly buffer: {
    readonly active: {
      readonly baseY: number;
      getLine(row: number): { getCell(column: number): Cell | undefined } | undefined;
    };
  };
}

/**
 * What a terminal shows. Also runs in a page, on the element to which VS Code ties its terminal, so that whatever it needs
 * stands inside it.
 */
export function screenOf(source: unknown): ScreenCell[][] {
  const { xterm } = source as { readonly xterm?: ScreenTerminal };
  const terminal = xterm ?? (source as ScreenTerminal);
  const { rows, cols, buffer } = terminal;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: cols }, (__, column) => {
      const cell = buffer.active.getLine(buffer.active.baseY + row)?.getCell(column);
      const style =
        cell === undefined
          ? []
          : [
              cell.getFgColorMode(),
              cell.getFgColor(),
              cell.getBgColorMode(),
              cell.getBgColor(),
              cell.isBold(),
              cell.isDim(),
              cell.isItalic(),
              cell.isUnderline(),
              cell.isInverse(),
            ];
      const text = cell?.getChars() ?? "";
      return {
        text: text === "" ? " " : text,
        width: cell?.getWidth() ?? 1,
        style: style.map((part) => (part === 0 ? "" : part)).join("."),
      };
    }),
  );
}
