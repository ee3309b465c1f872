/** Tells whether a row is wanted. */
export type Predicate = (row: Readonly<Record<string, unknown>>) => boolean;

/** The filter expression cannot be read. */
export class FilterError extends Error {}

const token = /\s*(==|!=|<=|>=|<|>|&|\||\(|\)|"(?:\\.|[^"\\])*"|[\w.+-]+|\S)/gy;

/**
 * Reads a filter expression such as `status == "RUNNING" & name ilike "%x%"` (`protocol.md` §3.4). `&` binds tighter
 * than `|`.
 * @throws {FilterError}
 */
export function parseFilter(text: string): Predicate {
  const tokens = [...text.matchAll(token)].map((match) => match[1] ?? "");
  const parser = new FilterParser(tokens);
  const predicate = parser.either();
  parser.expectEnd();
  return predicate;
}

class FilterParser {
  #at = 0;

  constructor(readonly tokens: readonly string[]) {}

  either(): Predicate {
    const left = this.both();
    if (this.#skip("|")) {
      const right = this.either();
      return (row) => left(row) || right(row);
    }
    return left;
  }

  both(): Predicate {
    const left = this.#term();
    if (this.#skip("&")) {
      const right = this.both();
      return (row) => left(row) && right(row);
    }
    return left;
  }

  expectEnd(): void {
    if (this.#at < this.tokens.length) {
      throw new FilterError(`Filter parsing error: unexpected ${this.tokens[this.#at] ?? ""}`);
    }
  }

  #term(): Predicate {
    if (this.#skip("(")) {
      const inner = this.either();
      this.#expect(")");
      return inner;
    }
    const field = this.#next();
    const operator = this.#next();
    const value = this.#value();
    const compare = comparison(operator, value);
    return (row) => compare(row[field]);
  }

  #value(): string | null {
    const text = this.#next();
    if (text.startsWith('"')) {
      return text.slice(1, -1).replaceAll(/\\(.)/g, "$1");
    }
    return text === "null" ? null : text;
  }

  #next(): string {
    const text = this.tokens[this.#at];
    if (text === undefined) {
      throw new FilterError("Filter parsing error: it ends too early");
    }
    this.#at += 1;
    return text;
  }

  #skip(text: string): boolean {
    const found = this.tokens[this.#at] === text;
    this.#at += found ? 1 : 0;
    return found;
  }

  #expect(text: string): void {
    if (!this.#skip(text)) {
      throw new FilterError(`Filter parsing error: ${text} is missing`);
    }
  }
}

function comparison(operator: string, wanted: string | null): (value: unknown) => boolean {
  const text = (value: unknown): string =>
    typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
  switch (operator) {
    case "==":
    case "is":
      return (value) => (wanted === null ? value === null || value === undefined : text(value) === wanted);
    case "!=":
    case "isnot":
      return (value) => (wanted === null ? value !== null && value !== undefined : text(value) !== wanted);
    case "<":
      return (value) => compareTexts(text(value), wanted ?? "") < 0;
    case "<=":
      return (value) => compareTexts(text(value), wanted ?? "") <= 0;
    case ">":
      return (value) => compareTexts(text(value), wanted ?? "") > 0;
    case ">=":
      return (value) => compareTexts(text(value), wanted ?? "") >= 0;
    case "like":
      return (value) => pattern(wanted ?? "", "s").test(text(value));
    case "ilike":
      return (value) => pattern(wanted ?? "", "si").test(text(value));
    case "contains":
    case "in":
      return (value) => text(value).includes(wanted ?? "");
    default:
      throw new FilterError(`Filter parsing error: unknown operator ${operator}`);
  }
}

/** A SQL `LIKE` pattern as a regular expression. */
function pattern(like: string, flags: string): RegExp {
  const source = like
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${source}$`, flags);
}

/** Orders numbers as numbers, everything else as text. */
export function compareTexts(a: string, b: string): number {
  const numbers = [Number(a), Number(b)] as const;
  if (a !== "" && b !== "" && !numbers.some(Number.isNaN)) {
    return numbers[0] - numbers[1];
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
