import * as vscode from "vscode";
import { DisposableStore, type Disposable } from "../../../base/lifecycle.js";
import { once } from "../../../base/once.js";
import { contextKeys } from "../../../platform/commandIds.js";
import { logScheme } from "../../logs/logAddress.js";
import { type LogDeps, logUri } from "./logDeps.js";
import type { LogDocuments } from "./logDocuments.js";
import { LogFileSystem } from "./logFileSystem.js";

/** Logs of sessions as documents, and their commands. What they need is loaded when the first log is opened. */
export function registerLogs(deps: LogDeps): Disposable {
  const owned = new DisposableStore();
  const didChangeFile = owned.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  const documents = once(async () => {
    const loaded = await import("./logDocuments.js");
    const opened = owned.add(new loaded.LogDocuments({ connection: deps.account.connection, didChangeFile }));
    owned.add(followActive(opened));
    return opened;
  });
  owned.add(
    vscode.workspace.registerFileSystemProvider(
      logScheme,
      new LogFileSystem(documents, didChangeFile.event),
      {
        isCaseSensitive: true,
        isReadonly: true,
      },
    ),
  );
  const load = async () => import("./logCommands.js");
  const { commands } = deps;
  for (const command of [
    commands.register("backendai.sessions.showLog", async (signal, clicked) =>
      (await load()).showLog(deps, clicked, signal),
    ),
    commands.register("backendai.sessions.showTaskLog", async (signal, clicked) =>
      (await load()).showTaskLog(deps, clicked, signal),
    ),
    commands.register("backendai.sessions.saveLog", async (signal, clicked) =>
      (await load()).saveLog(deps, await documents(), { clicked, signal }),
    ),
    commands.register("backendai.sessions.followLog", async (_, clicked) =>
      setFollowed(await documents(), clicked, true),
    ),
    commands.register("backendai.sessions.pauseLog", async (_, clicked) =>
      setFollowed(await documents(), clicked, false),
    ),
  ]) {
    owned.add(command);
  }
  return owned;
}

function setFollowed(documents: LogDocuments, clicked: unknown, isFollowed: boolean): void {
  const uri = logUri(clicked);
  if (uri !== undefined) {
    documents.setFollowed(uri, isFollowed);
  }
}

/** The buttons of the active editor tell whether its log is followed. */
function followActive(documents: LogDocuments): Disposable {
  const owned = new DisposableStore();
  let shown: string | undefined;
  const show = (): void => {
    const log = documents.find(vscode.window.activeTextEditor?.document.uri);
    const state = log === undefined ? "none" : log.isOver ? "over" : log.isFollowed ? "followed" : "paused";
    if (state !== shown) {
      shown = state;
      void vscode.commands.executeCommand("setContext", contextKeys.log, state);
    }
  };
  owned.add(vscode.window.onDidChangeActiveTextEditor(show));
  owned.add(documents.onDidChangeFollowing(show));
  show();
  return owned;
}
