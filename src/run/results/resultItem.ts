/** One thing that a run printed or showed. Items never change: text that grows is replaced by an item with the same id. */
export type ResultItem = TextItem | ImageItem | HtmlItem | NoteItem;

/** Text of a program, with its escapes. */
export interface TextItem {
  readonly kind: "text";
  /** Unique in its run; later items have greater ones. */
  readonly id: number;
  readonly stream: "stdout" | "stderr" | "log";
  readonly text: string;
  /** Escapes that bring the colours in which the text begins. */
  readonly style: string;
}

/** A picture whose bytes begin as those of its type do. */
export interface ImageItem {
  readonly kind: "image";
  readonly id: number;
  readonly mimeType: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/svg+xml";
  readonly base64: string;
}

/** HTML as the program gave it: not to be shown but in a frame of its own (`render/frameDocument.ts`). */
export interface HtmlItem {
  readonly kind: "html";
  readonly id: number;
  readonly html: string;
}

/** A remark of ours in the place of what can't be shown. */
export interface NoteItem {
  readonly kind: "note";
  readonly id: number;
  readonly text: string;
}

/** What an item costs to keep, in characters, most of which take one byte. */
export function sizeOf(item: ResultItem): number {
  switch (item.kind) {
    case "text":
    case "note":
      return item.text.length;
    case "image":
      return item.base64.length;
    case "html":
      return item.html.length;
  }
}
