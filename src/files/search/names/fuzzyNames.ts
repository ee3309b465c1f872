/** A path that fits what was typed. */
export interface RankedName {
  readonly path: string;
  /** Higher is better. */
  readonly score: number;
}

/**
 * The paths that have the typed characters in their order, the best first: in the file's name rather than in its folders, together
 * rather than apart, at beginnings of words, and then the shorter path. Case does not matter; a space is no character.
 */
export function rankNames(typed: string, paths: readonly string[], limit: number): readonly RankedName[] {
  const wanted = typed.toLowerCase().replace(/\s+/g, "");
  const best: RankedName[] = [];
  for (const path of paths) {
    const score = scoreOf(wanted, path);
    if (score !== undefined) {
      keep(best, { path, score }, limit);
    }
  }
  return best;
}

function scoreOf(wanted: string, path: string): number | undefined {
  if (wanted === "") {
    return -path.length;
  }
  const nameStart = path.lastIndexOf("/") + 1;
  const inName = wanted.includes("/") ? undefined : scoreFrom(wanted, path, nameStart);
  const score = inName === undefined ? scoreFrom(wanted, path, 0) : inName + 1000;
  return score === undefined ? undefined : score - path.length / 100;
}

/** In one pass: the earliest place of the whole, else character by character. */
function scoreFrom(wanted: string, path: string, from: number): number | undefined {
  const text = path.toLowerCase();
  const whole = text.indexOf(wanted, from);
  if (whole >= 0) {
    return 20 * wanted.length + (whole === from ? 200 : isWordStart(path, whole) ? 100 : 50);
  }
  let score = 0;
  let at = from - 1;
  for (const character of wanted) {
    const found = text.indexOf(character, at + 1);
    if (found < 0) {
      return undefined;
    }
    score += found === at + 1 ? 12 : isWordStart(path, found) ? 10 : 1;
    at = found;
  }
  return score;
}

function isWordStart(path: string, at: number): boolean {
  return at === 0 || /[/_.\-\s]/.test(path.charAt(at - 1)) || /[a-z][A-Z]/.test(path.slice(at - 1, at + 1));
}

function compare(a: RankedName, b: RankedName): number {
  return b.score - a.score || (a.path < b.path ? -1 : 1);
}

/** Keeps a short list sorted. */
function keep(best: RankedName[], name: RankedName, limit: number): void {
  const last = best.at(-1);
  if (best.length >= limit && last !== undefined && compare(name, last) > 0) {
    return;
  }
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = best[middle];
    if (other !== undefined && compare(other, name) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  best.splice(low, 0, name);
  best.length = Math.min(best.length, limit);
}
