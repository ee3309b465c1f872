import * as vscode from "vscode";
import { serverIdOf } from "../../account/target.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { settings } from "../../platform/settings.js";
import type { CompletionDeps } from "../index.js";
import type { Desk, DeskFor } from "../server/desk.js";
import { SessionSources } from "../sessionSources.js";
import { startClient } from "./completionClient.js";
import { showCompletionStatus } from "./completionStatus.js";
import { type DocumentPlacesParts, sessionOf } from "./documentPlaces.js";
import { folderCandidates } from "./folderCandidates.js";

/** What starting works with. */
export interface StartParts extends Omit<CompletionDeps, "commands"> {
  readonly parts: DocumentPlacesParts;
}

/** Starts the language server, its client, and the status beside the language of an editor. Disposing ends them. */
export async function startCompletion({
  parts,
  account,
  store,
  tunnels,
  logger,
}: StartParts): Promise<Disposable> {
  const { connection } = account;
  const owned = new DisposableStore();
  const sources = owned.add(new SessionSources({ connection, store, tunnels, logger }));
  const deskFor: DeskFor = ({ uri, languageId }): Desk | undefined => {
    const place = sessionOf(vscode.Uri.parse(uri), languageId, parts);
    const { state } = connection;
    if (place === undefined || state.phase !== "connected" || !settings.completionEnabled(languageId)) {
      return undefined;
    }
    const file = { server: serverIdOf(state.target), session: place.session.name };
    return {
      source: sources.of(place),
      folder: async (folder) => folderCandidates(file, folder),
    };
  };
  owned.add(
    showCompletionStatus({
      stateOf: ({ uri, languageId }) => {
        const place = sessionOf(uri, languageId, parts);
        return place && { session: place.session.name, state: sources.of(place).state(languageId) };
      },
      onDidChange: [sources.onDidChange, parts.interpreters.onDidChange, connection.onDidChange],
    }),
  );
  owned.add(await startClient(deskFor, logger));
  return owned;
}
