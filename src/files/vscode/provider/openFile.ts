import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { homeDirectory } from "../../../api/index.js";
import { messageOf } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import {
  createQuickPick,
  type PickItem,
  setPick,
  type ShownQuickPick,
} from "../../../platform/shown/quickPick.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import type { FilePlace } from "../../filePlace.js";
import type { FilePartDeps } from "../filePart.js";
import type { ProviderParts } from "./providerParts.js";
import { openSessionFile } from "./openSessionFile.js";

/** Entries that are offered of a folder. */
const offerLimit = 1000;

const folderBit = 2;

type Choice = PickItem & { readonly path: string; readonly isFolder: boolean };

/** Has the person type a path, which the session's folders complete, and opens the file. */
export async function openFile(
  deps: FilePartDeps,
  parts: ProviderParts,
  { clicked, signal }: { readonly clicked: unknown; readonly signal: AbortSignal },
): Promise<void> {
  const placeHolder = l10n.t("Session whose file to open");
  const chosen = await runningSession(deps, { clicked, placeHolder, signal });
  const home = chosen && deps.files.placeIn(chosen.session, homeDirectory);
  if (home === undefined) {
    return;
  }
  const path = await pickPath(parts, home);
  if (path !== undefined) {
    await openSessionFile(deps.account, { session: home.session, path });
  }
}

async function pickPath(parts: ProviderParts, home: FilePlace): Promise<string | undefined> {
  const owned = new DisposableStore();
  const pick = owned.add(createQuickPick<Choice>());
  setPick(pick, {
    title: l10n.t("Open File of Session {0}", home.session),
    placeholder: l10n.t("Path, absolute or from the session's home"),
  });
  pick.value = `${homeDirectory}/`;
  owned.add(completePaths(pick, parts, home));
  try {
    return await new Promise((resolve) => {
      pick.onDidHide(() => resolve(undefined));
      pick.onDidAccept(() => {
        const [active] = pick.activeItems;
        if (active?.isFolder === true) {
          pick.value = `${active.path}/`;
        } else {
          resolve(active?.path ?? absolute(pick.value));
        }
      });
      pick.show();
    });
  } finally {
    owned.dispose();
  }
}

/** Offers what is in the folder of the path that is being typed. */
function completePaths(pick: ShownQuickPick<Choice>, { system }: ProviderParts, home: FilePlace): Disposable {
  let shown: string | undefined;
  const offer = async (folder: string): Promise<void> => {
    pick.busy = true;
    try {
      // Asked anew: a program may just have written what somebody comes to open.
      const entries = await system.list({ ...home, path: folder }, true);
      if (shown === folder) {
        const choices = entries
          .map(([name, type]) => choice(posix.join(folder, name), (type & folderBit) !== 0))
          .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.path < b.path ? -1 : 1));
        setPick(pick, { items: choices.slice(0, offerLimit) });
      }
    } catch (error) {
      if (shown === folder) {
        const description = messageOf(error);
        setPick(pick, {
          items: [{ label: "", description, path: folder, isFolder: false, alwaysShow: true }],
        });
      }
    } finally {
      pick.busy = false;
    }
  };
  const follow = (value: string): void => {
    const path = absolute(value);
    const folder = value.endsWith("/") ? path : posix.dirname(path);
    if (folder !== shown) {
      shown = folder;
      setPick(pick, { items: [] });
      void offer(folder);
    }
  };
  follow(pick.value);
  return pick.onDidChangeValue(follow);
}

function choice(path: string, isFolder: boolean): Choice {
  const iconPath = new vscode.ThemeIcon(isFolder ? "folder" : "file");
  return { label: path, iconPath, path, isFolder };
}

function absolute(value: string): string {
  return posix.resolve(homeDirectory, value.trim().replace(/^~\//, "./"));
}
