import * as l10n from "@vscode/l10n";
import { messageOf } from "../../base/errors.js";
import { formatBytes } from "../../base/text.js";
import type { Conflict } from "./transferPlan.js";
import type { TransferOutcome, TransferProgress } from "./transferRun.js";

/** Names that a question lists. */
const listedNames = 8;

/** Lines of failures and of what was skipped that details have. */
const detailLines = 1000;

/** How far it is, for a notification: `12 of 2,000 files, 3.1 MB of 40.2 MB`. */
export function progressWords({ files, allFiles, bytes, allBytes }: TransferProgress): string {
  const [done, all] = [formatBytes(bytes), formatBytes(allBytes)];
  return allFiles === 1
    ? l10n.t("{0} of {1}", done, all)
    : l10n.t("{0} of {1} files, {2} of {3}", shown(files), shown(allFiles), done, all);
}

/**
 * How it came out, in a sentence.
 * @param folder The one that was transferred to.
 * @param session Its name, when the folder is in it; `undefined` for one of this computer.
 */
export function outcomeWords(folder: string, session: string | undefined, outcome: TransferOutcome): string {
  const { skipped, failures } = outcome;
  const done = session === undefined ? downloaded(folder, outcome) : uploaded(folder, session, outcome);
  const notes = [
    ...(failures.length > 0 ? [l10n.t("{0} failed", shown(failures.length))] : []),
    ...(skipped.length > 0 ? [l10n.t("{0} skipped", shown(skipped.length))] : []),
  ];
  return `${done}${notes.length === 0 ? "" : `; ${notes.join(", ")}`}.`;
}

function uploaded(folder: string, session: string, { files, bytes }: TransferOutcome): string {
  const size = formatBytes(bytes);
  if (files === 0) {
    return l10n.t("Uploaded nothing to {0} of {1}", folder, session);
  }
  return files === 1
    ? l10n.t("Uploaded 1 file ({0}) to {1} of {2}", size, folder, session)
    : l10n.t("Uploaded {0} files ({1}) to {2} of {3}", shown(files), size, folder, session);
}

function downloaded(folder: string, { files, bytes }: TransferOutcome): string {
  const size = formatBytes(bytes);
  if (files === 0) {
    return l10n.t("Downloaded nothing to {0}", folder);
  }
  return files === 1
    ? l10n.t("Downloaded 1 file ({0}) to {1}", size, folder)
    : l10n.t("Downloaded {0} files ({1}) to {2}", shown(files), size, folder);
}

/** What failed and what was skipped, and why, a line each. */
export function outcomeDetails(title: string, { skipped, failures }: TransferOutcome): string {
  const lines = [
    ...(failures.length > 0 ? ["", l10n.t("Failed ({0}):", failures.length)] : []),
    ...failures.slice(0, detailLines).map(({ name, error }) => `  ${name}: ${messageOf(error)}`),
    ...(failures.length > detailLines
      ? [`  ${l10n.t("… and {0} more", failures.length - detailLines)}`]
      : []),
    ...(skipped.length > 0 ? ["", l10n.t("Skipped ({0}):", skipped.length)] : []),
    ...skipped.slice(0, detailLines).map(({ name, why }) => `  ${name}: ${why}`),
    ...(skipped.length > detailLines ? [`  ${l10n.t("… and {0} more", skipped.length - detailLines)}`] : []),
  ];
  return [title, ...lines, ""].join("\n");
}

/** The question about names that are taken in a folder. */
export function conflictWords(
  conflicts: readonly Conflict[],
  folder: string,
): { readonly question: string; readonly detail: string } {
  const [first, ...others] = conflicts;
  if (first !== undefined && others.length === 0) {
    const { name, incoming, existing } = first;
    return {
      question: l10n.t("{0} is in {1} already. Replace it?", name, folder),
      detail:
        existing.type === "directory"
          ? l10n.t("It is a folder there, which a file can't replace.")
          : [
              l10n.t("There: {0}, changed {1}", formatBytes(existing.size), timeOf(existing)),
              l10n.t("Comes: {0}, changed {1}", formatBytes(incoming.size), timeOf(incoming)),
            ].join("\n"),
    };
  }
  const names = conflicts.slice(0, listedNames).map(({ name }) => name);
  const more = conflicts.length - names.length;
  return {
    question: l10n.t("{0} files are in {1} already. Replace them?", shown(conflicts.length), folder),
    detail: [...names, ...(more > 0 ? [l10n.t("… and {0} more", shown(more))] : [])].join("\n"),
  };
}

function timeOf({ mtimeMs }: Conflict["incoming"]): string {
  return new Date(mtimeMs).toLocaleString();
}

function shown(count: number): string {
  return count.toLocaleString("en");
}
