/** The two streams of a program. */
export type TextStream = "stdout" | "stderr";

/** An error as a notebook shows it. */
export interface CellError {
  readonly name: string;
  readonly message: string;
  /** All that is known of it, with ANSI colours; empty when name and message are all. */
  readonly stack: string;
}

/** Something that a cell shows. */
export type CellOutput =
  | { readonly kind: "text"; readonly stream: TextStream; readonly text: string }
  | { readonly kind: "data"; readonly mimeType: string; readonly data: Uint8Array }
  | { readonly kind: "error"; readonly error: CellError };

/**
 * Where a cell's outputs are shown. Calls come one after the other. No method rejects: a notebook that is gone shows nothing,
 * which is no failure of the program.
 */
export interface CellScreen {
  /** Adds an output after the others. */
  append(output: CellOutput): Promise<void>;
  /** More text for the last output, which is text. */
  extend(text: string): Promise<void>;
  /** Other text for the last output, which is text. */
  replace(text: string): Promise<void>;
}
