import { posix } from "node:path";
import { type EngineEnd, type EngineOutput, runEngine } from "./inside/engineRun.js";
import type { EngineName } from "./inside/engineScript.js";
import { type FoundLines, type FoundLinesReader, PlainReader, RgReader } from "./inside/foundLines.js";
import type { StartProgram } from "./inside/searchProgram.js";
import { FileFilter } from "./query/fileFilter.js";
import { type LineMatcher, lineMatcher, type TextRange } from "./query/lineMatcher.js";
import { prefilterOf } from "./query/prefilter.js";
import type { SearchQuery } from "./query/searchQuery.js";

/** Characters of a line that are kept to be shown. */
const previewLimit = 400;
/** Of these, in front of the first match. */
const previewLead = 60;

/** A line with matches. */
export interface LineMatch {
  /** From 1. */
  readonly line: number;
  /** In UTF-16 units of the line, which is without its line break and byte order mark. */
  readonly ranges: readonly TextRange[];
  /** The part of the line that is shown. */
  readonly preview: string;
  /** Where in the line the preview begins. */
  readonly previewStart: number;
}

/** Lines of a file with matches, in order. */
export interface FileMatches {
  /** Absolute in the session. */
  readonly path: string;
  /** Whether `path` is the file's name: names that are no UTF-8 are shown with replacement characters. */
  readonly isExactPath: boolean;
  readonly lines: readonly LineMatch[];
}

/** How a search ended. */
export interface SearchEnd {
  readonly engine: EngineName;
  /** Whether there was more than the query allows. */
  readonly isLimited: boolean;
  /** Files and folders that may not be read; counted up to a bound. */
  readonly unreadable: number;
}

/** Which engines may be used; for tests. */
export interface SearchFilesOptions {
  readonly signal: AbortSignal;
  readonly engines?: readonly EngineName[] | undefined;
}

/**
 * Searches the files of a folder, inside the session, and gives what is found while it goes on. A file comes once; one with very
 * many matches in several portions.
 * @throws {SearchQueryError}
 * @throws {FileAccessError} (`notFound`) without the folder.
 */
export async function* searchFiles(
  start: StartProgram,
  query: SearchQuery,
  { signal, engines }: SearchFilesOptions,
): AsyncGenerator<FileMatches, SearchEnd, undefined> {
  const matcher = lineMatcher(query);
  const filter = new FileFilter(query);
  const prefilter = { posix: prefilterOf(query, "posix"), escaped: prefilterOf(query, "escaped") };
  const request = { folder: query.folder, hints: filter.hints, prefilter, engines };
  const outputs = runEngine(start, request, signal);
  const portions = portionsOf(outputs);
  let room = query.maxLines;
  try {
    for (;;) {
      const { done, value } = await portions.next();
      if (done === true) {
        return { ...value, isLimited: false };
      }
      const { found, engine } = value;
      const matches = matchesOf(found, { query, filter, matcher });
      if (matches === undefined) {
        continue;
      }
      if (matches.lines.length > room) {
        yield { ...matches, lines: matches.lines.slice(0, room) };
        return { engine, isLimited: true, unreadable: 0 };
      }
      room -= matches.lines.length;
      yield matches;
    }
  } finally {
    await outputs.return({ engine: "grep", unreadable: 0 }); // ends the program, also where this one is left early
  }
}

async function* portionsOf(
  outputs: AsyncGenerator<EngineOutput, EngineEnd, undefined>,
): AsyncGenerator<{ readonly found: FoundLines; readonly engine: EngineName }, EngineEnd, undefined> {
  let reader: FoundLinesReader | undefined;
  for (;;) {
    const { done, value } = await outputs.next();
    if (done === true) {
      for (const found of reader?.end() ?? []) {
        yield { found, engine: value.engine };
      }
      return value;
    }
    reader ??= value.engine === "rg" ? new RgReader() : new PlainReader();
    for (const found of reader.push(value.bytes)) {
      yield { found, engine: value.engine };
    }
  }
}

interface Matching {
  readonly query: SearchQuery;
  readonly filter: FileFilter;
  readonly matcher: LineMatcher;
}

function matchesOf(
  { path, lines }: FoundLines,
  { query, filter, matcher }: Matching,
): FileMatches | undefined {
  const name = path.toString("utf8");
  const relative = name.startsWith("./") ? name.slice(2) : name;
  if (!filter.accepts(relative)) {
    return undefined;
  }
  const texts = lines.map(({ bytes, number }) => textOf(bytes, number));
  const ranges = matcher.match(texts);
  const matches = lines.flatMap(({ number }, index) => {
    const found = ranges[index] ?? [];
    return found.length === 0 ? [] : [lineMatch(number, texts[index] ?? "", found)];
  });
  return matches.length === 0
    ? undefined
    : {
        path: posix.join(query.folder, relative),
        isExactPath: Buffer.from(name, "utf8").equals(path),
        lines: matches,
      };
}

/** A line as editors show it. */
function textOf(bytes: Buffer, number: number): string {
  const text = bytes.toString("utf8").replace(/\r$/, "");
  return number === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function lineMatch(line: number, text: string, ranges: readonly TextRange[]): LineMatch {
  const first = ranges[0]?.start ?? 0;
  const previewStart = text.length <= previewLimit ? 0 : Math.max(0, first - previewLead);
  return { line, ranges, preview: text.slice(previewStart, previewStart + previewLimit), previewStart };
}
