import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { isAbort } from "../../../base/abort.js";
import { showError } from "../../../platform/messages.js";
import { withProgress } from "../../../platform/progress.js";
import { showInformationMessage, showWarningMessage } from "../../../platform/shown/notifications.js";
import type { FilePartDeps } from "../filePart.js";
import type { TransferEnd } from "../../transfer/transferEnd.js";
import {
  type Conflict,
  type ConflictChoice,
  planTransfer,
  type TransferPlan,
} from "../../transfer/transferPlan.js";
import type { TransferQueue } from "../../transfer/transferQueue.js";
import { planOfFailures, runTransfer, type TransferOutcome } from "../../transfer/transferRun.js";
import { conflictWords, outcomeDetails, outcomeWords, progressWords } from "../../transfer/transferWords.js";

/** How often a notification is told how far a transfer is, in milliseconds. */
const tellMs = 100;

/** A transfer that a person asked for. */
export interface TransferRequest {
  readonly way: "upload" | "download";
  readonly source: TransferEnd;
  readonly target: TransferEnd;
  /** Files and folders of the source. */
  readonly paths: readonly string[];
  /** Of the target. */
  readonly folder: string;
  /** Told when something may have changed there. */
  readonly onDidChange: () => void;
}

/** What showing transfers works with. */
export interface TransferViewDeps extends Pick<FilePartDeps, "tally" | "logger"> {
  readonly queue: TransferQueue;
}

const buttonsOf = {
  replace: l10n.t("Replace"),
  replaceAll: l10n.t("Replace All"),
  skip: l10n.t("Skip"),
  skipAll: l10n.t("Skip All"),
  keepBoth: l10n.t("Keep Both"),
  decide: l10n.t("Decide for Each…"),
  retry: l10n.t("Retry Failed"),
  details: l10n.t("Show Details"),
} as const;

/** What a button about names that are taken means. */
const choices: Readonly<Record<string, ConflictChoice>> = {
  [buttonsOf.replace]: "replace",
  [buttonsOf.replaceAll]: "replace",
  [buttonsOf.skip]: "skip",
  [buttonsOf.skipAll]: "skip",
  [buttonsOf.keepBoth]: "keepBoth",
};

/** Plans a transfer, asks about names that are taken, carries it out behind a notification, and tells how it came out. */
export async function transfer(
  deps: TransferViewDeps,
  request: TransferRequest,
  signal: AbortSignal,
): Promise<TransferOutcome> {
  const { source, target, paths, folder, way } = request;
  const title =
    way === "upload"
      ? l10n.t("Uploading to {0}", target.label)
      : l10n.t("Downloading from {0}", source.label);
  let plan: TransferPlan | undefined;
  const outcome = await withProgress(
    title,
    async (running, report) => {
      report(l10n.t("Looking at what is there…"));
      const choose = (conflicts: readonly Conflict[]): Promise<readonly ConflictChoice[]> =>
        askAboutConflicts(conflicts, folder);
      plan = await planTransfer({ source, target, choose }, { paths, folder }, { signal: running });
      return carryOut(deps, request, { plan, signal: running, report });
    },
    signal,
  );
  if (plan !== undefined) {
    void tell(deps, request, { plan, outcome }).catch((error: unknown) => {
      if (!isAbort(error)) {
        void showError(error, "transfer", deps.logger);
      }
    });
  }
  return outcome;
}

interface Carrying {
  readonly plan: TransferPlan;
  readonly signal: AbortSignal;
  readonly report: (message: string) => void;
}

async function carryOut(
  { queue, tally }: TransferViewDeps,
  request: TransferRequest,
  { plan, signal, report }: Carrying,
): Promise<TransferOutcome> {
  if (queue.isFull) {
    report(l10n.t("Waiting for other transfers…"));
  }
  let toldAt = 0;
  const counted = tally.begin("transfer");
  try {
    const outcome = await queue.run(
      async () =>
        runTransfer(request, plan, {
          signal,
          onProgress: (progress) => {
            if (performance.now() - toldAt > tellMs) {
              toldAt = performance.now();
              report(progressWords(progress));
            }
          },
        }),
      signal,
    );
    counted(outcome.failures.length > 0 ? "incomplete" : "done");
    return outcome;
  } finally {
    counted(signal.aborted ? "cancelled" : "failed"); // when nothing was counted before
    request.onDidChange();
  }
}

/** How it came out; what failed can be tried again. */
async function tell(
  deps: TransferViewDeps,
  request: TransferRequest,
  { plan, outcome }: { readonly plan: TransferPlan; readonly outcome: TransferOutcome },
): Promise<void> {
  const { way, source, target, folder } = request;
  const isUpload = way === "upload";
  const words = outcomeWords(folder, isUpload ? target.label : undefined, outcome);
  const canRetry = outcome.failures.some(({ file }) => file !== undefined);
  const buttons = [
    ...(canRetry ? [buttonsOf.retry] : []),
    ...(outcome.failures.length + outcome.skipped.length > 0 ? [buttonsOf.details] : []),
  ];
  deps.logger.info(words);
  const chosen =
    outcome.failures.length > 0
      ? await showWarningMessage(words, ...buttons)
      : await showInformationMessage(words, ...buttons);
  if (chosen === buttonsOf.details) {
    const content = outcomeDetails(words, outcome);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
    return tell(deps, request, { plan, outcome });
  }
  if (chosen === buttonsOf.retry) {
    const rest = planOfFailures(plan, outcome);
    const title = l10n.t("Trying again: {0}", isUpload ? target.label : source.label);
    const again = await withProgress(title, (signal, report) =>
      carryOut(deps, request, { plan: rest, signal, report }),
    );
    await tell(deps, request, { plan: rest, outcome: again });
  }
}

/** Asks once; where there are several, the answer is for all, or for each in turn. Closing the question ends the transfer. */
async function askAboutConflicts(
  conflicts: readonly Conflict[],
  folder: string,
): Promise<readonly ConflictChoice[]> {
  const [first] = conflicts;
  if (conflicts.length > 1 || first === undefined) {
    const { replaceAll, skipAll, keepBoth, decide } = buttonsOf;
    const all = await ask(conflicts, folder, [replaceAll, skipAll, keepBoth, decide]);
    if (all !== undefined) {
      return conflicts.map(() => all);
    }
  }
  const answers: ConflictChoice[] = [];
  for (const conflict of conflicts) {
    const canReplace = conflict.existing.type !== "directory";
    const { replace, keepBoth, skip } = buttonsOf;
    const answer = await ask([conflict], folder, [...(canReplace ? [replace] : []), keepBoth, skip]);
    answers.push(answer ?? "skip");
  }
  return answers;
}

async function ask(
  conflicts: readonly Conflict[],
  folder: string,
  buttons: readonly string[],
): Promise<ConflictChoice | undefined> {
  const { question, detail } = conflictWords(conflicts, folder);
  const answer = await showWarningMessage(question, { modal: true, detail }, ...buttons);
  if (answer === undefined) {
    throw new DOMException("The question was closed.", "AbortError"); // for programs
  }
  return choices[answer];
}
