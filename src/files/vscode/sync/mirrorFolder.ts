import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { homeDirectory } from "../../../api/index.js";
import { askSteps } from "../../../platform/steps.js";
import { withProgress } from "../../../platform/progress.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { showOpenDialog } from "../../../platform/shown/dialogs.js";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import { isBranchItem } from "../../../sessions/sessionBranches.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import type { FilePartDeps } from "../filePart.js";
import { globsOf } from "../../search/query/fileFilter.js";
import { pathChoice } from "../../sync/fileChoice.js";
import { LocalSide } from "../../sync/localSide.js";
import { applyMirror, planMirror } from "../../sync/mirror.js";
import { MirrorMemory } from "../../sync/mirrorMemory.js";
import type { PlanOptions } from "../../sync/mirrorPlan.js";
import { SessionSide } from "../../sync/sessionSide.js";
import { applySteps, pickSteps } from "./stepsPick.js";

/** How a folder is mirrored. */
interface MirrorWay extends PlanOptions {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Asks which folders and which way, shows what would be done, and does it. */
export async function mirrorFolder(deps: FilePartDeps, clicked: unknown, signal: AbortSignal): Promise<void> {
  const picked = await runningSession(deps, {
    clicked,
    placeHolder: l10n.t("Session to mirror with"),
    signal,
  });
  const local = picked && (await pickLocal());
  const remote = local && (await pickRemote(clicked));
  if (picked === undefined || local === undefined || remote === undefined) {
    return;
  }
  const way = await askWay();
  const { client, session } = picked;
  const server = deps.files.placeIn(session, remote)?.server ?? "";
  const name = { server, sessionId: session.id, local: local.fsPath, remote };
  const memory = new MirrorMemory(deps.globalStorage);
  const base = await memory.load(name);
  const sides = {
    local: new LocalSide(local.fsPath),
    remote: new SessionSide(await deps.files.accessOf(client, session.id), remote, session.name),
    choice: await pathChoice(local.fsPath, { ...way, usesGitignore: true }),
  };
  const title = l10n.t("Mirror with {0}", session.name);
  const plan = await withProgress(
    l10n.t("{0}: comparing", title),
    (either) => planMirror(sides, base, { ...way, signal: either }),
    signal,
  );
  if (plan.steps.length === 0) {
    void showInformationMessage(l10n.t("{0}: both sides are the same.", title));
  }
  const steps = plan.steps.length === 0 ? [] : await pickSteps(title, plan.steps);
  if (steps !== undefined) {
    const outcome =
      steps.length === 0
        ? await applyMirror(sides, plan, { steps, base, signal })
        : await applySteps(title, sides, { plan, steps, base, signal });
    await memory.save(name, outcome.base);
    for (const folder of new Set(steps.map(({ path }) => posix.dirname(posix.join(remote, path))))) {
      deps.changes.tell(session.id, folder);
    }
  }
}

async function pickLocal(): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const other = { label: l10n.t("Other folder…"), description: "", uri: undefined };
  const items = [...folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, uri })), other];
  const picked = await showQuickPick(items, { placeHolder: l10n.t("Folder of this computer") });
  if (picked === undefined || picked.uri !== undefined) {
    return picked?.uri;
  }
  const [chosen] =
    (await showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: l10n.t("Mirror"),
    })) ?? [];
  return chosen;
}

async function pickRemote(clicked: unknown): Promise<string | undefined> {
  const isRow = isBranchItem(clicked) && "path" in clicked.row && typeof clicked.row.path === "string";
  const value = isRow && typeof clicked.row.path === "string" ? clicked.row.path : homeDirectory;
  return showInputBox({
    title: l10n.t("Folder of the session"),
    value,
    validateInput: (text) =>
      text.startsWith("/") && text.length > 1 ? undefined : l10n.t("An absolute path of a folder"),
  });
}

const ways = [
  {
    icon: "arrow-swap",
    label: l10n.t("Both Ways"),
    detail: l10n.t("What changed on one side goes to the other; nothing that changed is overwritten"),
    direction: "both",
  },
  {
    icon: "arrow-up",
    label: l10n.t("To the Session"),
    detail: l10n.t("The session's folder follows this computer's"),
    direction: "up",
  },
  {
    icon: "arrow-down",
    label: l10n.t("From the Session"),
    detail: l10n.t("This computer's folder follows the session's"),
    direction: "down",
  },
] as const;

const deletions = [
  { label: l10n.t("Keep What Is Gone on the Other Side"), value: false },
  { label: l10n.t("Delete What Is Gone on the Other Side"), value: true },
];

/** @throws an `AbortError` when the person closes a question. */
async function askWay(): Promise<MirrorWay> {
  let direction: MirrorWay["direction"] = "both";
  let deletes = false;
  let include = "";
  let exclude = "";
  await askSteps(l10n.t("Mirror Folder"), [
    async (ask) => {
      direction = (await ask.pick({ placeHolder: l10n.t("Which way?"), items: ways })).direction;
    },
    async (ask) => {
      deletes = (await ask.pick({ placeHolder: l10n.t("Deleted files"), items: deletions })).value;
    },
    async (ask) => {
      const prompt = l10n.t(
        "Files to take, as globs with commas between them (src/**, *.py); all when empty",
      );
      include = await ask.text({ prompt, value: include });
    },
    async (ask) => {
      const prompt = l10n.t(
        "Files to leave out, beside those of .gitignore (*.bin, data/**); none when empty",
      );
      exclude = await ask.text({ prompt, value: exclude });
    },
  ]);
  return { direction, deletes, include: globsOf(include), exclude: globsOf(exclude) };
}
