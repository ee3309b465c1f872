import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { labelText } from "../../../base/shownText.js";
import { wordsFor } from "../../../platform/describeError.js";
import { withProgress } from "../../../platform/progress.js";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import { showInformationMessage, showWarningMessage } from "../../../platform/shown/notifications.js";
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

/** What is to be replaced by what. It stays what it was when it was asked for, whatever is searched meanwhile. */
interface Replacement {
  readonly subject: SearchSubject;
  readonly text: string;
}

/** Replaces what was found: shown as a difference first, written file by file. */
export class ReplaceRun implements Disposable {
  readonly #deps: FilePartDeps;
  readonly #results: SearchResults;
  readonly #owned = new DisposableStore();
  readonly #previews = new Map<string, FileReplacement & { readonly replacement: Replacement }>();
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
        : await showInputBox({
            title: l10n.t("Replace “{0}”", query.text),
            prompt: query.isRegex
              ? l10n.t("Replacement, with $1, $<name>, \\n; nothing is written before you have seen it")
              : l10n.t("Replacement; nothing is written before you have seen it"),
            value: this.#results.replacement ?? "",
          });
    if (text !== undefined) {
      this.#results.replacement = text;
    }
  }

  /** Shows what replacing makes of a file. */
  async preview(file: FileMatches, signal: AbortSignal): Promise<void> {
    const replacement = this.#replacement();
    const plan = await plannedFor(replacement, file, await this.#access(replacement, signal), signal);
    const key = keyOf(replacement, file);
    this.#previews.delete(key);
    this.#previews.set(key, { ...plan, replacement });
    for (const old of [...this.#previews.keys()].slice(0, -keptPreviews)) {
      this.#previews.delete(old);
    }
    const [before, after] = ["before", "after"].map((query) => vscode.Uri.from({ scheme, path: key, query }));
    if (before !== undefined && after !== undefined) {
      this.#didChange.fire(before);
      this.#didChange.fire(after);
      const name = posix.basename(file.path);
      const title =
        plan.count === 1
          ? l10n.t("{0}: replace 1 place", name)
          : l10n.t("{0}: replace {1} places", name, plan.count);
      await vscode.commands.executeCommand("vscode.diff", before, after, labelText(title), { preview: true });
    }
  }

  /** Replaces in files, one after the other; those that have changed meanwhile stay, and are told. */
  async apply(
    files: readonly FileMatches[],
    signal: AbortSignal,
    replacement = this.#replacement(),
  ): Promise<void> {
    const { subject } = replacement;
    const { session } = subject;
    const failures: { readonly path: string; readonly error: unknown }[] = [];
    let count = 0;
    let done = 0;
    await withProgress(
      l10n.t("Replacing in {0}", session.name),
      async (either, report) => {
        const access = await this.#access(replacement, either);
        for (const file of files) {
          either.throwIfAborted();
          report(
            l10n.t("{0} of {1}: {2}", done + failures.length + 1, files.length, posix.basename(file.path)),
          );
          try {
            const plan =
              this.#previewed(replacement, file) ?? (await plannedFor(replacement, file, access, either));
            await applyReplacement(access, plan, either);
            this.#deps.changes.tell(session.id, posix.dirname(plan.path));
            count += plan.count;
            done += 1;
            this.#previews.delete(keyOf(replacement, file));
            if (this.#results.subject === subject) {
              this.#results.dismiss([{ kind: "file", file }]);
            }
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
    const matches = matchCount.toLocaleString("en");
    const question =
      files.length === 1
        ? l10n.t("Replace {0} matches in 1 file with “{1}”?", matches, replacement.text)
        : l10n.t("Replace {0} matches in {1} files with “{2}”?", matches, files.length, replacement.text);
    const detail = l10n.t("The files are in the session, and there is no undo.");
    const replace = l10n.t("Replace");
    if ((await showWarningMessage(question, { modal: true, detail }, replace)) === replace) {
      await this.apply(files, signal, replacement);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** What was shown is what is written, and only if the file is still what it was then. */
  #previewed(replacement: Replacement, file: FileMatches): FileReplacement | undefined {
    const preview = this.#previews.get(keyOf(replacement, file));
    const { subject, text } = preview?.replacement ?? {};
    return subject === replacement.subject && text === replacement.text ? preview : undefined;
  }

  async #access({ subject }: Replacement, signal: AbortSignal): Promise<FileAccess> {
    const client = await this.#deps.account.client(signal);
    return this.#deps.files.accessOf(client, subject.session.id);
  }

  #subject(): SearchSubject {
    const { subject } = this.#results;
    if (subject === undefined) {
      throw new ConfigurationError("search", l10n.t("Search first: there are no results to replace."));
    }
    return subject;
  }

  #replacement(): Replacement {
    const subject = this.#subject();
    const { replacement: text } = this.#results;
    if (text === undefined) {
      throw new ConfigurationError("search", l10n.t("Say first what to replace by."));
    }
    return { subject, text };
  }
}

async function plannedFor(
  { subject, text }: Replacement,
  file: FileMatches,
  access: FileAccess,
  signal: AbortSignal,
): Promise<FileReplacement> {
  return planReplacement(access, file, { pattern: subject.query, replacement: text, signal });
}

/** The path of the documents of a preview. */
function keyOf({ subject }: Replacement, { path }: FileMatches): string {
  return `/${subject.session.name}${path}`;
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
  const places = count.toLocaleString("en");
  const text =
    done === 1
      ? l10n.t("Replaced {0} in 1 file.", places)
      : l10n.t("Replaced {0} in {1} files.", places, done);
  const [first] = failures;
  if (first === undefined) {
    void showInformationMessage(text);
    return;
  }
  const changed = failures.filter(({ error }) => isFileFailure(error, "changed")).length;
  const skipped = skippedWords(failures.length, changed, wordsFor(first.error));
  void showWarningMessage(`${text} ${skipped}`);
}

function skippedWords(count: number, changed: number, why: string): string {
  if (changed > 0) {
    return count === 1
      ? l10n.t("1 file skipped, {0} of them changed meanwhile: {1}", changed, why)
      : l10n.t("{0} files skipped, {1} of them changed meanwhile: {2}", count, changed, why);
  }
  return count === 1 ? l10n.t("1 file skipped: {0}", why) : l10n.t("{0} files skipped: {1}", count, why);
}
