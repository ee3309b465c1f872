import path from "node:path";
import * as vscode from "vscode";
import { serverIdOf } from "../../../account/target.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { showError } from "../../../platform/messages.js";
import { settings } from "../../../platform/settings.js";
import type { FilePartDeps } from "../filePart.js";
import { ChangeBatch, type PlaceChange } from "../../provider/changeBatch.js";
import { PreviousContents } from "../../provider/previousContents.js";
import { SessionFileSystem } from "../../provider/sessionFileSystem.js";
import { PollingWatcher } from "../../provider/watching/pollingWatcher.js";
import { OpenDocuments } from "./openDocuments.js";
import { offerWayOn } from "./refusals.js";
import { uriOf } from "./sessionUris.js";

/** What does the work of the file provider. */
export interface ProviderParts extends Disposable {
  readonly system: SessionFileSystem;
  readonly editors: OpenDocuments;
  readonly previous: PreviousContents;
  readonly watcher: PollingWatcher;
}

const types: Readonly<Record<PlaceChange["kind"], vscode.FileChangeType>> = {
  created: vscode.FileChangeType.Created,
  changed: vscode.FileChangeType.Changed,
  deleted: vscode.FileChangeType.Deleted,
};

/** @param tell Hears of changes. */
export function createProviderParts(
  deps: FilePartDeps,
  tell: (changes: vscode.FileChangeEvent[]) => void,
): ProviderParts {
  const owned = new DisposableStore();
  const { account, files, globalStorage, logger } = deps;
  const previous = new PreviousContents(path.join(globalStorage, "previous"));
  const editors = owned.add(new OpenDocuments());
  const system = owned.add(
    new SessionFileSystem({
      open: async (place, signal) => files.open(place, signal),
      editors,
      previous,
      limitBytes: () => settings.filesWholeLimitBytes(),
      logger,
    }),
  );
  const batch = owned.add(new ChangeBatch());
  owned.add(batch.onDidGather((changes) => tell(changes.map(eventOf))));
  owned.add(
    system.onDidChange(({ view: { server, session }, changes }) => {
      for (const { path: changed, kind } of changes) {
        batch.add({ place: { server, session, path: changed }, kind });
      }
    }),
  );
  const isAwake = (): boolean =>
    vscode.window.state.focused && settings.filesWatch() && account.connection.state.phase === "connected";
  const watcher = owned.add(new PollingWatcher({ views: system.views, isAwake }));
  owned.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) {
        watcher.wake();
      }
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("backendai.files.watch")) {
        watcher.wake();
      }
    }),
  );
  owned.add(
    account.connection.onDidChange(() => {
      system.views.forgetFailures();
      watcher.wake();
    }),
  );
  owned.add(editors.onDidSettle((place) => system.settle(place)));
  owned.add(shareChanges(deps, system, watcher));
  owned.add(
    system.onDidRefuse(({ place, error }) => {
      offerWayOn({ system }, place, error).catch(
        (failure: unknown) => showError(failure, "file of a session", logger), // for programs
      );
    }),
  );
  return { system, editors, previous, watcher, dispose: () => owned.dispose() };
}

/** What documents change shows in the rows of files, and what is done to those in documents. */
function shareChanges(
  { account, store, changes }: FilePartDeps,
  system: SessionFileSystem,
  watcher: PollingWatcher,
): Disposable {
  const owned = new DisposableStore();
  let isTelling = false;
  owned.add(
    system.onDidChange(({ view, changes: told }) => {
      const { sessions } = store.snapshot;
      const session = sessions.find(({ id, name }) => id === view.session || name === view.session);
      if (session !== undefined) {
        isTelling = true;
        for (const folder of new Set(told.map((change) => path.posix.dirname(change.path)))) {
          changes.tell(session.id, folder);
        }
        isTelling = false;
      }
    }),
  );
  owned.add(
    changes.onDidChange(({ sessionId, folder }) => {
      const server = serverIdOf(account.defaultTarget());
      for (const session of isTelling ? [] : [sessionId, store.find(sessionId)?.name ?? ""]) {
        system.views.known({ server, session, path: folder })?.cache.expire(folder);
      }
      if (!isTelling) {
        watcher.wake();
      }
    }),
  );
  return owned;
}

function eventOf({ place, kind }: PlaceChange): vscode.FileChangeEvent {
  return { type: types[kind], uri: uriOf(place) };
}
