import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { BackendAIClient } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { Commands } from "../../../platform/commands.js";
import { withProgress } from "../../../platform/progress.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import { type Language, languageOf } from "../../plan/languages.js";
import type { NotebookPlace } from "./notebookSessions.js";
import type { Notebooks } from "./notebooks.js";

/** Gives a session a new interpreter. */
export type ResetSession = (client: BackendAIClient, sessionId: string, signal: AbortSignal) => Promise<void>;

/** Commands on the sessions of notebooks: restart, choose another. */
export function registerNotebookCommands(
  commands: Commands,
  notebooks: Notebooks,
  reset: ResetSession,
): Disposable[] {
  return [
    commands.register("backendai.notebook.restart", async (signal, clicked) => {
      const [place, ...others] = notebooks.sessions.placesOf(notebookOf(clicked));
      if (place === undefined) {
        throw new ConfigurationError(
          "notebook",
          l10n.t("No cell of this notebook has run yet: there is nothing to restart."),
        );
      }
      if (await confirmRestart([place, ...others])) {
        await restart([place, ...others], { notebooks, reset, signal });
      }
    }),
    commands.register("backendai.notebook.chooseSession", async (signal, clicked) => {
      const notebook = notebookOf(clicked);
      if (await notebooks.sessions.choose(notebook, languageOfNotebook(notebook), signal)) {
        await notebooks.stop(notebook);
      }
    }),
  ];
}

async function confirmRestart(places: readonly NotebookPlace[]): Promise<boolean> {
  const names = places.map(({ session }) => session.name).join(", ");
  const detail = l10n.t(
    "Its variables are lost, and whatever runs in it ends. The code and the outputs of the notebook stay.",
  );
  const question = l10n.t("Restart session {0}?", names);
  const yes = l10n.t("Restart");
  return (await showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

async function restart(
  places: readonly NotebookPlace[],
  { notebooks, reset, signal }: { notebooks: Notebooks; reset: ResetSession; signal: AbortSignal },
): Promise<void> {
  for (const { client, session } of places) {
    await withProgress(
      l10n.t("Restarting session {0}", session.name),
      async (restarting) => {
        await notebooks.stopIn(session.id);
        await reset(client, session.id, restarting);
        notebooks.restarted(session.id);
      },
      signal,
    );
  }
}

/** The notebook that a command means: the one whose toolbar was clicked, else the one in front. */
function notebookOf(clicked: unknown): vscode.NotebookDocument {
  const uri = clicked instanceof vscode.Uri ? clicked : uriOfToolbar(clicked);
  const notebook =
    uri === undefined
      ? vscode.window.activeNotebookEditor?.notebook
      : vscode.workspace.notebookDocuments.find((candidate) => candidate.uri.toString() === uri.toString());
  if (notebook === undefined) {
    throw new ConfigurationError("notebook", l10n.t("No notebook is open. Open one, then try again."));
  }
  return notebook;
}

/** What VS Code hands to commands of a notebook's toolbar. */
function uriOfToolbar(clicked: unknown): vscode.Uri | undefined {
  if (typeof clicked !== "object" || clicked === null || !("notebookEditor" in clicked)) {
    return undefined;
  }
  const { notebookEditor: editor } = clicked;
  const hasUri = typeof editor === "object" && editor !== null && "notebookUri" in editor;
  return hasUri && editor.notebookUri instanceof vscode.Uri ? editor.notebookUri : undefined;
}

/** The language that most notebooks have one of; Python for one without code. */
function languageOfNotebook(notebook: vscode.NotebookDocument): Language {
  const code = notebook.getCells().find(({ kind }) => kind === vscode.NotebookCellKind.Code);
  const python = languageOf("python");
  const language = languageOf(code?.document.languageId ?? "python") ?? python;
  if (language === undefined) {
    throw new ConfigurationError("language", l10n.t("Cells of this language can't be run."));
  }
  return language;
}
