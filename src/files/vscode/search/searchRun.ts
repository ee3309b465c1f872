import * as l10n from "@vscode/l10n";
import path from "node:path";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { homeDirectory, type BackendAIClient } from "../../../api/index.js";
import { isAbort } from "../../../base/abort.js";
import { isBranchItem } from "../../../sessions/sessionBranches.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import { placeOf } from "../../filePlace.js";
import type { FilePartDeps } from "../filePart.js";
import { sessionPrograms } from "../../search/inside/sessionProgram.js";
import { globsOf } from "../../search/query/fileFilter.js";
import { lineMatcher } from "../../search/query/lineMatcher.js";
import type { SearchResults, SearchSubject } from "../../search/results/searchResults.js";
import { searchFiles } from "../../search/searchFiles.js";
import { type AskedQuery, pickQuery } from "./queryPick.js";

/** Matching lines after which a search ends. */
const maxLines = 10_000;

/** Folders that hold no work of a person. */
export const usualExcludes: readonly string[] = [
  "**/.git",
  "**/node_modules",
  "**/__pycache__",
  "**/.ipynb_checkpoints",
  "**/.venv",
];

const firstQuery: AskedQuery = {
  text: "",
  isRegex: false,
  isCaseSensitive: false,
  isWholeWord: false,
  folder: homeDirectory,
  include: [],
  exclude: usualExcludes,
};

/** Searches in progress and the last one: one at a time, the newest wins. */
export class SearchRun {
  readonly #deps: FilePartDeps;
  readonly #results: SearchResults;
  #running: AbortController | undefined;

  constructor(deps: FilePartDeps, results: SearchResults) {
    this.#deps = deps;
    this.#results = results;
  }

  /** Asks what to find, and finds it. `clicked` may be a row of a session or of one of its folders, or a query for tests and keys. */
  async find(clicked: unknown, signal: AbortSignal): Promise<void> {
    const picked = await runningSession(this.#deps, {
      clicked,
      placeHolder: l10n.t("Session to search"),
      signal,
    });
    if (picked === undefined) {
      return;
    }
    const last = await this.#remembered();
    const text = selectedText() ?? last.text;
    const given = queryGiven(clicked);
    const query =
      given === undefined
        ? await pickQuery({ ...last, text, folder: folderOf(clicked) }, picked.session.name, globsOf)
        : { ...firstQuery, folder: folderOf(clicked), ...given };
    if (query === undefined) {
      return;
    }
    lineMatcher(query); // a mistake is told before anything is shown
    await this.#remember(query);
    const searching = this.#search(
      picked.client,
      { session: picked.session, query: { ...query, maxLines } },
      signal,
    );
    await vscode.commands.executeCommand("backendai.search.focus");
    await searching;
  }

  /** The same search again. */
  async again(signal: AbortSignal): Promise<void> {
    const { subject } = this.#results;
    if (subject !== undefined) {
      await this.#search(await this.#deps.account.client(signal), subject, signal);
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  async #search(client: BackendAIClient, subject: SearchSubject, signal: AbortSignal): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    const { tunnels, logger } = this.#deps;
    const startedAt = performance.now();
    this.#results.begin(subject);
    try {
      const programs = sessionPrograms(tunnels, client, subject.session);
      const search = searchFiles(programs, subject.query, {
        signal: AbortSignal.any([signal, running.signal]),
      });
      for (;;) {
        const { done, value } = await search.next();
        if (this.#running !== running) {
          await search.return({ engine: "grep", isLimited: false, unreadable: 0 });
          return;
        }
        if (done === true) {
          this.#results.end({ phase: "done", end: value });
          logger.info(`search by ${value.engine}: ${Math.round(performance.now() - startedAt)} ms`);
          return;
        }
        this.#results.add(value);
      }
    } catch (error) {
      if (this.#running === running) {
        this.#results.end(isAbort(error) ? { phase: "stopped" } : { phase: "failed", error });
      }
      throw error;
    }
  }

  /** What was asked last, in any window. */
  async #remembered(): Promise<AskedQuery> {
    try {
      const value: unknown = JSON.parse(await readFile(this.#memoryFile, "utf8"));
      return { ...firstQuery, ...queryGiven({ query: value }) };
    } catch {
      return firstQuery; // nothing was asked yet
    }
  }

  async #remember(query: AskedQuery): Promise<void> {
    try {
      await mkdir(this.#deps.globalStorage, { recursive: true });
      await writeFile(this.#memoryFile, JSON.stringify(query));
    } catch (error) {
      this.#deps.logger.warn(`the search is not remembered: ${String(error)}`);
    }
  }

  get #memoryFile(): string {
    return path.join(this.#deps.globalStorage, "search.json");
  }
}

/** The folder of a row, or of the document that is open from a session. */
export function folderOf(clicked: unknown): string {
  if (isBranchItem(clicked) && "path" in clicked.row && typeof clicked.row.path === "string") {
    return clicked.row.path;
  }
  if (clicked instanceof vscode.Uri) {
    return placeOf(clicked)?.path ?? homeDirectory;
  }
  return homeDirectory;
}

/** A query as an argument of the command: as much of it as is given, each part of the right kind. */
function queryGiven(value: unknown): Partial<AskedQuery> | undefined {
  if (typeof value !== "object" || value === null || !("query" in value)) {
    return undefined;
  }
  const { query } = value;
  if (typeof query !== "object" || query === null) {
    return undefined;
  }
  const known = Object.entries(query).filter(([name, part]) => {
    const expected: unknown = Object.entries(firstQuery).find(([key]) => key === name)?.[1];
    return (
      typeof part === typeof expected &&
      (!Array.isArray(expected) || (Array.isArray(part) && part.every((glob) => typeof glob === "string")))
    );
  });
  return Object.fromEntries(known);
}

/** What is selected in the editor, when it is within one line. */
function selectedText(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection) ?? "";
  return text === "" || text.includes("\n") || text.length > 200 ? undefined : text;
}
