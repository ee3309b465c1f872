import * as l10n from "@vscode/l10n";
import { ConfigurationError } from "../../../base/errors.js";
import { formatBytes } from "../../../base/text.js";

/** Most files that travel with a run. */
export const projectFilesLimit = 2000;

/** Most bytes that travel with a run. */
export const projectBytesLimit = 256 * 1000 * 1000;

/** How many of the largest are named. */
const offenders = 3;

interface Sized {
  readonly path: string;
  readonly size: number;
}

/**
 * Looks whether files are few and small enough to travel with every run.
 * @throws {ConfigurationError} that names what is largest, and the settings.
 */
export function checkProjectSize(files: readonly Sized[]): void {
  const bytes = files.reduce((total, { size }) => total + size, 0);
  const isTooMany = files.length > projectFilesLimit;
  if (!isTooMany && bytes <= projectBytesLimit) {
    return;
  }
  const groups = [...groupsOf(files)].sort(([, one], [, other]) =>
    isTooMany ? other.count - one.count : other.bytes - one.bytes,
  );
  const largest = groups
    .slice(0, offenders)
    .map(([name, group]) => `${name} (${counted(group.count)}, ${formatBytes(group.bytes)})`);
  throw new ConfigurationError(
    "backendai.run.include",
    [
      l10n.t(
        "{0} with {1} would travel with this run; at most {2} with {3} do.",
        counted(files.length),
        formatBytes(bytes),
        counted(projectFilesLimit),
        formatBytes(projectBytesLimit),
      ),
      l10n.t("Most is in {0}.", largest.join(", ")),
      l10n.t("Narrow “backendai.run.include”, or add to “backendai.run.exclude”."),
    ].join(" "),
  );
}

/** By what is at the top: a folder, or a file. */
function groupsOf(files: readonly Sized[]): Map<string, { count: number; bytes: number }> {
  const groups = new Map<string, { count: number; bytes: number }>();
  for (const { path, size } of files) {
    const [top = "", ...rest] = path.split("/");
    const name = rest.length > 0 ? `${top}/` : top;
    const group = groups.get(name) ?? { count: 0, bytes: 0 };
    group.count += 1;
    group.bytes += size;
    groups.set(name, group);
  }
  return groups;
}

function counted(count: number): string {
  return count === 1 ? l10n.t("1 file") : l10n.t("{0} files", count.toLocaleString("en"));
}
