import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Contributions } from "../../../platform/contributions/contributions.js";
import { languageOf } from "../../plan/languages.js";
import { taskType } from "../../../platform/contributedIds.js";
import { taskFileOf } from "./taskFile.js";
import { type StartedTask, type TaskDeps, TaskRun } from "./taskRun.js";

/** What people read as the origin of our tasks. */
const source = "Backend.AI";

/** Tasks of type `backendai`: that of the active editor's file, and those of `tasks.json`. */
export function registerTasks(deps: TaskDeps & { readonly contributions: Contributions }): Disposable {
  const owned = new DisposableStore();
  const provider = owned.add(new TaskProvider(deps));
  owned.add(deps.contributions.tasks.provide(provider));
  return owned;
}

class TaskProvider implements vscode.TaskProvider, Disposable {
  readonly #deps: TaskDeps;
  readonly #runs = new Set<TaskRun>();
  readonly #owned = new DisposableStore();

  constructor(deps: TaskDeps) {
    this.#deps = deps;
    // A run whose connection just closes goes on without anybody, and blocks its session on real servers.
    this.#owned.add(
      deps.account.connection.beforeClose(async (client) => {
        const leaving = [...this.#runs].filter((run) => run.client === client);
        await Promise.all(leaving.map(async (run) => run.leave()));
      }),
    );
  }

  provideTasks(): vscode.Task[] {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || document.isUntitled || languageOf(document.languageId) === undefined) {
      return [];
    }
    const { file, folder } = taskFileOf(document.uri);
    const name = l10n.t("Run {0}", path.posix.basename(document.uri.path));
    return [this.#task({ type: taskType, file }, folder ?? vscode.TaskScope.Workspace, name)];
  }

  resolveTask({ definition, scope, name }: vscode.Task): vscode.Task {
    return this.#task(definition, scope ?? vscode.TaskScope.Workspace, name);
  }

  dispose(): void {
    this.#owned.dispose();
    for (const run of this.#runs) {
      void run.leave();
    }
  }

  #task(
    definition: vscode.TaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
    name: string,
  ): vscode.Task {
    const folder = typeof scope === "object" ? scope : vscode.workspace.workspaceFolders?.[0];
    const execution = new vscode.CustomExecution((resolved) =>
      Promise.resolve(this.#start({ name, definition: resolved, folder })),
    );
    // An empty list of matchers is a choice too: without one, VS Code asks for them at each start.
    return new vscode.Task(definition, scope, name, source, execution, []);
  }

  #start(task: StartedTask): vscode.Pseudoterminal {
    const run: TaskRun = new TaskRun(this.#deps, task, () => this.#runs.delete(run));
    this.#runs.add(run);
    return run.pty;
  }
}
