import { messageOf } from "../../base/errors.js";
import { formatBytes, plural } from "../../base/text.js";
import type { Conflict } from "./transferPlan.js";
import type { TransferOutcome, TransferProgress } from "./transferRun.js";

/** Names that a question lists. */
const listedNames = 8;

/** Lines of failures and of what was skipped that details have. */
const detailLines = 1000;

/** How far it is, for a notification: `12 of 2,000 files, 3.1 MB of 40.2 MB`. */
export function progressWords({ files, allFiles, bytes, allBytes }: TransferProgress): string {
  const count = allFiles === 1 ? "" : `${files.toLocaleString("en")} of ${counted(allFiles, "file")}, `;
  return `${count}${formatBytes(bytes)} of ${formatBytes(allBytes)}`;
}

/**
 * How it came out, in a sentence.
 * @param verb `Uploaded` or `Downloaded`.
 */
export function outcomeWords(verb: string, place: string, outcome: TransferOutcome): string {
  const { files, bytes, skipped, failures } = outcome;
  const done = files === 0 ? `${verb} nothing` : `${verb} ${counted(files, "file")} (${formatBytes(bytes)})`;
  const notes = [
    ...(failures.length > 0 ? [`${failures.length.toLocaleString("en")} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length.toLocaleString("en")} skipped`] : []),
  ];
  return `${done} ${place}${notes.length === 0 ? "" : `; ${notes.join(", ")}`}.`;
}

/** What failed and what was skipped, and why, a line each. */
export function outcomeDetails(title: string, { skipped, failures }: TransferOutcome): string {
  const lines = [
    ...(failures.length > 0 ? ["", `Failed (${failures.length}):`] : []),
    ...failures.slice(0, detailLines).map(({ name, error }) => `  ${name}: ${messageOf(error)}`),
    ...(failures.length > detailLines ? [`  … and ${failures.length - detailLines} more`] : []),
    ...(skipped.length > 0 ? ["", `Skipped (${skipped.length}):`] : []),
    ...skipped.slice(0, detailLines).map(({ name, why }) => `  ${name}: ${why}`),
    ...(skipped.length > detailLines ? [`  … and ${skipped.length - detailLines} more`] : []),
  ];
  return [title, ...lines, ""].join("\n");
}

/** The question about names that are taken. */
export function conflictWords(
  conflicts: readonly Conflict[],
  place: string,
): { readonly question: string; readonly detail: string } {
  const [first, ...others] = conflicts;
  if (first !== undefined && others.length === 0) {
    const { name, incoming, existing } = first;
    return {
      question: `${name} is ${place} already. Replace it?`,
      detail:
        existing.type === "directory"
          ? "It is a folder there, which a file can't replace."
          : `There: ${about(existing)}\nComes: ${about(incoming)}`,
    };
  }
  const names = conflicts.slice(0, listedNames).map(({ name }) => name);
  const more = conflicts.length - names.length;
  return {
    question: `${counted(conflicts.length, "file")} are ${place} already. Replace them?`,
    detail: [...names, ...(more > 0 ? [`… and ${more.toLocaleString("en")} more`] : [])].join("\n"),
  };
}

function about({ size, mtimeMs }: Conflict["incoming"]): string {
  return `${formatBytes(size)}, changed ${new Date(mtimeMs).toLocaleString()}`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? plural(1, noun) : `${count.toLocaleString("en")} ${noun}s`;
}
