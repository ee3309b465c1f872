import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import type { Disposable } from "../../../base/lifecycle.js";
import { wordsFor } from "../../../platform/describeError.js";
import { createQuickPick, type PickItem, setPick } from "../../../platform/shown/quickPick.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import { uriPartsOf } from "../../filePlace.js";
import type { FilePartDeps } from "../filePart.js";
import { sessionPrograms } from "../../search/inside/sessionProgram.js";
import { type FileListing, FileNames, listFileNames } from "../../search/names/fileNames.js";
import { rankNames } from "../../search/names/fuzzyNames.js";
import { usualExcludes } from "../../search/query/searchQuery.js";
import { folderOf } from "./searchRun.js";

/** Rows on show; typing narrows them. */
const rowsOnShow = 200;

/** Finds files of a session by their names. */
export class GoToFile implements Disposable {
  readonly #deps: FilePartDeps;
  readonly #names = new FileNames();

  constructor(deps: FilePartDeps) {
    this.#deps = deps;
  }

  /** Asks for a file and opens it. */
  async open(clicked: unknown, signal: AbortSignal): Promise<void> {
    const picked = await runningSession(this.#deps, {
      clicked,
      placeHolder: l10n.t("Session to look in"),
      signal,
    });
    if (picked === undefined) {
      return;
    }
    const { client, session } = picked;
    const choice = { folder: folderOf(clicked), include: [], exclude: usualExcludes };
    const programs = sessionPrograms(this.#deps.tunnels, client, session);
    const path = await pickFile(l10n.t("Go to File in {0}", session.name), choice.folder, (closing, tell) =>
      this.#names.watch(
        `${session.id}:${choice.folder}`,
        (ending) => listFileNames(programs, choice, { signal: AbortSignal.any([ending, signal]) }),
        { signal: closing, tell },
      ),
    );
    const place = path === undefined ? undefined : this.#deps.files.placeIn(session, path);
    if (place !== undefined) {
      await vscode.commands.executeCommand("vscode.open", vscode.Uri.from(uriPartsOf(place)));
    }
  }

  dispose(): void {
    this.#names.dispose();
  }
}

async function pickFile(
  title: string,
  folder: string,
  watch: (closing: AbortSignal, tell: (listing: FileListing) => void) => void,
): Promise<string | undefined> {
  const box = createQuickPick<PickItem & { readonly path: string }>();
  const closing = new AbortController();
  let listing: FileListing = { names: [], state: "coming" };
  const show = (): void => {
    box.busy = listing.state === "coming";
    const items = rankNames(box.value, listing.names, rowsOnShow).map(({ path }) => ({
      label: posix.basename(path),
      description: posix.dirname(path) === "." ? "" : posix.dirname(path),
      iconPath: vscode.ThemeIcon.File,
      resourceUri: vscode.Uri.file(path),
      alwaysShow: true,
      path: posix.join(folder, path),
    }));
    const found = listing.names.length.toLocaleString("en");
    const count =
      listing.state === "limited" ? l10n.t("the first {0} files", found) : l10n.t("{0} files", found);
    const state = listing.state === "failed" ? `: ${wordsFor(listing.error)}` : ` · ${count}`;
    setPick(box, { items, title: title + state });
  };
  setPick(box, { title, placeholder: l10n.t("A part of the name, below {0}", folder) });
  try {
    return await new Promise((resolve) => {
      box.onDidChangeValue(show);
      box.onDidAccept(() => resolve(box.activeItems[0]?.path));
      box.onDidHide(() => resolve(undefined));
      box.show();
      watch(closing.signal, (next) => {
        listing = next;
        show();
      });
    });
  } finally {
    closing.abort();
    box.dispose();
  }
}
