import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { formatDuration } from "../../../base/text.js";
import { placeOf } from "../../../files/filePlace.js";
import { fileScheme } from "../../../platform/contributedIds.js";
import { showError } from "../../../platform/messages.js";
import { withStatusProgress } from "../../../platform/progress.js";
import { settings } from "../../../platform/settings.js";
import { showInformationMessage, showWarningMessage } from "../../../platform/shown/notifications.js";
import type { IdleDeadline, IdleKind } from "../../lifecycle/idle/idleDeadline.js";
import { IdleWatch, type IdleWarning } from "../../lifecycle/idle/idleWatch.js";
import { downloadFiles } from "./downloadFiles.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

const reasons: Readonly<Record<IdleKind, string>> = {
  idle: l10n.t("nobody uses it"),
  lifetime: l10n.t("it has lived as long as it may"),
  utilization: l10n.t("it uses too little of what it holds"),
  other: l10n.t("a rule of the server ends it"),
};

const keep = l10n.t("Keep Working");
const download = l10n.t("Download My Files");

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
      // for programs
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
  const text = [
    l10n.t("Session {0} will be ended by its server in {1}: {2}.", name, left, reasons[deadline.kind]),
    l10n.t("Its files outside virtual folders go with it."),
  ].join(" ");
  // Use is of no help against an end that comes in any case.
  const buttons = deadline.kind === "idle" ? [keep, download] : [download];
  const answer = await showWarningMessage(text, ...buttons);
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
  const kept = await withStatusProgress(l10n.t("Keeping session {0}", name), async () =>
    keepWorking(await account.client(signal), sessionId, deadline, { signal }),
  );
  if (kept.outcome === "same") {
    void showWarningMessage(
      l10n.t(
        "The server has not counted an empty query in {0} as use. Run something there, or download your files.",
        name,
      ),
    );
    return;
  }
  const until = kept.deadline && new Date(kept.deadline.at).toLocaleTimeString();
  logger.info(
    `session ${name} was kept by an empty query${until === undefined ? "" : ` until ${until} at least`}`,
  );
  void showInformationMessage(
    until === undefined
      ? l10n.t("Session {0} stays: an empty query was run in it, which its server counts as use.", name)
      : l10n.t(
          "Session {0} stays until {1} at least: an empty query was run in it, which its server counts as use.",
          name,
          until,
        ),
  );
}
