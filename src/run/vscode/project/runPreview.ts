import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { targetLabel } from "../../../account/target.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Commands } from "../../../platform/commands.js";
import { withProgress } from "../../../platform/progress.js";
import { planRun, type RunPlan } from "../../plan/runPlan.js";
import { previewText } from "../../project/previewText.js";
import type { ProjectFile, ProjectFiles } from "../../project/projectFiles.js";
import type { ProjectSender } from "../../project/projectSender.js";
import type { ComparedFile } from "../../project/sentFiles.js";
import type { SessionChoice } from "../../sessionChoice.js";
import { documentFor, planIn, remotePathOf } from "../runDocument.js";
import type { RunSessions } from "../runSession.js";
import { projectFilesFor } from "./projectFilesFor.js";

const scheme = "backendai-plan";

/** Texts that are kept for documents that are open. */
const textsLimit = 20;

/** What previews work with. */
export interface RunPreviewDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly sessions: RunSessions;
  /** The one that runs send with: it knows what sessions have. */
  readonly project: ProjectSender;
}

/** The command that tells what a run would do, and does nothing of it. */
export function registerRunPreview(deps: RunPreviewDeps): Disposable {
  const owned = new DisposableStore();
  const didChange = owned.add(new vscode.EventEmitter<vscode.Uri>());
  const texts = new Map<string, string>();
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: didChange.event,
      provideTextDocumentContent: (uri) =>
        texts.get(uri.path) ?? `${l10n.t("Preview the run again to see what it would do.")}\n`,
    }),
  );
  owned.add(
    deps.commands.register("backendai.run.preview", async (signal, uri) => {
      const document = await documentFor(uri);
      const path = `/${l10n.t("Run of {0}", remotePathOf(document))}.md`;
      texts.delete(path);
      texts.set(
        path,
        await withProgress(l10n.t("Looking what would run"), (s) => preview(document, deps, s), signal),
      );
      for (const [oldest] of [...texts].slice(0, -textsLimit)) {
        texts.delete(oldest);
      }
      const shown = vscode.Uri.from({ scheme, path });
      didChange.fire(shown);
      await vscode.window.showTextDocument(shown, { preview: true });
    }),
  );
  return owned;
}

async function preview(
  document: vscode.TextDocument,
  deps: RunPreviewDeps,
  signal: AbortSignal,
): Promise<string> {
  const { languageId } = document;
  const remotePath = remotePathOf(document);
  planRun(languageId, remotePath); // says at once what can't be run
  const { files, warnings } = await filesOf(document, signal);
  const plan = planIn(languageId, remotePath, { options: {}, paths: files.map((file) => file.path) });
  const { place, compared } = await placeOf(plan, files, { ...deps, signal });
  const unsaved =
    document.isDirty && !document.isUntitled ? [l10n.t("The file is saved before it runs.")] : [];
  return previewText({ place, plan, files: compared, warnings: [...warnings, ...unsaved] });
}

async function filesOf(document: vscode.TextDocument, signal: AbortSignal): Promise<ProjectFiles> {
  const content =
    document.isDirty || document.isUntitled
      ? new TextEncoder().encode(document.getText())
      : await vscode.workspace.fs.readFile(document.uri);
  const main = {
    path: remotePathOf(document),
    size: content.byteLength,
    read: () => Promise.resolve(content),
  };
  return projectFilesFor(document.uri, main, signal);
}

async function placeOf(
  { language }: RunPlan,
  files: readonly ProjectFile[],
  { account, sessions, project, signal }: RunPreviewDeps & { readonly signal: AbortSignal },
): Promise<{ readonly place: string; readonly compared: readonly ComparedFile[] }> {
  const compared = files.map((file): ComparedFile => ({ file, state: "new" }));
  const { state } = account.connection;
  if (state.phase !== "connected") {
    return {
      place: l10n.t("On {0}, which is not connected.", targetLabel(account.defaultTarget())),
      compared,
    };
  }
  const choice = await sessions.choiceFor(language, state.client, signal);
  return {
    place: wordsFor(choice, language.name, targetLabel(state.target)),
    compared:
      choice.kind === "use" ? await project.compare(state.client, choice.session.id, files) : compared,
  };
}

function wordsFor(choice: SessionChoice, language: string, server: string): string {
  switch (choice.kind) {
    case "use":
      return l10n.t("In session {0} on {1}.", choice.session.name, server);
    case "ask":
      return l10n.t(
        "In a session that you choose: {0} on {1}.",
        choice.candidates.map(({ name }) => name).join(", "),
        server,
      );
    case "start":
      return l10n.t("In a new session for {0} on {1}.", language, server);
  }
}
