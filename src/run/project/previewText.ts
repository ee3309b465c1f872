import * as l10n from "@vscode/l10n";
import { formatBytes } from "../../base/text.js";
import type { RunPlan } from "../plan/runPlan.js";
import type { ComparedFile } from "./sentFiles.js";

/** Files that are listed one by one. */
const linesLimit = 500;

/** What a run would do. */
export interface RunPreview {
  /** Where it would run, as a sentence. */
  readonly place: string;
  readonly plan: Pick<RunPlan, "remotePath" | "clean" | "build" | "exec">;
  readonly files: readonly ComparedFile[];
  readonly warnings: readonly string[];
}

/** A preview as a text for people, in Markdown that reads well as it is. */
export function previewText({ place, plan, files, warnings }: RunPreview): string {
  const notes = warnings.map((warning) => `- ${warning}`);
  return [
    `# ${l10n.t("Run of {0}", plan.remotePath)}`,
    "",
    place,
    ...(notes.length > 0 ? ["", `## ${l10n.t("Warnings")}`, "", ...notes] : []),
    ...step(l10n.t("Clean"), plan.clean),
    ...step(l10n.t("Build"), plan.build),
    ...step(l10n.t("Run"), plan.exec),
    "",
    `## ${l10n.t("Files")}`,
    "",
    totals(files),
    "",
    "```text",
    ...lines(files),
    "```",
    "",
  ].join("\n");
}

function step(title: string, command: string | null): string[] {
  return command === null ? [] : ["", `## ${title}`, "", "```sh", command, "```"];
}

/** How many there are, and how much of it has to be sent. */
function totals(files: readonly ComparedFile[]): string {
  const sent = files.filter(({ state }) => state !== "unchanged");
  const [all, some] = [files, sent].map((group) => group.reduce((total, { file }) => total + file.size, 0));
  const [count, size] = [files.length, formatBytes(all ?? 0)];
  if (sent.length === count) {
    return count === 1
      ? l10n.t("1 file, {0}; all of it is sent.", size)
      : l10n.t("{0} files, {1}; all of it is sent.", count, size);
  }
  if (sent.length === 0) {
    return count === 1
      ? l10n.t("1 file, {0}; the session has it already.", size)
      : l10n.t("{0} files, {1}; the session has it already.", count, size);
  }
  const sentSize = formatBytes(some ?? 0);
  return sent.length === 1
    ? l10n.t("{0} files, {1}; 1 of them is sent, {2}.", count, size, sentSize)
    : l10n.t("{0} files, {1}; {2} of them are sent, {3}.", count, size, sent.length, sentSize);
}

function lines(files: readonly ComparedFile[]): string[] {
  const words: Readonly<Record<ComparedFile["state"], string>> = {
    new: l10n.t("new"),
    changed: l10n.t("changed"),
    unchanged: l10n.t("unchanged"),
  };
  const wordWidth = Math.max(...Object.values(words).map((word) => word.length));
  const listed = files.slice(0, linesLimit).map(({ file, state }) => ({
    state: words[state],
    size: formatBytes(file.size),
    path: printable(file.path),
  }));
  const width = Math.max(0, ...listed.map(({ size }) => size.length));
  const rows = listed.map(
    ({ state, size, path }) => `${state.padEnd(wordWidth)}  ${size.padStart(width)}  ${path}`,
  );
  const rest = files.length - listed.length;
  return rest > 0 ? [...rows, l10n.t("and {0} more", rest.toLocaleString("en"))] : rows;
}

/** A name may hold a line break. */
function printable(path: string): string {
  return path.replaceAll(/\p{Cc}/gu, "\uFFFD");
}
