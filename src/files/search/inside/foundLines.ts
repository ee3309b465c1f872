import { lineLimitBytes } from "../query/searchQuery.js";
import { PieceReader } from "./pieces.js";

/** A line that may match, as bytes without its line feed. */
export interface FoundLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
}

/** Lines of a file that may match, in order. A file with very much comes in several portions. */
export interface FoundLines {
  /** Relative to the folder, with `./` in front. */
  readonly path: Buffer;
  readonly lines: readonly FoundLine[];
}

/** Reads the output of an engine. */
export interface FoundLinesReader {
  push(bytes: Uint8Array): Iterable<FoundLines>;
  /** What was not told yet when the output ends. */
  end(): Iterable<FoundLines>;
}

const lineFeed = 10;
const nul = 0;

/** Bytes of lines after which a portion is told. */
const portionBytes = 16 * 1024 * 1024;

/** Collects lines of one file at a time. */
class Portion {
  #path: Buffer | undefined;
  #lines: FoundLine[] = [];
  #size = 0;

  /** @returns Whether it is large enough to be told. */
  add(number: number, bytes: Buffer): boolean {
    if (bytes.length <= lineLimitBytes && number > 0) {
      this.#lines.push({ number, bytes });
      this.#size += bytes.length + 64;
    }
    return this.#size > portionBytes;
  }

  /** Ends the file under way and begins the next one. */
  *begin(path: Buffer | undefined): Generator<FoundLines, void, undefined> {
    yield* this.take();
    this.#path = path;
  }

  /** What there is of the file so far. */
  *take(): Generator<FoundLines, void, undefined> {
    if (this.#path !== undefined && this.#lines.length > 0) {
      yield { path: this.#path, lines: this.#lines };
    }
    this.drop();
  }

  drop(): void {
    this.#lines = [];
    this.#size = 0;
  }
}

/** Reads `NUL path NUL`, and then lines of `number:text`, as the engines for `grep` and Python print them. */
export class PlainReader implements FoundLinesReader {
  readonly #pieces = new PieceReader([nul, lineFeed], lineLimitBytes + 32);
  readonly #portion = new Portion();
  #isPath = false;

  *push(bytes: Uint8Array): Generator<FoundLines, void, undefined> {
    for (const { bytes: piece, end, isCut } of this.#pieces.push(bytes)) {
      if (this.#isPath) {
        this.#isPath = false;
        this.#pieces.separators = [nul, lineFeed];
        yield* this.#portion.begin(piece);
      } else if (end === nul) {
        this.#isPath = true;
        this.#pieces.separators = [nul];
      } else if (!isCut) {
        const colon = piece.indexOf(":");
        const number = Number(piece.subarray(0, colon).toString("latin1"));
        if (this.#portion.add(number, piece.subarray(colon + 1))) {
          yield* this.#portion.take();
        }
      }
    }
  }

  *end(): Generator<FoundLines, void, undefined> {
    yield* this.#portion.begin(undefined);
  }
}

/** Text as ripgrep gives it: as it is, or in base64 where it is no UTF-8. */
interface RgText {
  readonly text?: string;
  readonly bytes?: string;
}

/** A record of ripgrep's output, as far as it is read here. */
interface RgRecord {
  readonly type: string;
  readonly data?: {
    readonly path?: RgText;
    readonly lines?: RgText;
    readonly line_number?: number | null;
    readonly binary_offset?: number | null;
  };
}

/** Reads ripgrep's records, of which each is a line. A record is at most six times as long as its line, and a little more. */
export class RgReader implements FoundLinesReader {
  readonly #pieces = new PieceReader([lineFeed], 7 * lineLimitBytes + 16 * 1024);
  readonly #portion = new Portion();

  *push(bytes: Uint8Array): Generator<FoundLines, void, undefined> {
    for (const { bytes: piece, isCut } of this.#pieces.push(bytes)) {
      const record = isCut ? undefined : recordOf(piece);
      const data = record?.data;
      if (record?.type === "begin") {
        yield* this.#portion.begin(bytesOf(data?.path));
      } else if (record?.type === "match") {
        const line = bytesOf(data?.lines);
        const text = line.at(-1) === lineFeed ? line.subarray(0, -1) : line;
        if (this.#portion.add(data?.line_number ?? 0, text)) {
          yield* this.#portion.take();
        }
      } else if (record?.type === "end") {
        if (typeof data?.binary_offset === "number") {
          this.#portion.drop(); // it has a NUL byte
        }
        yield* this.#portion.begin(undefined);
      }
    }
  }

  *end(): Generator<FoundLines, void, undefined> {
    yield* this.#portion.begin(undefined);
  }
}

function recordOf(piece: Buffer): RgRecord | undefined {
  try {
    const value: unknown = JSON.parse(piece.toString("utf8"));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // what is no record says nothing
  }
}

function isRecord(value: unknown): value is RgRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    (!("data" in value) || (typeof value.data === "object" && value.data !== null))
  );
}

function bytesOf({ text, bytes }: RgText = {}): Buffer {
  return text === undefined ? Buffer.from(bytes ?? "", "base64") : Buffer.from(text, "utf8");
}
