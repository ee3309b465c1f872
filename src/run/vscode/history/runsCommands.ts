import * as l10n from "@vscode/l10n";
import { copyFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { targetLabel } from "../../../account/target.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import { ConfigurationError } from "../../../base/errors.js";
import { masked } from "../../../base/secrets/masked.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { labelText } from "../../../base/shownText.js";
import { askVariables } from "../../../platform/askVariables.js";
import type { CommandId } from "../../../platform/commandIds.js";
import type { Commands } from "../../../platform/commands.js";
import { withProgress } from "../../../platform/progress.js";
import { showSaveDialog } from "../../../platform/shown/dialogs.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import type { SessionFeed } from "../../../sessions/sessionFeed.js";
import type { SessionStore } from "../../../sessions/sessionStore.js";
import { phaseOf } from "../../../wire/status.js";
import type { BackgroundRuns } from "../../background/backgroundRuns.js";
import type { RunHistory } from "../../history/runHistory.js";
import type { RunRecord } from "../../history/runRecord.js";
import type { RunRow } from "../../history/runRows.js";
import type { FileRuns } from "../fileRuns.js";
import { documentFor } from "../runDocument.js";
import type { Runner } from "../runner.js";
import { followRow } from "./followRow.js";
import { outputUri } from "./outputDocuments.js";
import type { RunsView } from "./runsView.js";

/** What the commands on runs in the view work with. */
export interface RunsCommandDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly runner: Runner;
  readonly history: RunHistory;
  readonly background: BackgroundRuns;
  readonly runs: FileRuns;
  readonly view: RunsView;
}

/** Commands that ask for a run where they are called on none. */
const rowCommands: readonly CommandId[] = [
  "backendai.runs.open",
  "backendai.runs.follow",
  "backendai.runs.stop",
  "backendai.runs.again",
  "backendai.runs.saveOutput",
  "backendai.runs.compare",
  "backendai.runs.remove",
];

/** Commands on runs that are over, or go on by themselves. */
export function registerRunsCommands(deps: RunsCommandDeps): Disposable {
  const { commands, history, background, runs } = deps;
  const owned = new DisposableStore();
  commands.offerRows(rowCommands, {
    selected: () => (deps.view.view.visible ? deps.view.view.selection : []),
    below: async () => deps.view.all(),
    lookOf: ({ icon, ...row }) => ({ ...row, icon: icon.name, isFolded: false }),
  });
  const chosen = (row: unknown, all?: unknown): readonly RunRow[] => chosenRows(deps.view, row, all);
  owned.add(commands.register("backendai.runs.open", (signal, row) => open(deps, only(chosen(row)), signal)));
  owned.add(
    commands.register("backendai.runs.follow", (signal, row) => followRow(deps, only(chosen(row)), signal)),
  );
  owned.add(commands.register("backendai.runs.stop", (signal, row) => stop(deps, only(chosen(row)), signal)));
  owned.add(commands.register("backendai.runs.find", (signal) => find(deps, signal)));
  owned.add(commands.register("backendai.runs.again", (_, row) => again(only(chosen(row)))));
  owned.add(
    commands.register("backendai.runs.saveOutput", (_, row) =>
      saveOutput(history, recordOf(only(chosen(row)))),
    ),
  );
  owned.add(
    commands.register("backendai.runs.compare", async (_, row, all) => compare(history, chosen(row, all))),
  );
  owned.add(
    commands.register("backendai.runs.remove", async (signal, row, all) => {
      for (const { record, found } of chosen(row, all).filter(({ contextValue }) => !isGoing(contextValue))) {
        await (found && background.remove(found, signal));
        await (record && history.remove(record.id));
      }
    }),
  );
  owned.add(
    commands.register("backendai.run.fileInBackground", async (signal, uri) => {
      const info = await runs.runInBackground(await documentFor(uri), signal);
      if (info !== undefined) {
        background.watch();
        void offerFollow(info.subject.name, info.session.name);
      }
    }),
  );
  return owned;
}

/** Opens a run as it is by now: the row that was clicked may be from before its output was read. */
async function open(deps: RunsCommandDeps, clicked: RunRow, signal: AbortSignal): Promise<void> {
  const row = (await deps.view.all()).find(({ id }) => id === clicked.id) ?? clicked;
  const { record, contextValue } = row;
  if (contextValue === "run.active" && record !== undefined) {
    deps.runs.reveal(record.id);
  } else if (record === undefined || contextValue === "run.going" || isOnlyInSession(row, deps.account)) {
    await followRow(deps, row, signal);
  } else {
    await vscode.window.showTextDocument(outputUri(record), { preview: true });
  }
}

