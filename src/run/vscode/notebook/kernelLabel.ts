import * as l10n from "@vscode/l10n";
import type { NotebookPlace } from "./notebookSessions.js";

/** What the kernel is called, and what is said of it beside its name. */
export interface KernelLabel {
  readonly label: string;
  readonly description: string;
}

/** The words for a kernel whose notebooks run in `places`. VS Code shows them on every notebook, so one session is named, not many. */
export function kernelLabel(places: readonly NotebookPlace[]): KernelLabel {
  const ids = new Set(places.map(({ session }) => session.id));
  const [place] = places;
  if (place === undefined) {
    return { label: "Backend.AI", description: l10n.t("in a compute session") };
  }
  return ids.size === 1
    ? { label: `Backend.AI: ${place.session.name}`, description: l10n.t("on {0}", place.server) }
    : { label: "Backend.AI", description: l10n.t("in {0} sessions on {1}", ids.size, place.server) };
}
