import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { showOpenDialog, showSaveDialog } from "../../../platform/shown/dialogs.js";
import { setStatusBarMessage } from "../../../platform/shown/statusBar.js";
import { baseName, type ExportFile, exportFile, exportFiles, isFile } from "../../results/exportFiles.js";
import { exportPage } from "../../results/render/exportPage.js";
import type { ResultStore } from "../../results/resultStore.js";
import type { RunResults } from "../../results/runResults.js";

/** What saving works with. */
export interface SaveDeps {
  readonly store: ResultStore;
  /** Where the files are that an exported page takes in (`media/results`). */
  readonly mediaRoot: vscode.Uri;
}

/** Where results were saved. */
interface Saved {
  readonly what: string;
  readonly uri: vscode.Uri;
  readonly isFolder?: boolean;
}

/** Asks where to save one picture or piece of HTML, and saves it. */
export async function saveItem({ store }: SaveDeps, runId: number, itemId: number): Promise<void> {
  const run = store.find(runId);
  const item = store.findItem(runId, itemId);
  if (run === undefined || item === undefined || !isFile(item)) {
    throw new ConfigurationError(
      "results",
      l10n.t("This result is no longer kept. Run again to get it back."),
    );
  }
  const file = exportFile(run, item);
  const uri = await askFile(file.name);
  if (uri !== undefined) {
    await vscode.workspace.fs.writeFile(uri, file.content);
    tellSaved({ what: file.name, uri });
  }
}

/**
 * Asks which run, whether as a page or as files, and where; then saves.
 * @param runId The run; absent: the only one, or the one that is chosen.
 */
export async function saveRun(deps: SaveDeps, runId?: number): Promise<void> {
  const run = runId === undefined ? await pickRun(deps.store) : deps.store.find(runId);
  if (run === undefined) {
    return;
  }
  const page = {
    icon: "file-code",
    label: l10n.t("One Page…"),
    description: l10n.t("an HTML file with everything in it"),
  };
  const files = {
    icon: "folder",
    label: l10n.t("Files…"),
    description: l10n.t("pictures, HTML and text, each in its own"),
  };
  const choice = await showQuickPick([page, files], {
    placeHolder: l10n.t("Save the results of {0} as", run.title),
  });
  if (choice === page) {
    await savePage(deps, run);
  } else if (choice === files) {
    await saveFiles(run);
  }
}

async function savePage({ mediaRoot }: SaveDeps, run: RunResults): Promise<void> {
  const uri = await askFile(`${baseName(run)}-results.html`);
  if (uri === undefined) {
    return;
  }
  const [styles, script] = await Promise.all(
    ["results.css", "frames.js"].map(async (name) =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(mediaRoot, name))),
    ),
  );
  const page = exportPage([run], { styles: styles ?? "", script: script ?? "" });
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(page));
  tellSaved({ what: l10n.t("The results of {0}", run.title), uri });
}

async function saveFiles(run: RunResults): Promise<void> {
  const [parent] =
    (await showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: l10n.t("Save Here"),
      title: l10n.t("Folder for the results of {0}", run.title),
    })) ?? [];
  if (parent === undefined) {
    return;
  }
  const folder = await freeName(parent, `${baseName(run)}-results`);
  const files: readonly ExportFile[] = exportFiles(run);
  await vscode.workspace.fs.createDirectory(folder);
  for (const { name, content } of files) {
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), content);
  }
  tellSaved({ what: l10n.t("The results of {0}", run.title), uri: folder, isFolder: true });
}

/** Nothing that is there is written over: another name is found. */
async function freeName(parent: vscode.Uri, name: string): Promise<vscode.Uri> {
  const taken = new Set((await vscode.workspace.fs.readDirectory(parent)).map(([entry]) => entry));
  let free = name;
  for (let count = 2; taken.has(free); count++) {
    free = `${name}-${count}`;
  }
  return vscode.Uri.joinPath(parent, free);
}

async function askFile(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const extension = name.split(".").at(-1) ?? "";
  return showSaveDialog({
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [extension.toUpperCase()]: [extension] },
  });
}

async function pickRun(store: ResultStore): Promise<RunResults | undefined> {
  const { runs } = store;
  if (runs.length === 0) {
    throw new ConfigurationError(
      "results",
      l10n.t("There are no results to save. Run a file that shows a picture or a table first."),
    );
  }
  const items = runs.map((run) => ({
    label: run.title,
    description: `${run.where} · ${run.startedAt.toLocaleTimeString()}`,
    run,
  }));
  return items.length === 1
    ? runs[0]
    : (await showQuickPick(items, { placeHolder: l10n.t("Run to save the results of") }))?.run;
}

/** No command waits for what the person does with it. */
function tellSaved({ what, uri, isFolder = false }: Saved): void {
  const name = vscode.workspace.asRelativePath(uri);
  const place = `${name}${isFolder ? "/" : ""}`;
  setStatusBarMessage(l10n.t("{0} saved: {1}", what, place), 6000, "check");
}
