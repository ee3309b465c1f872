import { type MarkupContent, MarkupKind } from "vscode-languageserver-protocol";
import { escapeMarkdown } from "../../base/shownText.js";
import type { Description } from "../source/completionSource.js";

/** A description as it is shown. What comes from a session is text: it can't become markup, links or pictures. */
export function describedAs(
  { signature, type, value, documentation }: Description,
  languageId: string,
): MarkupContent | undefined {
  const head = signature ?? type;
  const parts = [
    ...(head === undefined || head === "" ? [] : [fenced(head, languageId)]),
    ...(value === undefined || value === "" ? [] : [fenced(value, "text")]),
    ...(documentation === undefined || documentation === "" ? [] : [plain(documentation)]),
  ];
  return parts.length === 0 ? undefined : { kind: MarkupKind.Markdown, value: parts.join("\n\n") };
}

/** Text between fences that it can't close. */
function fenced(text: string, languageId: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${languageId}\n${text.trimEnd()}\n${fence}`;
}

/** Text as it stands, line by line: documentation is written for terminals, where lines and indents say something. */
export function plain(text: string): string {
  return escapeMarkdown(text.trim())
    .replace(/^[ \t]+/gm, (indent) => "\u00a0".repeat(indent.replaceAll("\t", "    ").length))
    .replace(/\n(?=.)/g, "  \n");
}
