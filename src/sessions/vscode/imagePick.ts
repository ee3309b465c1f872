import * as vscode from "vscode";
import type { SessionImage } from "../../api/index.js";
import { runtimeOf } from "../imageChoice.js";
import { shortImage } from "../sessionTree.js";

interface ImageItem extends vscode.QuickPickItem {
  readonly image?: SessionImage;
}

/** Asks for an image, grouped by language; `undefined` when the question was closed. */
export async function pickImage(
  images: readonly SessionImage[],
  placeHolder: string,
): Promise<SessionImage | undefined> {
  const runtimes = [...new Set(images.map(runtimeOf))].sort();
  const items = runtimes.flatMap((runtime): ImageItem[] => [
    { label: runtime || "other", kind: vscode.QuickPickItemKind.Separator },
    ...images.filter((image) => runtimeOf(image) === runtime).map(imageItem),
  ]);
  const choice = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return choice?.image;
}

function imageItem(image: SessionImage): ImageItem {
  return { label: shortImage(image.reference), description: image.reference, image };
}
