import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { formatBytes } from "../../../base/text.js";
import { labelText } from "../../../base/shownText.js";
import { createQuickPick, type PickItem, setPick, showQuickPick } from "../../../platform/shown/quickPick.js";
import { type FilePlace, placeOf } from "../../filePlace.js";
import type { PreviousContent } from "../../provider/previousContents.js";
import { copyUri } from "./copyDocuments.js";
import type { ProviderParts } from "./providerParts.js";
import { uriOf } from "./sessionUris.js";

type Choice = PickItem & { readonly content: PreviousContent };

/**
 * Has the person choose one of the contents that a file had before it was saved here, and writes it; what it replaces is kept too.
 * @param clicked The document of a menu; else the one in front, else one of those of which something is kept.
 */
export async function restorePrevious(parts: ProviderParts, clicked: unknown): Promise<void> {
  const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
  const place = (uri && placeOf(uri)) ?? (await pickPlace(parts));
  if (place === undefined) {
    return;
  }
  const name = posix.basename(place.path);
  const contents = await parts.previous.list(place);
  if (contents.length === 0) {
    throw new ConfigurationError(
      "file",
      l10n.t("Nothing was replaced in {0} from here, so there is nothing to restore.", name),
    );
  }
  const chosen = await pickContent(place, contents);
  if (chosen === undefined) {
    return;
  }
  if (parts.editors.isDirty(place)) {
    throw new ConfigurationError(
      "file",
      l10n.t("{0} has changes that are not saved: save or revert them first.", name),
    );
  }
  const bytes = await parts.previous.read(place, chosen.id);
  await vscode.workspace.fs.writeFile(uriOf(place), bytes);
  await vscode.commands.executeCommand("vscode.open", uriOf(place));
}

async function pickPlace({ previous }: ProviderParts): Promise<FilePlace | undefined> {
  const places = await previous.places();
  if (places.length === 0) {
    throw new ConfigurationError("file", l10n.t("No file of a session was replaced from here."));
  }
  const items = places.map((place) => ({
    label: posix.basename(place.path),
    description: `${place.path} · ${place.session}`,
    place,
  }));
  return (
    await showQuickPick(items, {
      placeHolder: l10n.t("File to restore"),
      matchOnDescription: true,
    })
  )?.place;
}

/** A button beside each content compares it with what the session has. */
async function pickContent(
  place: FilePlace,
  contents: readonly PreviousContent[],
): Promise<PreviousContent | undefined> {
  const pick = createQuickPick<Choice>();
  const compare = { iconPath: new vscode.ThemeIcon("diff"), tooltip: l10n.t("Compare") };
  const name = posix.basename(place.path);
  setPick(pick, {
    title: l10n.t("Restore Previous Content of {0}", name),
    placeholder: l10n.t("Content to write into the session; the content it has is kept"),
    items: contents.map((content) => ({
      label: l10n.t("Replaced {0}", content.at.toLocaleString()),
      description: formatBytes(content.size),
      buttons: [compare],
      content,
    })),
  });
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.content));
      pick.onDidHide(() => resolve(undefined));
      pick.onDidTriggerItemButton(({ item: { content } }) => {
        const before = copyUri(place, { kind: "previous", id: content.id });
        const title = l10n.t("{0} (before {1}) ↔ {0}", name, content.at.toLocaleString());
        void vscode.commands.executeCommand("vscode.diff", before, uriOf(place), labelText(title));
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
