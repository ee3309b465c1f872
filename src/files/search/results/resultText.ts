import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type { TextRange } from "../query/lineMatcher.js";
import type { FileMatches, LineMatch } from "../searchFiles.js";
import type { ResultRow, SearchResults } from "./searchResults.js";

/** A line as a row shows it: without its indentation, control characters visible, matches where they are then. */
export interface LineLabel {
  readonly text: string;
  readonly highlights: readonly (readonly [number, number])[];
}

/** The row of a line with matches. */
export function lineLabel({ preview, previewStart, ranges }: LineMatch): LineLabel {
  const indentation = preview.length - preview.trimStart().length;
  const firstStart = (ranges[0]?.start ?? 0) - previewStart;
  const cut = Math.min(indentation, Math.max(0, firstStart));
  const lead = previewStart > 0 ? "…" : "";
  const text = lead + preview.slice(cut).replace(/[\u0000-\u001f\u007f]/g, " ");
  const moved = ({ start, end }: TextRange): readonly [number, number] => [
    Math.max(0, start - previewStart - cut) + lead.length,
    Math.min(text.length, Math.max(0, end - previewStart - cut) + lead.length),
  ];
  return { text, highlights: ranges.map(moved).filter(([start, end]) => start < end && start < text.length) };
}

/** What is said above the results. */
export function resultMessage(results: SearchResults): string {
  const { subject, state, matchCount, fileCount, replacement } = results;
  if (subject === undefined) {
    return "";
  }
  const { query, session } = subject;
  const place = `${session.name}:${query.folder}`;
  if (state.phase === "searching" && matchCount === 0) {
    return l10n.t("Searching for “{0}” in {1}…", query.text, place);
  }
  const found = foundText(query.text, place, { matchCount, fileCount });
  const change =
    replacement === undefined
      ? ""
      : `\n${l10n.t("Replace with “{0}”: preview and replace per file.", replacement)}`;
  return `${withState(found, results)}${change}`;
}

function foundText(
  text: string,
  place: string,
  { matchCount, fileCount }: Pick<SearchResults, "matchCount" | "fileCount">,
): string {
  if (matchCount === 0) {
    return l10n.t("No results for “{0}” in {1}", text, place);
  }
  if (matchCount === 1) {
    return l10n.t("1 result in 1 file for “{0}” in {1}", text, place);
  }
  const count = matchCount.toLocaleString("en");
  return fileCount === 1
    ? l10n.t("{0} results in 1 file for “{1}” in {2}", count, text, place)
    : l10n.t("{0} results in {1} files for “{2}” in {3}", count, fileCount, text, place);
}

/** What was found, and whether that is all. */
function withState(found: string, { state }: SearchResults): string {
  switch (state.phase) {
    case "searching":
      return l10n.t("{0} so far…", found);
    case "stopped":
      return `${found}. ${l10n.t("The search was stopped.")}`;
    case "done": {
      const { isLimited, unreadable } = state.end;
      const limit = isLimited ? ` ${l10n.t("There are more: narrow the search.")}` : "";
      const closed = unreadable > 0 ? ` ${unreadableText(unreadable)}` : "";
      return `${found}.${limit}${closed}`;
    }
    case "failed":
      return `${found}. ${l10n.t("The search failed.")}`;
    case "empty":
      return found;
  }
}

function unreadableText(count: number): string {
  return count === 1 ? l10n.t("1 place may not be read.") : l10n.t("{0} places may not be read.", count);
}

/** Rows as text: a file's path, and below it `line:column: text`. */
export function textOfRows(rows: readonly ResultRow[]): string {
  return rows
    .map((row) =>
      row.kind === "line"
        ? lineText(row.line)
        : [row.file.path, ...row.file.lines.map((line) => `  ${lineText(line)}`)].join("\n"),
    )
    .join("\n");
}

function lineText({ line, ranges, preview }: LineMatch): string {
  return `${line}:${(ranges[0]?.start ?? 0) + 1}: ${preview}`;
}

/** The folder of a file, relative to the one that was searched. */
export function folderText({ path }: FileMatches, folder: string): string {
  const relative = posix.relative(folder, posix.dirname(path));
  return relative.startsWith("..") ? posix.dirname(path) : relative;
}
