import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { showInformationMessage, showWarningMessage } from "../../../platform/shown/notifications.js";
import type { EndedRun } from "../../background/backgroundRuns.js";
import { provideOutputs } from "./outputDocuments.js";
import { registerRunsCommands, type RunsCommandDeps } from "./runsCommands.js";
import { RunsView } from "./runsView.js";

/** What the view of runs works with. */
export type RunsDeps = Omit<RunsCommandDeps, "view"> & { readonly logger: Logger };

/** The view of runs, its commands, and the word when a run in the background has ended. */
export function registerRuns(deps: RunsDeps): Disposable {
  const owned = new DisposableStore();
  const view = owned.add(new RunsView(deps));
  owned.add(provideOutputs(deps.history));
  owned.add(registerRunsCommands({ ...deps, view }));
  owned.add(deps.background.onDidEnd((ended) => void tellEnd(ended)));
  return owned;
}

async function tellEnd({ record, exitCode }: EndedRun): Promise<void> {
  const text =
    exitCode === undefined
      ? l10n.t("{0} is lost: its session ended before it did, or forgot it.", record.name)
      : l10n.t("{0} ended in {1} with exit code {2}.", record.name, record.session.name, exitCode);
  const showOutput = l10n.t("Show Output");
  const actions = exitCode === undefined ? [] : [showOutput];
  const show = exitCode === 0 ? showInformationMessage : showWarningMessage;
  if ((await show(text, ...actions)) === showOutput) {
    await vscode.commands.executeCommand("backendai.runs.follow", {
      label: record.name,
      contextValue: "run.past",
      record,
    });
  }
}
