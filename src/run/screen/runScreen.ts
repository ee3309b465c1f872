import * as l10n from "@vscode/l10n";
import { formatBytes, formatDuration } from "../../base/text.js";
import type { ExecutionEvent } from "../carriers/execution.js";

/** How a run ended. */
export type RunOutcome =
  | { readonly kind: "finished"; readonly exitCode: number | undefined }
  | { readonly kind: "stopped"; readonly exitCode: number | undefined }
  | { readonly kind: "buildFailed"; readonly exitCode: number | undefined }
  | { readonly kind: "timedOut" }
  /** It did not end when it was interrupted, and was left alone. */
  | { readonly kind: "abandoned" }
  /** It goes on in the session by itself. */
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly summary: string };

const style = {
  dim: (text: string) => `\x1b[2m${text}\x1b[22m`,
  bold: (text: string) => `\x1b[1m${text}\x1b[22m`,
  red: (text: string) => `\x1b[31m${text}\x1b[39m`,
  green: (text: string) => `\x1b[32m${text}\x1b[39m`,
  yellow: (text: string) => `\x1b[33m${text}\x1b[39m`,
};

/** Names of the signals that end programs most often. */
const signals: Readonly<Record<number, string>> = {
  1: l10n.t("hang-up"),
  2: l10n.t("interrupt"),
  6: l10n.t("abort"),
  9: l10n.t("kill"),
  11: l10n.t("segmentation fault"),
  15: l10n.t("termination"),
};

/** The first line of a run: the command, and where it runs. */
export function headLine(commandLine: string, where: string): string {
  return `${style.bold(`$ ${words(commandLine)}`)}  ${style.dim(`· ${words(where)}`)}\r\n`;
}

/** A remark of ours, told apart from the program's output. */
export function remark(text: string): string {
  return `${style.dim(`[${words(text)}]`)}\r\n`;
}

/** An event as terminal text. */
export function eventText(event: ExecutionEvent): string {
  switch (event.type) {
    case "output":
      return terminalLines(event.stream === "stderr" ? red(event.text) : event.text);
    case "media":
      return remark(l10n.t("{0}, {1}: in the results", event.mimeType, formatBytes(event.data.length)));
    case "html":
      return remark(l10n.t("html: in the results"));
    case "buildFinished":
      return event.exitCode === 0 || event.exitCode === undefined
        ? ""
        : remark(l10n.t("build failed, exit code {0}", event.exitCode));
    case "queued":
      return remark(l10n.t("another run is under way in this session; this one follows it"));
    case "maybeLost":
      return remark(
        l10n.t(
          "nothing was heard for a while, and this server loses the end of some runs: the program may have ended. Stop frees the session",
        ),
      );
    case "connectionLost":
      return remark(
        l10n.t("the connection was lost; the program goes on in the session, and is looked for again"),
      );
    case "connectionBack":
      return remark(l10n.t("connected again; nothing was lost"));
    case "remark":
      return remark(event.text);
    case "started":
    case "cleanFinished":
    case "inputRequested":
    case "finished":
    case "timedOut":
      return "";
  }
}

/** What a program that was stopped may leave behind: a colour, and a cursor that it hid. */
const leftovers = "\x1b[0m\x1b[?25h";

/** Where the last line of a run stands. */
export interface FootPlace {
  /** Whether the output before ended its line. */
  readonly atLineStart: boolean;
  /** Whether the terminal ends with the run, so that Enter does not run it again. */
  readonly isLast?: boolean | undefined;
}

/** The last line of a run: how it ended, after how long. */
export function footLine(
  outcome: RunOutcome,
  elapsedMs: number,
  { atLineStart, isLast = false }: FootPlace,
): string {
  const after = `· ${formatDuration(elapsedMs)}${isLast ? "" : ` · ${l10n.t("Enter runs again")}`}`;
  return `${leftovers}${atLineStart ? "" : "\r\n"}${endingText(outcome)} ${style.dim(after)}\r\n\r\n`;
}

/** How a run ended, in a few coloured words, such as `✔ exit code 0`. */
export function endingText(outcome: RunOutcome): string {
  const { mark, text } = ending(outcome);
  return `${mark} ${text}`;
}

function ending(outcome: RunOutcome): { readonly mark: string; readonly text: string } {
  switch (outcome.kind) {
    case "finished":
      return outcome.exitCode === 0
        ? { mark: style.green("✔"), text: style.green(exitText(0)) }
        : { mark: style.red("✘"), text: style.red(exitText(outcome.exitCode)) };
    case "buildFailed":
      return { mark: style.red("✘"), text: style.red(l10n.t("build failed, not run")) };
    case "stopped":
      return {
        mark: style.yellow("■"),
        text: style.yellow(
          outcome.exitCode === undefined
            ? l10n.t("stopped")
            : l10n.t("stopped, {0}", exitText(outcome.exitCode)),
        ),
      };
    case "timedOut":
      return {
        mark: style.red("✘"),
        text: style.red(l10n.t("the server's time limit for a run was reached")),
      };
    case "abandoned":
      return {
        mark: style.yellow("■"),
        text: style.yellow(l10n.t("left alone: it did not end when it was interrupted")),
      };
    case "left":
      return { mark: style.yellow("▸"), text: style.yellow(l10n.t("goes on in the session")) };
    case "failed":
      return { mark: style.red("✘"), text: style.red(words(outcome.summary)) };
  }
}

function exitText(exitCode: number | undefined): string {
  if (exitCode === undefined) {
    return l10n.t("exit code not told by the server");
  }
  if (exitCode >= 0) {
    const name = signals[exitCode - 128]; // what a shell makes of a signal
    return name === undefined
      ? l10n.t("exit code {0}", exitCode)
      : l10n.t("exit code {0} ({1})", exitCode, name);
  }
  const name = signals[-exitCode];
  return name === undefined
    ? l10n.t("ended by signal {0}", -exitCode)
    : l10n.t("ended by signal {0} ({1})", -exitCode, name);
}

/** Programs that colour their own errors keep their colours. */
function red(text: string): string {
  return text.includes("\x1b") ? text : style.red(text);
}

/** Words of servers, and of what sessions keep of runs, must not steer the terminal. */
function words(text: string): string {
  return terminalLines(text.replace(/\r(?!\n)|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]+/g, " "));
}

/** A terminal needs a carriage return with each line feed. Programs on one bring theirs: such text is only looked through. */
function terminalLines(text: string): string {
  let [lines, from] = ["", 0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    if (text[at - 1] !== "\r") {
      lines += `${text.slice(from, at)}\r`;
      from = at;
    }
  }
  return lines + text.slice(from);
}
