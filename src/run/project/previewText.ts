import { formatBytes, plural } from "../../base/text.js";
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
    `# Run of ${plan.remotePath}`,
    "",
    place,
    ...(notes.length > 0 ? ["", "## Warnings", "", ...notes] : []),
    ...step("Clean", plan.clean),
    ...step("Build", plan.build),
    ...step("Run", plan.exec),
    "",
    "## Files",
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
  const whole = `${plural(files.length, "file")}, ${formatBytes(all ?? 0)}`;
  return sent.length === files.length
    ? `${whole}; all of it is sent.`
    : sent.length === 0
      ? `${whole}; the session has it already.`
      : `${whole}; ${sent.length} of them ${sent.length === 1 ? "is" : "are"} sent, ${formatBytes(some ?? 0)}.`;
}

function lines(files: readonly ComparedFile[]): string[] {
  const listed = files.slice(0, linesLimit).map(({ file, state }) => ({
    state,
    size: formatBytes(file.size),
    path: printable(file.path),
  }));
  const width = Math.max(0, ...listed.map(({ size }) => size.length));
  const rows = listed.map(
    ({ state, size, path }) => `${state.padEnd("unchanged".length)}  ${size.padStart(width)}  ${path}`,
  );
  const rest = files.length - listed.length;
  return rest > 0 ? [...rows, `and ${rest.toLocaleString("en")} more`] : rows;
}

/** A name may hold a line break. */
function printable(path: string): string {
  return path.replaceAll(/\p{Cc}/gu, "\uFFFD");
}
