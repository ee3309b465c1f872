import * as l10n from "@vscode/l10n";
import { formatBytes } from "../../../base/text.js";
import { wordsFor } from "../../../platform/describeError.js";
import { withProgress } from "../../../platform/progress.js";
import { showManyPick } from "../../../platform/shown/quickPick.js";
import { showInformationMessage, showWarningMessage } from "../../../platform/shown/notifications.js";
import {
  applyMirror,
  type MirrorOutcome,
  type MirrorPlan,
  type MirrorSides,
  type RememberedBase,
} from "../../sync/mirror.js";
import type { MirrorStep } from "../../sync/mirrorPlan.js";

const looks: Readonly<Record<MirrorStep["kind"], { readonly icon: string; readonly words: string }>> = {
  upload: { icon: "cloud-upload", words: l10n.t("to the session") },
  download: { icon: "cloud-download", words: l10n.t("from the session") },
  deleteLocal: { icon: "trash", words: l10n.t("delete on this computer") },
  deleteRemote: { icon: "trash", words: l10n.t("delete in the session") },
  conflict: { icon: "warning", words: l10n.t("changed on both sides: keep both") },
};

/** Steps that are shown one by one; the rest is one row. */
const shownSteps = 2000;

/** Shows what would be done; gives what the person leaves marked, or `undefined` when the list was closed. */
export async function pickSteps(
  title: string,
  steps: readonly MirrorStep[],
): Promise<readonly MirrorStep[] | undefined> {
  const items = steps.slice(0, shownSteps).map((step) => ({
    icon: looks[step.kind].icon,
    label: step.path,
    description: descriptionOf(step),
    picked: true,
    steps: [step],
  }));
  const rest = steps.slice(shownSteps);
  if (rest.length > 0) {
    items.push({
      icon: "ellipsis",
      label: moreFiles(rest.length),
      description: "",
      picked: true,
      steps: rest,
    });
  }
  const picked = await showManyPick(items, {
    title,
    placeHolder: l10n.t("Nothing is done yet. Leave marked what is to be done"),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked?.flatMap((item) => item.steps);
}

function moreFiles(count: number): string {
  return count === 1 ? l10n.t("1 more file") : l10n.t("{0} more files", count);
}

function descriptionOf({ kind, local, remote }: MirrorStep): string {
  const size = kind === "upload" ? local?.size : remote?.size;
  const isReplaced =
    (kind === "upload" && remote !== undefined) || (kind === "download" && local !== undefined);
  return [
    looks[kind].words,
    ...(isReplaced ? [l10n.t("replaces what is there")] : []),
    ...(size === undefined || kind.startsWith("delete") ? [] : [formatBytes(size)]),
  ].join(" · ");
}

/** Does the steps behind a notification, and tells what came of it. */
export async function applySteps(
  title: string,
  sides: Pick<MirrorSides, "local" | "remote">,
  {
    plan,
    steps,
    base,
    signal,
  }: {
    readonly plan: Pick<MirrorPlan, "same" | "paths" | "at">;
    readonly steps: readonly MirrorStep[];
    readonly base: RememberedBase;
    readonly signal: AbortSignal;
  },
): Promise<MirrorOutcome> {
  const outcome = await withProgress(
    title,
    (either, report) =>
      applyMirror(sides, plan, {
        steps,
        base,
        signal: either,
        onStep: ({ path }, number) => report(l10n.t("{0} of {1}: {2}", number, steps.length, path)),
      }),
    signal,
  );
  const [first] = outcome.failures;
  const left = steps.length - outcome.done - outcome.failures.length;
  const text = doneWords(outcome.done, left);
  if (first === undefined) {
    void showInformationMessage(`${title}: ${text}`);
  } else {
    const failed = failedWords(outcome.failures.length, wordsFor(first.error));
    void showWarningMessage(`${title}: ${text} ${failed}`);
  }
  return outcome;
}

function doneWords(done: number, left: number): string {
  if (left > 0) {
    return done === 1
      ? l10n.t("1 file done, {0} not, as it was cancelled.", left)
      : l10n.t("{0} files done, {1} not, as it was cancelled.", done, left);
  }
  return done === 1 ? l10n.t("1 file done.") : l10n.t("{0} files done.", done);
}

function failedWords(count: number, why: string): string {
  return count === 1 ? l10n.t("1 file failed: {0}", why) : l10n.t("{0} files failed: {1}", count, why);
}
