import * as vscode from "vscode";
import { messageText } from "../../../base/shownText.js";
import { isAbort } from "../../../base/abort.js";
import { showError } from "../../../platform/messages.js";
import { withProgress } from "../../../platform/progress.js";
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
  readonly verb: "Uploaded" | "Downloaded";
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

const choices: Readonly<Record<string, ConflictChoice>> = {
  Replace: "replace",
  "Replace All": "replace",
  Skip: "skip",
  "Skip All": "skip",
  "Keep Both": "keepBoth",
};

/** Plans a transfer, asks about names that are taken, carries it out behind a notification, and tells how it came out. */
export async function transfer(
  deps: TransferViewDeps,
  request: TransferRequest,
  signal: AbortSignal,
): Promise<TransferOutcome> {
  const { source, target, paths, folder, verb } = request;
  const isUpload = verb === "Uploaded";
  const title = isUpload ? `Uploading to ${target.label}` : `Downloading from ${source.label}`;
  const place = `in ${folder}`;
  let plan: TransferPlan | undefined;
  const outcome = await withProgress(
    title,
    async (running, report) => {
      report("Looking at what is there…");
      const choose = (conflicts: readonly Conflict[]): Promise<readonly ConflictChoice[]> =>
        askAboutConflicts(conflicts, place);
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
    report("Waiting for other transfers…");
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
  const { verb, source, target, folder } = request;
  const isUpload = verb === "Uploaded";
  const words = messageText(
    outcomeWords(verb, isUpload ? `to ${folder} of ${target.label}` : `to ${folder}`, outcome),
  );
  const canRetry = outcome.failures.some(({ file }) => file !== undefined);
  const buttons = [
    ...(canRetry ? ["Retry Failed"] : []),
    ...(outcome.failures.length + outcome.skipped.length > 0 ? ["Show Details"] : []),
  ];
  deps.logger.info(words);
  const chosen =
    outcome.failures.length > 0
      ? await vscode.window.showWarningMessage(words, ...buttons)
      : await vscode.window.showInformationMessage(words, ...buttons);
  if (chosen === "Show Details") {
    const content = outcomeDetails(words, outcome);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
    return tell(deps, request, { plan, outcome });
  }
  if (chosen === "Retry Failed") {
    const rest = planOfFailures(plan, outcome);
    const title = `Trying again: ${isUpload ? target.label : source.label}`;
    const again = await withProgress(title, (signal, report) =>
      carryOut(deps, request, { plan: rest, signal, report }),
    );
    await tell(deps, request, { plan: rest, outcome: again });
  }
}

/** Asks once; where there are several, the answer is for all, or for each in turn. Closing the question ends the transfer. */
async function askAboutConflicts(
  conflicts: readonly Conflict[],
  place: string,
): Promise<readonly ConflictChoice[]> {
  const [first] = conflicts;
  if (conflicts.length > 1 || first === undefined) {
    const all = await ask(conflicts, place, ["Replace All", "Skip All", "Keep Both", "Decide for Each…"]);
    if (all !== undefined) {
      return conflicts.map(() => all);
    }
  }
  const answers: ConflictChoice[] = [];
  for (const conflict of conflicts) {
    const canReplace = conflict.existing.type !== "directory";
    const answer = await ask([conflict], place, [...(canReplace ? ["Replace"] : []), "Keep Both", "Skip"]);
    answers.push(answer ?? "skip");
  }
  return answers;
}

async function ask(
  conflicts: readonly Conflict[],
  place: string,
  buttons: readonly string[],
): Promise<ConflictChoice | undefined> {
  const { question, detail } = conflictWords(conflicts, place);
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons);
  if (answer === undefined) {
    throw new DOMException("The question was closed.", "AbortError");
  }
  return choices[answer];
}
