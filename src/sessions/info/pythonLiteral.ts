/** A value that Python's `repr` wrote. */
type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

const tokens =
  /\s*(?:(?<mark>[{}[\](),:])|(?<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<word>Decimal|UUID|True|False|None|nan)|(?<number>-?\d[\d_.eE+-]*))/sy;

const words: Readonly<Record<string, Value>> = { True: true, False: false, None: null, nan: null };

/**
 * Reads what managers print of Python values: `{'cpu': Decimal('1'), 'mem': None}` (`protocol.md` §3.2).
 * @returns `undefined` when it is anything else.
 */
export function parsePython(text: string): Value | undefined {
  const parser = new Parser(text);
  try {
    return parser.whole();
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** The names of the pattern's groups. */
const kinds = ["mark", "quoted", "word", "number"] as const;

interface Token {
  readonly kind: (typeof kinds)[number];
  readonly text: string;
}

/** Nested deeper than that it is no record of a session. */
const depthLimit = 32;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  whole(): Value {
    const value = this.#value(0);
    if (this.#at < this.#tokens.length) {
      throw new SyntaxError("more than one value"); // for programs
    }
    return value;
  }

  #value(depth: number): Value {
    const token = this.#take();
    if (depth > depthLimit) {
      throw new SyntaxError("too deep"); // for programs
    }
    switch (token.kind) {
      case "quoted":
        return unquoted(token.text);
      case "number":
        return Number(token.text.replaceAll("_", ""));
      case "word":
        return token.text in words ? (words[token.text] ?? null) : this.#call(depth);
      case "mark":
        return this.#collection(token.text, depth);
    }
  }

  /** `Decimal('1')` is its argument. */
  #call(depth: number): Value {
    this.#expect("(");
    const value = this.#value(depth + 1);
    this.#expect(")");
    return value;
  }

  #collection(mark: string, depth: number): Value {
    if (mark === "{") {
      const entries: [string, Value][] = [];
      this.#each("}", () => {
        const name = this.#value(depth + 1);
        this.#expect(":");
        entries.push([typeof name === "string" ? name : JSON.stringify(name), this.#value(depth + 1)]);
      });
      return Object.fromEntries(entries);
    }
    const items: Value[] = [];
    const end = mark === "[" ? "]" : mark === "(" ? ")" : undefined;
    if (end === undefined) {
      throw new SyntaxError(mark);
    }
    this.#each(end, () => items.push(this.#value(depth + 1)));
    return items;
  }

  #each(end: string, item: () => void): void {
    while (!this.#skip(end)) {
      item();
      if (!this.#skip(",")) {
        this.#expect(end);
        return;
      }
    }
  }

  #skip(mark: string): boolean {
    const token = this.#tokens[this.#at];
    const is = token?.kind === "mark" && token.text === mark;
    this.#at += is ? 1 : 0;
    return is;
  }

  #expect(mark: string): void {
    if (!this.#skip(mark)) {
      throw new SyntaxError(`no ${mark}`);
    }
  }

  #take(): Token {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined) {
      throw new SyntaxError("too short"); // for programs
    }
    return token;
  }
}

function tokenize(text: string): readonly Token[] {
  const found: Token[] = [];
  const end = text.trimEnd().length;
  for (tokens.lastIndex = 0; tokens.lastIndex < end;) {
    const at = tokens.lastIndex;
    const groups = tokens.exec(text)?.groups;
    const kind = kinds.find((name) => groups?.[name] !== undefined);
    if (kind === undefined) {
      return [{ kind: "mark", text: `? at ${String(at)}` }];
    }
    found.push({ kind, text: groups?.[kind] ?? "" });
  }
  return found;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.))/gs,
      (_, short?: string, long?: string, plain?: string) =>
        plain === undefined
          ? String.fromCharCode(Number.parseInt(short ?? long ?? "0", 16))
          : (escapes[plain] ?? plain),
    );
}
