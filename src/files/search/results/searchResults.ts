import type { SessionSummary } from "../../../api/index.js";
import { Emitter } from "../../../base/event.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { SearchQuery } from "../query/searchQuery.js";
import type { FileMatches, LineMatch, SearchEnd } from "../searchFiles.js";

/** What was searched, and where. */
export interface SearchSubject {
  readonly session: SessionSummary;
  readonly query: SearchQuery;
}

/** How far a search is. */
export type SearchState =
  | { readonly phase: "empty" | "searching" | "stopped" }
  | { readonly phase: "done"; readonly end: SearchEnd }
  | { readonly phase: "failed"; readonly error: unknown };

/** A row of the results. */
export type ResultRow =
  | { readonly kind: "file"; readonly file: FileMatches }
  | { readonly kind: "line"; readonly file: FileMatches; readonly line: LineMatch };

/** Changes are told at most this often while results come in, in milliseconds. */
const tellMs = 150;

/** The results of the last search: files with lines, without those that a person has dismissed. */
export class SearchResults implements Disposable {
  readonly #files = new Map<string, FileMatches>();
  readonly #didChange = new Emitter<void>();
  #subject: SearchSubject | undefined;
  #state: SearchState = { phase: "empty" };
  #replacement: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#didChange.event;

  get subject(): SearchSubject | undefined {
    return this.#subject;
  }

  get state(): SearchState {
    return this.#state;
  }

  /** What matches are to be replaced by; `undefined` while nothing is to be replaced. */
  get replacement(): string | undefined {
    return this.#replacement;
  }

  set replacement(text: string | undefined) {
    this.#replacement = text;
    this.#tell();
  }

  /** Sorted by path. */
  get files(): readonly FileMatches[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Matches, not lines. */
  get matchCount(): number {
    let count = 0;
    for (const { lines } of this.#files.values()) {
      for (const { ranges } of lines) {
        count += ranges.length;
      }
    }
    return count;
  }

  get fileCount(): number {
    return this.#files.size;
  }

  find(path: string): FileMatches | undefined {
    return this.#files.get(path);
  }

  begin(subject: SearchSubject): void {
    this.#files.clear();
    this.#subject = subject;
    this.#state = { phase: "searching" };
    this.#tell();
  }

  add(found: FileMatches): void {
    const old = this.#files.get(found.path);
    this.#files.set(found.path, old ? { ...old, lines: [...old.lines, ...found.lines] } : found);
    this.#timer ??= setTimeout(() => this.#tell(), tellMs);
  }

  end(state: Exclude<SearchState, { readonly phase: "empty" | "searching" }>): void {
    this.#state = state;
    this.#tell();
  }

  /** Takes rows out, as they are done or of no interest. */
  dismiss(rows: readonly ResultRow[]): void {
    for (const row of rows) {
      const file = this.#files.get(row.file.path);
      const lines =
        row.kind === "line" ? (file?.lines ?? []).filter(({ line }) => line !== row.line.line) : [];
      if (file !== undefined && lines.length > 0) {
        this.#files.set(file.path, { ...file, lines });
      } else {
        this.#files.delete(row.file.path);
      }
    }
    this.#tell();
  }

  clear(): void {
    this.#files.clear();
    this.#subject = undefined;
    this.#replacement = undefined;
    this.#state = { phase: "empty" };
    this.#tell();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#didChange.dispose();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#didChange.fire();
  }
}
