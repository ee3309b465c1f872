import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { escapeMarkdown } from "../../base/shownText.js";
import { formatDuration } from "../../base/text.js";
import { plainText } from "../../sessions/logs/logScreen.js";
import { fenced, hiddenCharacters } from "../answer/visibleText.js";
import type { ToolAnswer } from "../answer/toolAnswer.js";
import { type FinishedCode, tool, ToolRefusal } from "../tool.js";
import { whichSession } from "./whichSession.js";

/** Code that a person can still look through before it runs, in characters. */
const codeLimit = 20_000;
/** Lines that are longer run out of what a person sees at once, in characters. */
const seenWidth = 160;
/** What may be waited for beside the run: interrupting, reading its end, freeing the session; milliseconds. */
const graceMs = 20_000;

export const runCodeInput = z.strictObject({
  code: z.string().check(z.minLength(1), z.maxLength(codeLimit)),
  session: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
});

type RunCodeInput = z.infer<typeof runCodeInput>;

/** Runs code in the interpreter of a session, whose variables stay. */
export const runCode = tool<RunCodeInput>({
  name: "backendai_run_code",
  changes: true,
  limitMs: ({ maxRunMs }) => maxRunMs + graceMs,
  parse: (input) => {
    const parsed = z.parse(runCodeInput, input);
    return { ...parsed, code: parsed.code.replaceAll("\r\n", "\n") };
  },
  progress: l10n.t("Running code in a session of Backend.AI"),
  consent: async ({ code, session: asked }, place) => {
    checkVisible(code);
    const { id, name } = whichSession(await place.sessions(), asked);
    const limit = formatDuration(place.limits.maxRunMs).replace(/\.0 s$/, " s");
    const message = [
      l10n.t(
        "The language model wants to run this code in the interpreter of session **{0}** on **{1}**.",
        escapeMarkdown(name),
        escapeMarkdown(place.server),
      ),
      fenced(code, ""),
      ...longLines(code),
      ...(place.isOnThisComputer
        ? [l10n.t("It runs on this computer, with all your rights.")]
        : [l10n.t("It runs with all rights that the session has.")]),
      l10n.t("Variables stay in the session. It is interrupted after {0}.", limit),
    ].join("\n\n");
    return {
      title: l10n.t("Run code in session {0}?", name),
      message,
      meaning: JSON.stringify([id, code]),
    };
  },
  answer: async ({ code, session: asked }, place) => {
    const { client, limits, signal } = place;
    const session = whichSession(await place.sessions(), asked);
    const startedAt = performance.now();
    const run = await place.runCode(client, session.id, code, { limitMs: limits.maxRunMs, signal });
    const took = formatDuration(performance.now() - startedAt);
    return {
      facts: `In session ${session.name} on ${place.server}: ${endOf(run, limits.maxRunMs)} It took ${took}.${shownBeside(run)}`,
      body: bodyOf(run),
    };
  },
});

/**
 * What a person does not see, they can't agree to.
 * @throws {ToolRefusal}
 */
function checkVisible(code: string): void {
  const hidden = hiddenCharacters(code);
  if (hidden.length > 0) {
    throw new ToolRefusal(
      `The code has characters that nobody sees (${hidden.slice(0, 10).join(", ")}), so nobody can agree to it. Write them as escapes of the language, or leave them out.`,
    );
  }
}

/** A hint at what runs out of view. */
function longLines(code: string): readonly string[] {
  const long = code.split("\n").flatMap((line, index) => (line.length > seenWidth ? [index + 1] : []));
  return long.length === 0
    ? []
    : [
        long.length === 1
          ? l10n.t("⚠ Line {0} may run out of view: scroll to the right to read all of it.", long[0] ?? 0)
          : l10n.t(
              "⚠ {0} lines may run out of view, the first is line {1}: scroll to the right to read all of them.",
              long.length,
              long[0] ?? 0,
            ),
      ];
}

function endOf({ outcome, exitCode }: FinishedCode, maxRunMs: number): string {
  const limit = `${String(maxRunMs / 1000)} s (setting backendai.assistant.maxRunSeconds)`;
  switch (outcome) {
    case "done":
      return "the code ran to its end.";
    case "raised":
      return exitCode === undefined || exitCode === 0
        ? "the code failed with an error."
        : `the code failed with exit code ${String(exitCode)}.`;
    case "tookTooLong":
      return `the code was interrupted after ${limit}. Run less at once, or write it as a program that runs in the background.`;
    case "askedForInput":
      return "the code asked for input, which nobody can give here, and was interrupted.";
    case "neverBegan":
      return `nothing was run: another run kept the session busy for ${limit}. Try later or in another session.`;
    case "abandoned":
      return "the code did not end when it was interrupted, and may still keep the session busy. Tell the person.";
  }
}

function shownBeside({ shown }: FinishedCode): string {
  return shown.length === 0 ? "" : ` It also showed, which can't be passed on here: ${shown.join(", ")}.`;
}

function bodyOf({ head, dropped, tail }: FinishedCode): ToolAnswer["body"] {
  const text =
    dropped === 0
      ? plainText(head + tail)
      : `${plainText(head)}\n[… ${String(dropped)} characters left out …]\n${plainText(tail)}`;
  return { text, keep: "both" };
}
