import * as l10n from "@vscode/l10n";
import type { DefectName } from "../../wire/defects.js";

/** What a known defect is and what is done about it, as `Defect` of `wire/defects.ts` says it in English. */
export interface DefectWords {
  /** What servers do, as a sentence without a subject. */
  readonly does: string;
  /** What the extension offers instead, as a sentence. */
  readonly instead: string;
}

/** The words of `wire/defects.ts` in the language of VS Code. */
export const defectWords: Readonly<Record<DefectName, DefectWords>> = {
  executeFails: {
    does: l10n.t("answers every execute call with 500: its agent's code has a fault"),
    instead: l10n.t("Says so at the first run, in place of the server's words."),
  },
  batchLoses: {
    does: l10n.t("loses output, notices and the end of batch runs at random"),
    instead: l10n.t(
      "Tells when a run has been silent for 20 s, and frees the session when it is stopped then.",
    ),
  },
  htmlBlocks: {
    does: l10n.t("answers 500 when a query shows a value that has an HTML form, and keeps the session busy"),
    instead: l10n.t(
      "Frees the session by an empty query with the same run id, and says that the value was HTML.",
    ),
  },
  runsBlock: {
    does: l10n.t(
      "lets a run that nobody reads to its end, or an unknown run id, block every later run of the session",
    ),
    instead: l10n.t(
      "Makes every run id, sends one run at a time to a session, ends runs by interrupting and reading on, and frees what is blocked by an empty query with the same id.",
    ),
  },
  completionFails: {
    does: l10n.t("answers a completion with 500 after 10 s"),
    instead: l10n.t("Stops waiting after 2 s, and does not ask that server again after three failures."),
  },
  completionEmpty: {
    does: l10n.t("answers every completion with an empty list"),
    instead: l10n.t("Does not ask that server again after ten empty lists."),
  },
  terminalMute: {
    does: l10n.t("opens a terminal that never shows anything, and closes it at the first key"),
    instead: l10n.t("Finds it out at the first key, and remembers it."),
  },
  failedAppBlocks: {
    does: l10n.t(
      "answers 500 for every app of a session, ssh included, once an app that can't start was asked for",
    ),
    instead: l10n.t(
      "Says so, and asks for no app by itself but ssh and the terminal. A new session is the way out.",
    ),
  },
  uploadNames: {
    does: l10n.t("refuses to upload files by their relative names"),
    instead: l10n.t("Sends absolute names, in the extended form of the header, to these servers alone."),
  },
  uploadsVanish: {
    does: l10n.t(
      "answers 204 to uploads that it puts elsewhere, or nowhere: absolute names, and those that begin with ../",
    ),
    instead: l10n.t("Sends no such names, and looks for every file after its upload."),
  },
  uploadsForeign: {
    does: l10n.t(
      "leaves uploaded files to root where its agent runs as root, so that programs can't change them",
    ),
    instead: l10n.t("Replaces them by further uploads; a program can remove them, but not write into them."),
  },
  eventsPartial: {
    does: l10n.t("tells of the containers of a new session, not of the session itself"),
    instead: l10n.t("Lists the sessions again after every event, after each reconnection, and every 30 s."),
  },
  slowEnd: {
    does: l10n.t("goes on ending a session for seconds after it answered, and refuses calls meanwhile"),
    instead: l10n.t("Shows the session as ending until it is gone."),
  },
  queriesUncounted: {
    does: l10n.t("does not count executions: numQueriesExecuted stays 0"),
    instead: l10n.t("The number is not shown."),
  },
  ownerIgnored: {
    does: l10n.t("understands owner_access_key for logs and destroy alone"),
    instead: l10n.t(
      "A caller's own key is left out of calls on a session; calls for another owner fail as the server says.",
    ),
  },
  logOfRunner: {
    does: l10n.t("keeps what the runner says in the container's log, not what runs print"),
    instead: l10n.t("Shows the log as it is; the output of runs is in their own terminals."),
  },
};
