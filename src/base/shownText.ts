import { shorten } from "./text.js";

// What a server, or somebody else on it, has named or said, on its way to a person's eyes: it stays text.

/** Characters of a label, and of a message, that are shown; what follows is cut off. */
const labelLimit = 200;
const messageLimit = 2000;

/** Characters that turn the order of what follows, or that nobody sees: with them a name can look like another one. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Between two characters that would mean something together. Nobody sees it, and what is copied has it. */
const apart = "\u200b";

/** A name for labels, the status bar and quick picks: one line of bounded length, without icons (`$(name)`). */
export function labelText(text: string): string {
  return lineText(text, labelLimit);
}

/** What is said of something below its label, and of languages, where links are made too: a longer {@link labelText} without any. */
export function detailText(text: string): string {
  return withoutLinks(lineText(text, messageLimit));
}

function lineText(text: string, limit: number): string {
  const line = text
    .replace(/[\s\u0085\u2028\u2029]+/g, " ")
    .replace(invisible, "")
    .trim();
  return shorten(line, limit).replaceAll("$(", `$${apart}(`);
}

/** A {@link labelText} of the same length for views, which have no icons in labels: places in it stay where they are. */
export function markedText(text: string): string {
  return text.replace(/[\s\u0085\u2028\u2029]/g, " ").replace(invisible, "\ufffd");
}

/** A text for notifications, which make links of `[text](address)`, commands of VS Code among them. */
export function messageText(text: string): string {
  return withoutLinks(shorten(text.replace(invisible, ""), messageLimit));
}

function withoutLinks(text: string): string {
  return text.replaceAll("](", `]${apart}(`);
}

/**
 * Text that Markdown shows as it stands: it can't become markup, links, pictures, html or icons. Lines stay; where there must be one,
 * give it a {@link labelText}.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(invisible, "")
    .replace(/[\\`*_{}[\]()#+\-.!<>|~:]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/\$/g, "&#36;"); // icons are looked for once escapes are gone
}

/** Text as a code span of Markdown in one line, where only backticks could become something else. */
export function codeSpan(line: string): string {
  return `\`${line.replace(invisible, "").replaceAll("`", "'")}\``;
}
