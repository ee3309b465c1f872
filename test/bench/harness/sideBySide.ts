import type { Figure, Limit } from "./figure.js";
import { median, middleHalf, msWords, timed } from "./numbers.js";
import type { Report } from "./report.js";

/** A way of doing something. It resolves with what it did in numbers, such as bytes: all ways must give the same. */
export interface Contestant {
  /** In figures' ids: short, such as `curl`. */
  readonly key: string;
  /** For people, such as “bare undici”. */
  readonly name: string;
  /** Once. Resolves with milliseconds where it measures itself, as a program in another process does (`{ ms }`). */
  readonly once: () => Promise<Done>;
  /** What is to be reached beside it. */
  readonly bar?: Limit;
  /** Turns the ratio around: how many times as fast ours is. */
  readonly isFactor?: boolean;
}

/** What was done, and how long it took if that was measured inside. */
export interface Done {
  readonly result?: number | string;
  readonly ms?: number;
}

/** Something that several can do. */
export interface Comparison {
  readonly id: string;
  readonly what: string;
  readonly ours: () => Promise<Done>;
  readonly others: readonly Contestant[];
  /** Rounds that count. */
  readonly rounds: number;
  /** Rounds before them. */
  readonly warm?: number;
}

/**
 * Has ours and the others do a thing in turn, in an order that changes with each round, and reports the ratio of medians beside each
 * other, with the middle half of the ratios of single rounds.
 * @throws {Error} if one gives another result than ours.
 */
export async function sideBySide(report: Report, comparison: Comparison): Promise<readonly Figure[]> {
  const { id, what, ours, others, rounds, warm = 1 } = comparison;
  const ways = [ours, ...others.map(({ once }) => once)];
  const times: number[][] = ways.map(() => []);
  for (let round = -warm; round < rounds; round += 1) {
    const results: (number | string | undefined)[] = [];
    for (let turn = 0; turn < ways.length; turn += 1) {
      const index = (turn + Math.abs(round)) % ways.length;
      let done: Done = {};
      const ms = await timed(async () => (done = await (ways[index] as () => Promise<Done>)()));
      results[index] = done.result;
      if (round >= 0) {
        times[index]?.push(done.ms ?? ms);
      }
    }
    const strange = results.findIndex((each) => each !== undefined && each !== results[0]);
    if (strange > 0) {
      throw new Error(
        `${what}: ours gave ${String(results[0])}, ${others[strange - 1]?.name ?? ""} ${String(results[strange])}.`,
      );
    }
  }
  const [mine = []] = times;
  return others.map(({ key, name, bar, isFactor = false }, index) => {
    const theirs = times[index + 1] ?? [];
    const ratio = (one: number, other: number): number => (isFactor ? other / one : one / other);
    const figure: Figure = {
      id: `${id}/${key}`,
      what: isFactor ? `${what}: times as fast` : what,
      against: name,
      value: ratio(median(mine), median(theirs)),
      unit: "×",
      spread: middleHalf(mine.map((ms, round) => ratio(ms, theirs[round] ?? Number.NaN))),
      sides: `${msWords(median(mine))} and ${msWords(median(theirs))}`,
      ...(bar !== undefined && { bar }),
    };
    report.figure(figure);
    return figure;
  });
}
