import * as l10n from "@vscode/l10n";
import { ServerDefectError } from "../../api/errors.js";
import type { RunEvent } from "../../api/index.js";
import { formatDuration, shorten } from "../../base/text.js";
import { isReleaseAtLeast } from "../../wire/version.js";

/** How a piece of code ended. */
export type QueryOutcome =
  | { readonly kind: "done" }
  /** The code raised an error, which it printed, or ended with this exit code. */
  | { readonly kind: "raised"; readonly exitCode: number | undefined }
  | { readonly kind: "interrupted" }
  /** It did not end when it was interrupted, and was left alone. */
  | { readonly kind: "abandoned" }
  /** The server or the connection failed; `isOver` where further runs would as well. */
  | { readonly kind: "failed"; readonly summary: string; readonly isOver: boolean };

/** Lines of the code that are shown, and the characters of each. */
const shownLines = 3;
const shownWidth = 100;

/** Runs shorter than this have no foot, in milliseconds. */
const quickMs = 5000;

/** What the code that runs looks like: its first lines, dimmed behind a number, and where they come from. */
export function headText(number: number, code: string, origin: string): string {
  const prompt = `In [${String(number)}]: `;
  const lines = code.trimEnd().split("\n");
  const shown = lines.slice(0, shownLines).map((line) => shorten(clean(line), shownWidth));
  const more = lines.length - shown.length;
  const rest =
    more > 0 ? `… ${more === 1 ? l10n.t("1 more line") : l10n.t("{0} more lines", more)}` : undefined;
  const body = [...shown, ...(rest === undefined ? [] : [rest])]
    .map((line, index) => (index === 0 ? line : " ".repeat(prompt.length) + line))
    .join("\r\n");
  return `${cyan(prompt)}${dim(`${body}  · ${clean(origin)}`)}\r\n`;
}

/**
 * How a piece of code ended, where that needs words: what it printed says the rest.
 * @param hasErrors Whether it wrote an error of its own.
 */
export function endText(outcome: QueryOutcome, elapsedMs: number, hasErrors: boolean): string {
  const after = ` ${dim(`· ${formatDuration(elapsedMs)}`)}\r\n`;
  switch (outcome.kind) {
    case "done":
      return elapsedMs < quickMs ? "" : green("✔") + after;
    case "raised":
      return raisedText(outcome.exitCode, hasErrors) + after;
    case "interrupted":
      return yellow(`■ ${l10n.t("interrupted")}`) + after;
    case "abandoned":
      return yellow(`■ ${l10n.t("left alone: it did not end when it was interrupted")}`) + after;
    case "failed":
      return red(`✘ ${clean(outcome.summary).replace(/\r?\n/g, "\r\n")}`) + after;
  }
}

/** A line across, where the variables of before end. */
export function resetText(elapsedMs: number): string {
  return `${dim(`──── ${l10n.t("state reset")} · ${formatDuration(elapsedMs)} ────`)}\r\n`;
}

/** An error that asks for other words here than elsewhere; `undefined` for all others. */
export function queryWords(error: unknown): string | undefined {
  return error instanceof ServerDefectError && error.defect === "htmlBlocks"
    ? l10n.t(
        "The code ran, but its value has an HTML form, which this server can't carry. print(…) shows it as text.",
      )
    : undefined;
}

/**
 * Whether the code failed. Older servers tell exit code 0 for every query of Python (`protocol.md` §4.2), so there the end of
 * what went to stderr has to tell.
 */
export function hasRaised(
  { exitCode }: Extract<RunEvent, { type: "finished" }>,
  stderr: string,
  manager: string,
): boolean {
  if (exitCode !== undefined && exitCode !== 0) {
    return true;
  }
  const lastLine = clean(stderr).trimEnd().split("\n").at(-1) ?? "";
  return (
    !isReleaseAtLeast(manager, "26.1") &&
    /^(?:[\w.]*(?:Error|Exception|Interrupt|Exit)\b|ERROR: )/.test(lastLine)
  );
}

/** Text without escape sequences and other control characters but line feeds and tabs. */
export function clean(text: string): string {
  return text.replace(/\x1b\[[\d;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}

function raisedText(exitCode: number | undefined, hasErrors: boolean): string {
  if (exitCode === 127 && !hasErrors) {
    return red(
      `✘ ${l10n.t("This session has no interpreter for single pieces of code: it did not start. Give the session more memory, or try another image.")}`,
    );
  }
  return red(
    `✘ ${exitCode === undefined || hasErrors ? l10n.t("error") : l10n.t("exit code {0}", exitCode)}`,
  );
}

const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`;
const coloured =
  (colour: number) =>
  (text: string): string =>
    `\x1b[${String(colour)}m${text}\x1b[39m`;
const red = coloured(31);
const green = coloured(32);
const yellow = coloured(33);
const cyan = coloured(36);
