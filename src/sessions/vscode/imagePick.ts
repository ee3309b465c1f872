import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionImage } from "../../api/index.js";
import { type PickItem, showQuickPick } from "../../platform/shown/quickPick.js";
import { runtimeOf } from "../imageChoice.js";
import { shortImage } from "../sessionTree.js";

/** An image to choose, or a heading between them. */
export interface ImageItem extends PickItem {
  readonly image?: SessionImage;
}

/** Asks for an image, grouped by language; `undefined` when the question was closed. */
export async function pickImage(
  images: readonly SessionImage[],
  placeHolder: string,
): Promise<SessionImage | undefined> {
  const items = imageItems(images, []);
  const choice = await showQuickPick(items, { placeHolder, matchOnDescription: true });
  return choice?.image;
}

/**
 * Images grouped by language, those used lately before all others.
 * @param recent Their references, the latest first.
 */
export function imageItems(images: readonly SessionImage[], recent: readonly string[]): ImageItem[] {
  const lately = recent.flatMap((reference) => images.filter((image) => image.reference === reference));
  const runtimes = [...new Set(images.map(runtimeOf))].sort();
  return [
    ...(lately.length === 0 ? [] : [heading(l10n.t("used lately")), ...lately.map(imageItem)]),
    ...runtimes.flatMap((runtime) => [
      heading(runtime || l10n.t("other")),
      ...images.filter((image) => runtimeOf(image) === runtime).map(imageItem),
    ]),
  ];
}

function heading(label: string): ImageItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function imageItem(image: SessionImage): ImageItem {
  const others = image.aliases.filter((alias) => !image.reference.includes(alias));
  const facts = [image.reference, ...others.map((alias) => l10n.t("also {0}", alias))];
  return { label: shortImage(image.reference), description: facts.join(" · "), image };
}
