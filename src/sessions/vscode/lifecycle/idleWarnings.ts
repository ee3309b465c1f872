import * as vscode from "vscode";
import { messageText } from "../../../base/shownText.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { formatDuration } from "../../../base/text.js";
import { fileScheme, placeOf } from "../../../files/filePlace.js";
import { showError } from "../../../platform/messages.js";
import { settings } from "../../../platform/settings.js";
import type { IdleDeadline, IdleKind } from "../../lifecycle/idle/idleDeadline.js";
import { IdleWatch, type IdleWarning } from "../../lifecycle/idle/idleWatch.js";
import { downloadFiles } from "./downloadFiles.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

const reasons: Readonly<Record<IdleKind, string>> = {
  idle: "nobody uses it",
  lifetime: "it has lived as long as it may",
  utilization: "it uses too little of what it holds",
  other: "a rule of the server ends it",
};

const keep = "Keep Working";
const download = "Download My Files";

/** Warns of sessions that their server is about to end. */
export function showIdleWarnings(deps: LifecycleDeps): Disposable {
  const owned = new DisposableStore();
  const watch = owned.add(
    new IdleWatch({
      connection: deps.account.connection,
      usedSessions: () => new Set([...deps.connectedSessions(), ...openPlaces()]),
      nameOf: (id) => deps.store.find(id)?.name,
      warningMs: () => settings.idleWarningMinutes() * 60_000,
      logger: deps.logger,
    }),
  );
  owned.add(
    watch.onDidWarn((warning) => {
      warn(deps, warning).catch((error: unknown) => void showError(error, "idle warning", deps.logger));
    }),
  );
  owned.add(deps.view.onDidChangeVisibility(({ visible }) => watch.setShown(visible)));
  watch.setShown(deps.view.visible);
  return owned;
}

/** Names or ids of sessions whose files are open here, as documents or as folders of the workspace. */
function openPlaces(): readonly string[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input));
  const uris = [
    ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    ...tabs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : [])),
  ];
  return uris.filter(({ scheme }) => scheme === fileScheme).flatMap((uri) => placeOf(uri)?.session ?? []);
}

async function warn(deps: LifecycleDeps, { sessionId, name, deadline }: IdleWarning): Promise<void> {
  const left = formatDuration(Math.max(0, deadline.at - Date.now())).replace(/ \d+ s$/, "");
  const text =
    `Session ${name} will be ended by its server in ${left}: ${reasons[deadline.kind]}. ` +
    "Its files outside virtual folders go with it.";
  // Use is of no help against an end that comes in any case.
  const buttons = deadline.kind === "idle" ? [keep, download] : [download];
  const answer = await vscode.window.showWarningMessage(messageText(text), ...buttons);
  if (answer === keep) {
    await keepUsing(deps, sessionId, name, deadline);
  } else if (answer === download) {
    await downloadFiles(deps, name);
  }
}

async function keepUsing(
  { account, logger }: LifecycleDeps,
  sessionId: string,
  name: string,
  deadline: IdleDeadline,
): Promise<void> {
  const { keepWorking } = await import("../../lifecycle/idle/keepWorking.js");
  const signal = AbortSignal.timeout(90_000);
  const kept = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Keeping session ${name}` },
    async () => keepWorking(await account.client(signal), sessionId, deadline, { signal }),
  );
  if (kept.outcome === "same") {
    void vscode.window.showWarningMessage(
      `The server has not counted an empty query in ${name} as use. Run something there, or download your files.`,
    );
    return;
  }
  const until =
    kept.deadline === undefined ? "" : ` until ${new Date(kept.deadline.at).toLocaleTimeString()} at least`;
  logger.info(`session ${name} was kept by an empty query${until}`);
  void vscode.window.showInformationMessage(
    `Session ${name} stays${until}: an empty query was run in it, which its server counts as use.`,
  );
}
