import * as vscode from "vscode";
import { DisposableStore, type Disposable } from "../../../base/lifecycle.js";
import { once } from "../../../base/once.js";
import type { LogDeps } from "./logDeps.js";
import { LogFileSystem } from "./logFileSystem.js";

/** Logs of sessions as documents, and their commands. What they need is loaded when the first log is opened. */
export function registerLogs(deps: LogDeps): Disposable {
  const owned = new DisposableStore();
  const didChangeFile = owned.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  const documents = once(async () => {
    const loaded = await import("./logDocuments.js");
    const opened = owned.add(new loaded.LogDocuments({ connection: deps.account.connection, didChangeFile }));
    owned.add(loaded.followActive(opened));
    return opened;
  });
  owned.add(deps.contributions.logFiles.provide(new LogFileSystem(documents, didChangeFile.event)));
  for (const name of ["showLog", "showTaskLog", "saveLog", "followLog", "pauseLog"] as const) {
    owned.add(
      deps.commands.register(`backendai.sessions.${name}`, async (signal, clicked) => {
        const { logCommands } = await import("./logCommands.js");
        await logCommands[name]({ ...deps, documents }, clicked, signal);
      }),
    );
  }
  return owned;
}
