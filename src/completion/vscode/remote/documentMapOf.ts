import { existsSync } from "node:fs";
import * as vscode from "vscode";
import type { FormerNames } from "../../../sessions/lifecycle/formerNames.js";
import type { ConversationStart } from "../../remote/lifecycle/remoteServers.js";
import { DocumentMap } from "../../remote/uris/documentMap.js";

/** The documents of this window, for a server that was started. */
export function documentMapOf({
  start: { session, process },
  server,
  formerNames,
}: {
  readonly start: Pick<ConversationStart, "session" | "process">;
  /** As addresses of documents name it. */
  readonly server: string;
  readonly formerNames: Pick<FormerNames, "idOf">;
}): DocumentMap {
  return new DocumentMap({
    server,
    session: session.name,
    isSession: (name) => name === session.id || formerNames.idOf(name) === session.id,
    home: process.home,
    folders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    // VS Code's client wants an answer at once, which only folders of this computer have.
    exists: (uri) => uri.scheme === "file" && existsSync(vscode.Uri.from(uri).fsPath),
    isOnThisComputer: server === "local",
  });
}
