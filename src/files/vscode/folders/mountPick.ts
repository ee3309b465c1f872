import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Folder } from "../../../api/index.js";
import { type PickItem, showManyPick } from "../../../platform/shown/quickPick.js";
import { isWritable, permissionWords } from "../../folders/folderRows.js";

interface FolderItem extends PickItem {
  readonly folder: Folder;
}

/** Names that the server itself mounts, such as `.logs`. */
const automatic = /^\./;

/**
 * Asks which folders a session is to have under `/home/work`; `undefined` when the question was closed. No folder is an answer.
 * @param picked Names of those that are ticked at first.
 */
export async function pickMounts(
  folders: readonly Folder[],
  picked: readonly string[] = [],
): Promise<readonly Folder[] | undefined> {
  const items = folders
    .filter(({ name }) => !automatic.test(name))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((folder): FolderItem => ({
      label: folder.name,
      description: permissionWords(folder),
      ...(whoseWords(folder) === undefined ? {} : { detail: whoseWords(folder) ?? "" }),
      iconPath: new vscode.ThemeIcon(isWritable(folder) ? "folder-library" : "lock"),
      picked: picked.includes(folder.name),
      folder,
    }));
  const choice = await showManyPick(items, {
    title: l10n.t("Folders of the New Session"),
    placeHolder: l10n.t("Folders that it shall have under /home/work"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return choice?.map(({ folder }) => folder);
}

function whoseWords({ ownership, group, isOwner }: Folder): string | undefined {
  if (ownership === "group") {
    return group === undefined ? l10n.t("Of a project") : l10n.t("Of project {0}", group);
  }
  return isOwner ? undefined : l10n.t("Shared with you");
}
