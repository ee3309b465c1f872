import * as l10n from "@vscode/l10n";
import type { OutgoingFile } from "../../files/upload/outgoingFile.js";
import { inLanes } from "../../files/upload/lanes.js";
import type { FoundFiles, Selection } from "./select/findFiles.js";
import type { ProjectFolder } from "./select/projectFolder.js";
import { checkProjectSize } from "./select/projectLimits.js";

/** Files that are asked for their size at once. */
const lanes = 16;

/** Names that one warning gives. */
const namesInWarning = 3;

/** A file that travels with a run. */
export interface ProjectFile extends OutgoingFile {
  /** When it was changed, in milliseconds since the epoch; `undefined` for one that is only in an editor. */
  readonly mtimeMs: number | undefined;
}

/** What travels with a run. */
export interface ProjectFiles {
  /** The file to run first. */
  readonly files: readonly ProjectFile[];
  /** Sentences for the person: what travels, or does not, though one might expect otherwise. */
  readonly warnings: readonly string[];
}

/** What decides which files travel. */
export interface ProjectRequest {
  /** The file to run, as it is to run. */
  readonly main: OutgoingFile;
  /** The workspace folder that it lies in; without one nothing but the file travels. */
  readonly folder: ProjectFolder | undefined;
  readonly selection: Selection;
  readonly signal: AbortSignal;
}

/**
 * The files that travel with a run: the file itself in any case, and what the settings include.
 * @throws {ConfigurationError} when there are too many, with what is largest.
 */
export async function projectFiles({
  main,
  folder,
  selection,
  signal,
}: ProjectRequest): Promise<ProjectFiles> {
  const alone: ProjectFile = { ...main, read: () => main.read(), mtimeMs: undefined };
  if (folder === undefined || selection.include.length === 0) {
    return { files: [alone], warnings: [] };
  }
  const { excludedBy, findFiles } = await import("./select/findFiles.js");
  const found = await findFiles(folder, selection, signal);
  const others = await describe(
    folder,
    found.paths.filter((path) => path !== main.path),
    signal,
  );
  const files = [alone, ...others.files];
  checkProjectSize(files);
  const reason = found.paths.includes(main.path) ? undefined : await excludedBy(folder, main.path, selection);
  return { files, warnings: warningsOf(main.path, reason, { ...found, gone: others.gone }) };
}

async function describe(
  folder: ProjectFolder,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly files: ProjectFile[]; readonly gone: readonly string[] }> {
  const described = new Map<string, ProjectFile>();
  await inLanes(paths, lanes, async (path) => {
    signal.throwIfAborted();
    const stats = await folder.stat(path).catch(() => undefined);
    if (stats !== undefined) {
      described.set(path, { path, ...stats, read: () => folder.read(path) });
    }
  });
  const files = paths.flatMap((path) => described.get(path) ?? []);
  return { files, gone: paths.filter((path) => !described.has(path)) };
}

function warningsOf(
  main: string,
  reason: "exclude" | "gitignore" | undefined,
  { links, unreadable, gone }: FoundFiles & { readonly gone: readonly string[] },
): string[] {
  const warnings: string[] = [];
  if (reason !== undefined) {
    const what = reason === "exclude" ? "“backendai.run.exclude”" : ".gitignore";
    warnings.push(l10n.t("{0} travels because it is run, although {1} leaves it out.", main, what));
  }
  if (links.length > 0) {
    warnings.push(
      sentenceOf(links, {
        all: (names) => l10n.t("Links don't travel: {0}.", names),
        some: (names, rest) => l10n.t("Links don't travel: {0} and {1} more.", names, rest),
      }),
    );
  }
  const lost = [...unreadable, ...gone];
  if (lost.length > 0) {
    warnings.push(
      sentenceOf(lost, {
        all: (names) => l10n.t("Could not be read, so it stays here: {0}.", names),
        some: (names, rest) => l10n.t("Could not be read, so it stays here: {0} and {1} more.", names, rest),
      }),
    );
  }
  return warnings;
}

function sentenceOf(
  names: readonly string[],
  words: {
    readonly all: (names: string) => string;
    readonly some: (names: string, rest: number) => string;
  },
): string {
  const rest = names.length - namesInWarning;
  const listed = names.slice(0, namesInWarning).join(", ");
  return rest > 0 ? words.some(listed, rest) : words.all(listed);
}
