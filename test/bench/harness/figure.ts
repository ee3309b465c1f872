/** What a value may be. */
export interface Limit {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One thing that was measured. Ratios are of things that were done in turn, in one run. */
export interface Figure {
  /** Stable, unique in its group, such as `list-1000/curl`: bounds are recorded by it. */
  readonly id: string;
  /** For people: what was done. */
  readonly what: string;
  /** Whom it is compared with, such as “bare undici” or “the reference client”; nothing for sizes and counts. */
  readonly against?: string;
  /** A ratio where `unit` is `×`: ours to theirs, or where `atLeast` fits better theirs to ours, as `what` says. */
  readonly value: number;
  readonly unit: "×" | "ms" | "µs" | "MB" | "kB" | "%" | "";
  /** Quartiles of single pairs: how far the value is to be trusted. */
  readonly spread?: readonly [low: number, high: number];
  /** Medians of both sides in words, such as `12 ms and 15 ms`. */
  readonly sides?: string;
  /** What is to be reached. */
  readonly bar?: Limit;
}

/** Whether a value is within a limit. */
export function isWithin(value: number, { atMost, atLeast }: Limit): boolean {
  return value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
}

/** `≤ 1.1×`; nothing without a limit. */
export function limitWords({ unit }: Pick<Figure, "unit">, limit: Limit | undefined): string {
  const { atMost, atLeast } = limit ?? {};
  const words = [
    ...(atMost === undefined ? [] : [`≤ ${valueWords(atMost, unit)}`]),
    ...(atLeast === undefined ? [] : [`≥ ${valueWords(atLeast, unit)}`]),
  ];
  return words.join(", ");
}

/** `1.02× (0.98–1.07)` */
export function figureWords({ value, unit, spread }: Figure): string {
  const range = spread === undefined ? "" : ` (${spread.map((each) => numberWords(each)).join("–")})`;
  return valueWords(value, unit) + range;
}

/** As a row of the table that {@link tableHead} begins. */
export function tableRow(figure: Figure): string {
  const { what, against = "", sides = "", bar, value } = figure;
  const verdict = bar === undefined ? "" : isWithin(value, bar) ? "met" : "**missed**";
  const cells = [what, against, figureWords(figure), sides, limitWords(figure, bar), verdict];
  return `| ${cells.map((cell) => cell.replaceAll(/[|\s]+/g, " ")).join(" | ")} |`;
}

export const tableHead =
  "| what | beside | figure (middle half) | medians | bar | |\n| --- | --- | --- | --- | --- | --- |";

function valueWords(value: number, unit: Figure["unit"]): string {
  return numberWords(value) + (unit === "×" || unit === "%" || unit === "" ? unit : ` ${unit}`);
}

function numberWords(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
