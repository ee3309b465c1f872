import * as l10n from "@vscode/l10n";
import type { Account } from "../../../account/account.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import { ConfigurationError } from "../../../base/errors.js";
import type { SessionStarter } from "../../../sessions/sessionStarter.js";
import { pickImage } from "../../../sessions/vscode/imagePick.js";
import { startWithProgress } from "../../../sessions/vscode/startWithProgress.js";
import type { FolderRow } from "../../folders/folderRows.js";
import { pickMounts } from "./mountPick.js";

/** Starts a session with folders under `/home/work`; those of the rows are ticked at first. */
export async function startWithFolders(
  { account, starter }: { readonly account: Account; readonly starter: SessionStarter },
  rows: readonly FolderRow[],
  signal: AbortSignal,
): Promise<void> {
  const client = await connectWithProgress(account, signal);
  const [images, folders] = await Promise.all([
    client.images.list({ signal }),
    client.folders.list({ signal }),
  ]);
  if (images.length === 0) {
    throw new ConfigurationError(
      "images",
      l10n.t("This server offers no images. Ask its administrator to install one."),
    );
  }
  if (folders.length === 0) {
    throw new ConfigurationError(
      "folder",
      l10n.t("You have no folders on this server. Make one in the Folders view first."),
    );
  }
  const mounts = await pickMounts(
    folders,
    rows.map(({ folder }) => folder.name),
  );
  const image = mounts && (await pickImage(images, l10n.t("Image of the new session")));
  if (mounts !== undefined && image !== undefined) {
    const names = mounts.map(({ name }) => name);
    await startWithProgress(starter, client, image, signal, { mounts: names });
  }
}
