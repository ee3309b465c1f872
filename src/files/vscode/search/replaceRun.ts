import { posix } from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { plural } from "../../../base/text.js";
import { wordsFor } from "../../../platform/describeError.js";
import { withProgress } from "../../../platform/progress.js";
import type { FileAccess } from "../../access/fileAccess.js";
import { isFileFailure } from "../../access/fileAccessError.js";
import type { FilePartDeps } from "../filePart.js";
import {
  applyReplacement,
  type FileReplacement,
  planReplacement,
} from "../../search/replace/fileReplacement.js";
import type { SearchResults, SearchSubject } from "../../search/results/searchResults.js";
import type { FileMatches } from "../../search/searchFiles.js";

const scheme = "backendai-replace";

/** Previews that are kept; the oldest go. */
const keptPreviews = 50;

/** Replaces what was found: shown as a difference first, written file by file. */
export class ReplaceRun implements Disposable {
  readonly #deps: FilePartDeps;
  readonly #results: SearchResults;
  readonly #owned = new DisposableStore();
  readonly #previews = new Map<string, FileReplacement & { readonly replacement: string }>();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<vscode.Uri>());

  constructor(deps: FilePartDeps, results: SearchResults) {
    this.#deps = deps;
    this.#results = results;
    this.#owned.add(
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        onDidChange: this.#didChange.event,
        provideTextDocumentContent: ({ path, query }) => {
          const preview = this.#previews.get(path);
          return query === "before" ? preview?.before : preview?.after;
        },
      }),
    );
  }

  /** Asks what to replace by; an answer offers it on the rows of files. */
  async ask(given: unknown): Promise<void> {
    const { query } = this.#subject();
    const text =
      typeof given === "string"
        ? given
        : await vscode.window.showInputBox({
            title: `Replace “${query.text}”`,
            prompt: query.isRegex
              ? "Replacement, with $1, $<name>, \\n; nothing is written before you have seen it"
              : "Replacement; nothing is written before you have seen it",
            value: this.#results.replacement ?? "",
          });
    if (text !== undefined) {
      this.#results.replacement = text;
    }
  }

  /** Shows what replacing makes of a file. */
  async preview(file: FileMatches, signal: AbortSignal): Promise<void> {
    const { session } = this.#subject();
    const plan = await this.#plan(file, await this.#access(signal), signal);
    const key = keyOf(session.name, file);
    this.#previews.delete(key);
    this.#previews.set(key, { ...plan, replacement: this.#replacement() });
    for (const old of [...this.#previews.keys()].slice(0, -keptPreviews)) {
      this.#previews.delete(old);
    }
    const [before, after] = ["before", "after"].map((query) => vscode.Uri.from({ scheme, path: key, query }));
    if (before !== undefined && after !== undefined) {
      this.#didChange.fire(before);
      this.#didChange.fire(after);
      const title = `${posix.basename(file.path)}: replace ${plural(plan.count, "place")}`;
      await vscode.commands.executeCommand("vscode.diff", before, after, title, { preview: true });
    }
  }

  /** Replaces in files, one after the other; those that have changed meanwhile stay, and are told. */
  async apply(files: readonly FileMatches[], signal: AbortSignal): Promise<void> {
    const { session } = this.#subject();
    const failures: { readonly path: string; readonly error: unknown }[] = [];
    let count = 0;
    let done = 0;
    await withProgress(
      `Replacing in ${session.name}`,
      async (either, report) => {
        const access = await this.#access(either);
        for (const file of files) {
          either.throwIfAborted();
          report(`${done + failures.length + 1} of ${files.length}: ${posix.basename(file.path)}`);
          try {
            const plan = this.#previewed(file) ?? (await this.#plan(file, access, either));
            await applyReplacement(access, plan, either);
            this.#deps.changes.tell(session.id, posix.dirname(plan.path));
            count += plan.count;
            done += 1;
            this.#previews.delete(keyOf(session.name, file));
            this.#results.dismiss([{ kind: "file", file }]);
          } catch (error) {
            either.throwIfAborted();
            failures.push({ path: file.path, error });
          }
        }
      },
      signal,
    );
    tell({ count, done, failures });
  }

  /** Asks before very much is changed. */
  async applyAll(signal: AbortSignal): Promise<void> {
    const { files, matchCount } = this.#results;
    const replacement = this.#replacement();
    const question = `Replace ${matchCount.toLocaleString("en")} matches in ${plural(files.length, "file")} with “${replacement}”?`;
    const detail = "The files are in the session, and there is no undo.";
    if (
      (await vscode.window.showWarningMessage(question, { modal: true, detail }, "Replace")) === "Replace"
    ) {
      await this.apply(files, signal);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** What was shown is what is written, and only if the file is still what it was then. */
  #previewed(file: FileMatches): FileReplacement | undefined {
    const preview = this.#previews.get(keyOf(this.#subject().session.name, file));
    return preview?.replacement === this.#replacement() ? preview : undefined;
  }

  async #plan(file: FileMatches, access: FileAccess, signal: AbortSignal): Promise<FileReplacement> {
    const replacement = this.#replacement();
    return planReplacement(access, file, { pattern: this.#subject().query, replacement, signal });
  }

  async #access(signal: AbortSignal): Promise<FileAccess> {
    const client = await this.#deps.account.client(signal);
    return this.#deps.files.accessOf(client, this.#subject().session.id);
  }

  #subject(): SearchSubject {
    const { subject } = this.#results;
    if (subject === undefined) {
      throw new ConfigurationError("search", "Search first: there are no results to replace.");
    }
    return subject;
  }

  #replacement(): string {
    const { replacement } = this.#results;
    if (replacement === undefined) {
      throw new ConfigurationError("search", "Say first what to replace by.");
    }
    return replacement;
  }
}

/** The path of the documents of a preview. */
function keyOf(sessionName: string, { path }: FileMatches): string {
  return `/${sessionName}${path}`;
}

function tell({
  count,
  done,
  failures,
}: {
  readonly count: number;
  readonly done: number;
  readonly failures: readonly { readonly path: string; readonly error: unknown }[];
}): void {
  const text = `Replaced ${count.toLocaleString("en")} in ${plural(done, "file")}.`;
  const [first] = failures;
  if (first === undefined) {
    void vscode.window.showInformationMessage(text);
    return;
  }
  const changed = failures.filter(({ error }) => isFileFailure(error, "changed")).length;
  const skipped = `${plural(failures.length, "file")} skipped${changed > 0 ? `, ${changed} of them changed meanwhile` : ""}`;
  void vscode.window.showWarningMessage(`${text} ${skipped}: ${wordsFor(first.error)}`);
}