/** Whether nobody read the output to its end, and the session that has it may still be there. */
function isOnlyInSession({ record }: RunRow, { connection }: Account): boolean {
  return (
    record?.jobId !== undefined &&
    record.isOutputWhole === false &&
    record.outcome !== "lost" &&
    connection.state.phase === "connected" &&
    targetLabel(connection.state.target) === record.server
  );
}

async function stop({ runs, background }: RunsCommandDeps, row: RunRow, signal: AbortSignal): Promise<void> {
  if (row.contextValue === "run.active" && row.record !== undefined) {
    runs.stopRun(row.record.id);
  } else if (row.found !== undefined) {
    await background.stop(row.found, signal);
  }
}

/** Looks for runs of other windows and computers in every session that runs. */
async function find(
  { account, feed, store, background }: RunsCommandDeps,
  outer: AbortSignal,
): Promise<void> {
  await connectWithProgress(account, outer);
  await withProgress(
    l10n.t("Looking for runs in your sessions"),
    async (signal) => {
      await feed.refresh(signal);
      const running = store.snapshot.sessions.filter(({ status }) => phaseOf(status) === "running");
      await background.findIn(running, signal);
    },
    outer,
  );
}

async function again(row: RunRow): Promise<void> {
  const { uri: address, name, options, withheld = [] } = recordOf(row);
  if (Object.values(options ?? {}).some((text) => typeof text === "string" && text.includes(masked))) {
    throw new ConfigurationError(
      "options",
      l10n.t(
        "The command of this run had a secret in it, which was not kept. Run {0} with options instead.",
        name,
      ),
    );
  }
  const env = { ...options?.env, ...(withheld.length === 0 ? {} : await askVariables(withheld)) };
  const uri = vscode.Uri.parse(address, true);
  await vscode.commands.executeCommand("backendai.run.file", uri, { ...options, env });
}

async function saveOutput(history: RunHistory, record: RunRecord): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${record.name}.log`) }),
    title: l10n.t("Output of {0}", record.name),
  });
  if (target?.scheme === "file") {
    await copyFile(history.outputOf(record.id), target.fsPath);
  } else if (target !== undefined) {
    await vscode.workspace.fs.copy(vscode.Uri.file(history.outputOf(record.id)), target, { overwrite: true });
  }
}

/** Shows how the outputs of two runs differ; of one run, from that of the file's run before. */
async function compare(history: RunHistory, rows: readonly RunRow[]): Promise<void> {
  const [first, ...others] = rows.flatMap(({ record }) => record ?? []);
  if (first === undefined || others.length > 1) {
    throw new ConfigurationError("runs", l10n.t("Select two runs to compare, with Ctrl held."));
  }
  const second = others[0] ?? (await runBefore(history, first));
  if (second === undefined) {
    throw new ConfigurationError("runs", l10n.t("No earlier run of {0} is kept.", first.name));
  }
  const [before, after] = first.startedAt < second.startedAt ? [first, second] : [second, first];
  const title = l10n.t("{0} ↔ {1}: output", before.name, after.name);
  await vscode.commands.executeCommand("vscode.diff", outputUri(before), outputUri(after), labelText(title));
}

async function runBefore(history: RunHistory, run: RunRecord): Promise<RunRecord | undefined> {
  const earlier = (await history.list()).filter(
    ({ uri, startedAt }) => uri === run.uri && startedAt < run.startedAt,
  );
  return earlier.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
}

async function offerFollow(name: string, session: string): Promise<void> {
  const text = l10n.t("{0} runs in {1} by itself, also when this window is closed.", name, session);
  const showRuns = l10n.t("Show Runs");
  if ((await showInformationMessage(text, showRuns)) === showRuns) {
    await vscode.commands.executeCommand("backendai.runs.focus");
  }
}

function isGoing(contextValue: string): boolean {
  return contextValue === "run.active" || contextValue === "run.going";
}

/** The rows that a menu was opened on, else the selected ones. */
function chosenRows({ view }: RunsView, clicked: unknown, all: unknown): readonly RunRow[] {
  const rows: readonly unknown[] = Array.isArray(all)
    ? all
    : clicked === undefined
      ? view.selection
      : [clicked];
  return rows.filter(isRow);
}

function isRow(value: unknown): value is RunRow {
  return typeof value === "object" && value !== null && "contextValue" in value && "label" in value;
}

function only([row]: readonly RunRow[]): RunRow {
  if (row === undefined) {
    throw new ConfigurationError("runs", l10n.t("Select a run in the Runs view first."));
  }
  return row;
}

function recordOf({ record, label }: RunRow): RunRecord {
  if (record === undefined) {
    throw new ConfigurationError(
      "runs",
      l10n.t("{0} was started elsewhere; its output is in its session. Follow it to see it.", label),
    );
  }
  return record;
}
