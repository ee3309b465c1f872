import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { once } from "../../../base/once.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { uriPartsOf } from "../../filePlace.js";
import type { FilePartDeps } from "../filePart.js";
import { textOfRows } from "../../search/results/resultText.js";
import { type ResultRow, SearchResults } from "../../search/results/searchResults.js";
import type { FileMatches } from "../../search/searchFiles.js";
import { SearchView } from "./searchView.js";

/** Find in files, find by name, and replace, inside sessions. What does the work is loaded when it is first asked for. */
export function registerSearch(parts: FilePartDeps): Disposable {
  const { commands, files } = parts;
  const owned = new DisposableStore();
  const results = owned.add(new SearchResults());
  const view = owned.add(new SearchView(results, files));
  const search = once(async () => new (await import("./searchRun.js")).SearchRun(parts, results));
  const replace = once(async () =>
    owned.add(new (await import("./replaceRun.js")).ReplaceRun(parts, results)),
  );
  const names = once(async () => owned.add(new (await import("./goToFile.js")).GoToFile(parts)));
  const chosen = (clicked: unknown, all: unknown): readonly ResultRow[] =>
    rowsOf(typeof clicked === "string" ? rowNamed(results, clicked) : clicked, all, view.selection);
  const registered = [
    commands.register("backendai.search.find", async (signal, clicked) =>
      (await search()).find(clicked, signal),
    ),
    commands.register("backendai.search.refresh", async (signal) => (await search()).again(signal)),
    commands.register("backendai.search.stop", async () => (await search()).stop()),
    commands.register("backendai.search.clear", async () => {
      (await search()).stop();
      results.clear();
    }),
    commands.register("backendai.search.open", async (signal, row) => {
      if (isResultRow(row)) {
        await (results.replacement === undefined
          ? open(parts, results, row)
          : (await replace()).preview(current(results, row.file), signal));
      }
    }),
    commands.register("backendai.search.copy", (_, clicked, all) => {
      const rows = chosen(clicked, all);
      return vscode.env.clipboard.writeText(textOfRows(rows.length > 0 ? rows : view.getChildren()));
    }),
    commands.register("backendai.search.dismiss", (_, clicked, all) => results.dismiss(chosen(clicked, all))),
    commands.register("backendai.search.replace", async (_, text) => (await replace()).ask(text)),
    commands.register("backendai.search.cancelReplace", () => {
      results.replacement = undefined;
    }),
    commands.register("backendai.search.preview", async (signal, clicked) => {
      const [row] = chosen(clicked, undefined);
      await (row && (await replace()).preview(current(results, row.file), signal));
    }),
    commands.register("backendai.search.replaceFile", async (signal, clicked, all) => {
      const paths = new Set(chosen(clicked, all).map(({ file }) => file.path));
      await (
        await replace()
      ).apply(
        results.files.filter(({ path }) => paths.has(path)),
        signal,
      );
    }),
    commands.register("backendai.search.replaceAll", async (signal) => (await replace()).applyAll(signal)),
    commands.register("backendai.search.goToFile", async (signal, clicked) =>
      (await names()).open(clicked, signal),
    ),
  ];
  for (const command of registered) {
    owned.add(command);
  }
  return owned;
}

async function open({ files }: FilePartDeps, { subject }: SearchResults, row: ResultRow): Promise<void> {
  const { path, isExactPath } = row.file;
  if (!isExactPath) {
    throw new ConfigurationError("search", l10n.t("The name of {0} is no UTF-8: it can't be opened.", path));
  }
  const place = subject && files.placeIn(subject.session, path);
  if (place === undefined) {
    throw new ConfigurationError("search", l10n.t("The server of these results is not connected any more."));
  }
  const line = row.kind === "line" ? row.line : row.file.lines[0];
  const [range] = line?.ranges ?? [];
  const at = (line?.line ?? 1) - 1;
  const selection = new vscode.Range(at, range?.start ?? 0, at, range?.end ?? 0);
  await vscode.commands.executeCommand("vscode.open", vscode.Uri.from(uriPartsOf(place)), {
    selection,
    preview: true,
  });
}

/** The file as the results have it: rows are as old as their last drawing. */
function current(results: SearchResults, file: FileMatches): FileMatches {
  return results.find(file.path) ?? file;
}

/** The row of a file by its path, as other extensions and keys name it. */
function rowNamed(results: SearchResults, path: string): ResultRow | undefined {
  const file = results.find(path);
  return file && { kind: "file", file };
}

function rowsOf(clicked: unknown, all: unknown, selection: readonly ResultRow[]): readonly ResultRow[] {
  const rows: readonly unknown[] = Array.isArray(all) ? all : clicked === undefined ? selection : [clicked];
  return rows.filter(isResultRow);
}

function isResultRow(value: unknown): value is ResultRow {
  return typeof value === "object" && value !== null && "kind" in value && "file" in value;
}
