import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { labelText } from "../../../base/shownText.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import type { FileAccessError } from "../../access/fileAccessError.js";
import type { FilePlace } from "../../filePlace.js";
import { keyOf } from "../../provider/sessionViews.js";
import { copyUri } from "./copyDocuments.js";
import { downloadFile } from "./downloadFile.js";
import type { ProviderParts } from "./providerParts.js";
import { uriOf } from "./sessionUris.js";

/** What is opened of a file that is too large, in bytes. */
const partBytes = 1_000_000;

/** Questions that are open, by file: a second one would say the same. */
const asked = new Set<string>();

/** What a person chose, to be done. */
type WayOn = (() => Promise<void>) | undefined;

/** Offers a way on where a file was not read or not saved. */
export async function offerWayOn(
  parts: Pick<ProviderParts, "system">,
  place: FilePlace,
  error: FileAccessError,
): Promise<void> {
  const key = `${error.failure} ${keyOf(place)}`;
  if (asked.has(key)) {
    return;
  }
  asked.add(key);
  let goOn: WayOn;
  try {
    goOn = await (error.failure === "changed"
      ? askToCompare(parts, place, error)
      : askForPart(parts, place, error));
  } finally {
    asked.delete(key);
  }
  await goOn?.(); // it takes its time, and the next refusal in the meantime is another one
}

async function askToCompare(
  { system }: Pick<ProviderParts, "system">,
  place: FilePlace,
  error: FileAccessError,
): Promise<WayOn> {
  const [compare, overwrite] = [l10n.t("Compare"), l10n.t("Overwrite")] as const;
  const choice = await showWarningMessage(error.message, compare, overwrite);
  if (choice === compare) {
    const name = posix.basename(place.path);
    const title = l10n.t("{0} (in session {1}) ↔ {0} (here)", name, place.session);
    const now = copyUri(place, { kind: "now" });
    return async () => vscode.commands.executeCommand("vscode.diff", now, uriOf(place), labelText(title));
  }
  if (choice === undefined) {
    return undefined;
  }
  return async () => {
    await system.agreeToOverwrite(place);
    const uri = uriOf(place).toString();
    const document = vscode.workspace.textDocuments.find((candidate) => candidate.uri.toString() === uri);
    await document?.save();
  };
}

async function askForPart(
  { system }: Pick<ProviderParts, "system">,
  place: FilePlace,
  error: FileAccessError,
): Promise<WayOn> {
  const [first, last, download] = [
    l10n.t("Open the First 1 MB"),
    l10n.t("Open the Last 1 MB"),
    l10n.t("Download…"),
  ] as const;
  const choice = await showWarningMessage(error.message, first, last, download);
  if (choice === download) {
    return async () => downloadFile(system, place);
  }
  if (choice === undefined) {
    return undefined;
  }
  const part = copyUri(place, { kind: choice === first ? "first" : "last", bytes: partBytes });
  return async () => {
    await vscode.window.showTextDocument(part, { preview: true });
  };
}
