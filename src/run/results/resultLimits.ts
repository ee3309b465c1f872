/** Bounds of what is kept, in characters, most of which take one byte. */
export interface ResultLimits {
  /** Of all runs. Beyond it the oldest runs are dropped, then the oldest items of the only one. */
  readonly totalCharacters: number;
  /** Of a picture or of HTML. Larger ones are not kept: a note takes their place. */
  readonly itemCharacters: number;
  /** Of the text of a run. Beyond it the oldest text is dropped. */
  readonly textCharacters: number;
  /** Items of a run. Beyond it the oldest are dropped. */
  readonly items: number;
  /** Runs that are kept. */
  readonly runs: number;
}

/** What a window can afford. */
export const resultLimits: ResultLimits = {
  totalCharacters: 64_000_000,
  itemCharacters: 16_000_000,
  textCharacters: 256_000,
  items: 500,
  runs: 20,
};
