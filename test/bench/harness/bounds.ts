import { readFile } from "node:fs/promises";
import { type Figure, isWithin, type Limit, limitWords, figureWords } from "./figure.js";

/**
 * What figures may not fall behind, by `group/id`: ratios alone, and generous, as computers are shared and noisy. They are there to
 * notice what has become much slower, the bars to say what is to be reached.
 */
export type Bounds = Readonly<Record<string, Limit>>;

export async function readBounds(): Promise<Bounds> {
  return JSON.parse(await readFile(new URL("../bounds.json", import.meta.url), "utf8")) as Bounds;
}

/** What is wrong, in words; a bound whose figure is not there any more is wrong too. */
export function fallenBehind(group: string, figures: readonly Figure[], bounds: Bounds): string[] {
  const ids = new Map(figures.map((figure) => [`${group}/${figure.id}`, figure]));
  return Object.entries(bounds)
    .filter(([id]) => id.startsWith(`${group}/`))
    .flatMap(([id, bound]) => {
      const figure = ids.get(id);
      if (figure === undefined) {
        return [`${id}: was not measured.`];
      }
      return isWithin(figure.value, bound)
        ? []
        : [`${id}: ${figureWords(figure)}, and the bound is ${limitWords(figure, bound)}.`];
    });
}
