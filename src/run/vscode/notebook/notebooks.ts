import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { BackendAIClient } from "../../../api/index.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { notebookType } from "../../../platform/contributedIds.js";
import { describeError, wordsFor } from "../../../platform/describeError.js";
import { showError } from "../../../platform/messages.js";
import { showErrorMessage } from "../../../platform/shown/notifications.js";
import { SessionGoneError } from "../../notebook/cellFailure.js";
import { ExecutionCounts } from "../../notebook/executionCounts.js";
import { NotebookKernel } from "../../notebook/notebookKernel.js";
import type { RunSessionDeps, RunSessions } from "../runSession.js";
import { askForLine } from "./askForLine.js";
import { kernelCell } from "./cellExecution.js";
import { kernelLabel } from "./kernelLabel.js";
import { offerRestart } from "./offerRestart.js";
import { NotebookSessions } from "./notebookSessions.js";

/** The languages whose sessions keep their variables from cell to cell. */
const languageIds = ["python", "r", "julia"];

/** Failures of a cell that a button helps with, which a cell can't have. */
const helpfulActions: readonly string[] = ["manageTrust", "chooseServer", "reconnect"];

/** The notebooks of a window: one kernel for VS Code, behind it one queue of cells for each notebook. */
export class Notebooks implements Disposable {
  readonly sessions: NotebookSessions;
  readonly #logger: Logger;
  readonly #controller: vscode.NotebookController;
  readonly #counts = new ExecutionCounts();
  readonly #kernels = new Map<vscode.NotebookDocument, NotebookKernel>();
  readonly #offering = new Set<Promise<void>>();
  readonly #owned = new DisposableStore();

  constructor(deps: RunSessionDeps, sessions: RunSessions, logger: Logger) {
    this.#logger = logger;
    this.sessions = new NotebookSessions(deps, sessions);
    this.#controller = this.#owned.add(this.#createController());
    this.#owned.add(this.sessions.onDidChange(() => this.#relabel()));
    this.#owned.add(vscode.workspace.onDidOpenNotebookDocument((notebook) => this.#prefer(notebook)));
    this.#owned.add(vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#close(notebook)));
    // A run whose connection just closes goes on without anybody, and blocks its session on real servers.
    this.#owned.add(deps.account.connection.beforeClose((client) => this.#leave(client)));
    this.#relabel();
  }

  /** Ends what runs in a session, also for other notebooks; its numbers begin anew with `restarted`. */
  async stopIn(sessionId: string): Promise<void> {
    const inThere = [...this.#kernels].filter(([notebook]) =>
      this.sessions.placesOf(notebook).some(({ session }) => session.id === sessionId),
    );
    await Promise.all(inThere.map(([, kernel]) => kernel.stop()));
  }

  /** Ends what runs in a notebook. */
  async stop(notebook: vscode.NotebookDocument): Promise<void> {
    await this.#kernels.get(notebook)?.stop();
  }

  /** The session has a new interpreter. */
  restarted(sessionId: string): void {
    this.#counts.restart(sessionId);
  }

  dispose(): void {
    for (const kernel of this.#kernels.values()) {
      kernel.dispose();
    }
    this.#kernels.clear();
    this.#owned.dispose();
  }

  #createController(): vscode.NotebookController {
    const controller = vscode.notebooks.createNotebookController("backendai", notebookType, "Backend.AI");
    controller.supportedLanguages = [...languageIds];
    controller.supportsExecutionOrder = true;
    controller.detail = l10n.t("Cells run in a session of a cluster, or of the local engine");
    controller.executeHandler = async (cells, notebook) => {
      const waiting = cells.map((cell) =>
        kernelCell(controller.createNotebookCellExecution(cell), this.#logger),
      );
      await this.#kernelOf(notebook).execute(waiting);
    };
    controller.interruptHandler = (notebook) => {
      const kernel = this.#kernels.get(notebook);
      kernel?.interrupt();
      if (kernel !== undefined) {
        this.#offer(kernel, notebook);
      }
    };
    return controller;
  }

  /** One offer for a cell, however often the person interrupts it meanwhile. */
  #offer(kernel: NotebookKernel, notebook: vscode.NotebookDocument): void {
    const cell = kernel.activeEnd;
    if (!this.#offering.has(cell)) {
      this.#offering.add(cell);
      void offerRestart(kernel, notebook).finally(() => this.#offering.delete(cell));
    }
  }

  #kernelOf(notebook: vscode.NotebookDocument): NotebookKernel {
    const existing = this.#kernels.get(notebook);
    if (existing !== undefined) {
      return existing;
    }
    const kernel = new NotebookKernel({
      placeFor: (language, signal) => this.sessions.placeFor(notebook, language, signal),
      counts: this.#counts,
      ask: askForLine,
      describe: wordsFor,
      onFailure: (error) => void this.#tell(error, notebook),
    });
    this.#kernels.set(notebook, kernel);
    return kernel;
  }

  /** Cells tell errors; a message only where a button helps. */
  async #tell(error: unknown, notebook: vscode.NotebookDocument): Promise<void> {
    if (error instanceof SessionGoneError) {
      this.sessions.forget(error.session.id);
      const choice = await showErrorMessage(error.message, l10n.t("Choose Session"));
      if (choice !== undefined) {
        await vscode.commands.executeCommand("backendai.notebook.chooseSession", notebook.uri);
      }
    } else if (describeError(error).actions.some((action) => helpfulActions.includes(action))) {
      await showError(error, "notebook", this.#logger);
    } else {
      this.#logger.error(`notebook: ${wordsFor(error)}`);
    }
  }

  /** The kernel of choice where no extension for notebooks offers others. */
  #prefer(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType === notebookType) {
      const hasJupyter = vscode.extensions.getExtension("ms-toolsai.jupyter") !== undefined;
      const { Default, Preferred } = vscode.NotebookControllerAffinity;
      const affinity = !hasJupyter && isOurs(notebook) ? Preferred : Default;
      this.#controller.updateNotebookAffinity(notebook, affinity);
    }
  }

  #close(notebook: vscode.NotebookDocument): void {
    this.#kernels.get(notebook)?.dispose();
    this.#kernels.delete(notebook);
    this.#relabel();
  }

  async #leave(client: BackendAIClient): Promise<void> {
    const leaving = [...this.#kernels.values()].filter((kernel) => kernel.activePlace?.client === client);
    await Promise.all(leaving.map((kernel) => kernel.stop()));
  }

  #relabel(): void {
    const { notebookDocuments } = vscode.workspace;
    const words = kernelLabel(notebookDocuments.flatMap((notebook) => this.sessions.placesOf(notebook)));
    this.#controller.label = words.label;
    this.#controller.description = words.description;
    // Toolbars take a new label only when something else about the kernel changes, and VS Code sends labels a moment later.
    queueMicrotask(() => {
      for (const notebook of this.#owned.isDisposed ? [] : notebookDocuments) {
        this.#prefer(notebook);
      }
    });
  }
}

/** Whether the code of a notebook is in a language that sessions keep the variables of; one without code may get any. */
function isOurs(notebook: vscode.NotebookDocument): boolean {
  const code = notebook.getCells().find((cell) => cell.kind === vscode.NotebookCellKind.Code);
  return code === undefined || languageIds.includes(code.document.languageId);
}
