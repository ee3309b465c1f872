import * as l10n from "@vscode/l10n";
import os from "node:os";
import * as vscode from "vscode";
import { isAbort } from "../../base/abort.js";
import { formatBytes } from "../../base/text.js";
import { showError } from "../../platform/messages.js";
import { withProgress } from "../../platform/progress.js";
import { showQuickPick } from "../../platform/shown/quickPick.js";
import { showSaveDialog } from "../../platform/shown/dialogs.js";
import { showInformationMessage } from "../../platform/shown/notifications.js";
import { bundleFiles } from "../bundleFiles.js";
import type { SupportDeps } from "../index.js";
import { packedBundle } from "../packedBundle.js";
import { hostsOf } from "../serverFacts.js";
import { gatherParts } from "./gatherParts.js";

/** What a caller who asks nobody says: a test, a keyboard shortcut. */
interface Given {
  readonly target: vscode.Uri;
  readonly hidesServers: boolean;
}

/**
 * Writes a support bundle where the person wants it, and shows it to them: nothing is sent anywhere.
 * @param given Answers that are then not asked for: `{ target, hidesServers }`.
 * @returns Where it is; `undefined` when a question was closed.
 */
export async function exportBundle(
  deps: SupportDeps,
  given: unknown,
  signal: AbortSignal,
): Promise<vscode.Uri | undefined> {
  const answers = isGiven(given) ? given : await ask();
  if (answers === undefined) {
    return undefined;
  }
  const size = await withProgress(
    l10n.t("Making a support bundle"),
    (running) => write(deps, answers, running),
    signal,
  );
  deps.logger.info("a support bundle was made");
  if (!isGiven(given)) {
    void show(answers.target, size).catch((error: unknown) => {
      if (!isAbort(error)) {
        void showError(error, "support bundle", deps.logger); // for programs
      }
    });
  }
  return answers.target;
}

async function ask(): Promise<Given | undefined> {
  const keep = {
    icon: "globe",
    label: l10n.t("With the Addresses of Servers"),
    detail: l10n.t("Helps to understand certificates, proxies and names."),
    hidesServers: false,
  };
  const hide = {
    icon: "eye-closed",
    label: l10n.t("Without the Addresses of Servers"),
    detail: l10n.t("For an open place, such as an issue on the web."),
    hidesServers: true,
  };
  const chosen = await showQuickPick([hide, keep], {
    title: l10n.t("Export Support Bundle"),
    placeHolder: l10n.t(
      "Versions, settings, counts, errors and the log, without secrets. It is saved here and sent nowhere.",
    ),
  });
  if (chosen === undefined) {
    return undefined;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(os.homedir());
  const target = await showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `backendai-support-${dayAndTime(new Date())}.zip`),
    filters: { [l10n.t("ZIP Archive")]: ["zip"] },
    title: l10n.t("Save Support Bundle"),
  });
  return target && { target, hidesServers: chosen.hidesServers };
}

async function write(
  deps: SupportDeps,
  { target, hidesServers }: Given,
  signal: AbortSignal,
): Promise<number> {
  const { connection, profiles } = deps.account;
  const parts = await gatherParts(deps);
  signal.throwIfAborted();
  const person = {
    homes: [os.homedir(), process.env["HOME"] ?? "", process.env["USERPROFILE"] ?? ""],
    userName: userName(),
    hosts: hidesServers ? hostsOf(connection.state, profiles.profiles) : [],
  };
  const archive = packedBundle(bundleFiles(parts, person), parts.madeAt);
  signal.throwIfAborted();
  await vscode.workspace.fs.writeFile(target, archive);
  return archive.length;
}

/** Where it is, and ways to look into it before anybody else does. */
async function show(target: vscode.Uri, size: number): Promise<void> {
  const name = target.path.split("/").at(-1) ?? "";
  const isHere = target.scheme === "file" && vscode.env.uiKind === vscode.UIKind.Desktop;
  const question = l10n.t(
    "{0} ({1}) is saved. Look through it before you share it: secrets are masked, names of sessions and files may be in it.",
    name,
    formatBytes(size),
  );
  const [open, reveal, showInExplorer] = [
    l10n.t("Open"),
    l10n.t("Reveal in File Manager"),
    l10n.t("Show in Explorer"),
  ] as const;
  const buttons = isHere ? [open, reveal] : [showInExplorer];
  const chosen = await showInformationMessage(question, ...buttons);
  if (chosen === open) {
    await vscode.env.openExternal(target);
  } else if (chosen === reveal) {
    await vscode.commands.executeCommand("revealFileInOS", target);
  } else if (chosen === showInExplorer) {
    await vscode.commands.executeCommand("revealInExplorer", target);
  }
}

/** Of a person without an entry in the system's list there is none. */
function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return "";
  }
}

function dayAndTime(at: Date): string {
  return at.toISOString().slice(0, 16).replaceAll(":", "").replace("T", "-");
}

function isGiven(given: unknown): given is Given {
  return (
    typeof given === "object" &&
    given !== null &&
    "target" in given &&
    given.target instanceof vscode.Uri &&
    "hidesServers" in given
  );
}
