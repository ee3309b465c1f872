import { posix } from "node:path";
import { plural } from "../../../base/text.js";
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
  const found =
    matchCount === 0
      ? "No results"
      : `${plural(matchCount, "result").replace(/^\d+/, (count) => Number(count).toLocaleString("en"))} in ${plural(fileCount, "file")}`;
  const where = `for “${query.text}” in ${session.name}:${query.folder}`;
  const how = stateText(results);
  const change =
    replacement === undefined ? "" : `\nReplace with “${replacement}”: preview and replace per file.`;
  return state.phase === "searching" && matchCount === 0
    ? `Searching ${where}…`
    : `${found} ${where}${how}${change}`;
}

function stateText({ state }: SearchResults): string {
  switch (state.phase) {
    case "searching":
      return " so far…";
    case "stopped":
      return ". The search was stopped.";
    case "done": {
      const { isLimited, unreadable } = state.end;
      const limit = isLimited ? " There are more: narrow the search." : "";
      const closed = unreadable > 0 ? ` ${plural(unreadable, "place")} may not be read.` : "";
      return `.${limit}${closed}`;
    }
    case "failed":
      return ". The search failed.";
    case "empty":
      return "";
  }
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
