import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { commandIds } from "../commandIds.js";
import {
  debugType,
  fileScheme,
  folderScheme,
  logScheme,
  taskType,
  terminalProfileId,
  toolNames,
  viewIds,
} from "../contributedIds.js";
import { LateFileSystem } from "./lateFileSystem.js";
import { LateProvider } from "./lateProvider.js";

/** What runs commands. */
export interface CommandRunner {
  run(id: string, args: readonly unknown[]): Promise<unknown>;
}

/** What answers calls of tools for language models. */
export interface ToolRunner {
  prepare(
    name: string,
    input: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.PreparedToolInvocation>;
  invoke(
    name: string,
    options: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult>;
}

/**
 * All that VS Code may ask this extension for, as `package.json` contributes it. It is registered when the extension is activated;
 * what answers is read when VS Code first asks. So a window in which nobody uses sessions pays for this alone.
 */
export class Contributions implements Disposable {
  readonly commands: LateProvider<CommandRunner>;
  readonly tasks: LateProvider<vscode.TaskProvider>;
  readonly debugConfigurations: LateProvider<vscode.DebugConfigurationProvider>;
  readonly debugAdapters: LateProvider<vscode.DebugAdapterDescriptorFactory>;
  readonly terminals: LateProvider<vscode.TerminalProfileProvider>;
  readonly links: LateProvider<vscode.UriHandler>;
  readonly tools: LateProvider<ToolRunner>;
  readonly sessionFiles: LateProvider<vscode.FileSystemProvider>;
  readonly folderFiles: LateProvider<vscode.FileSystemProvider>;
  readonly logFiles: LateProvider<vscode.FileSystemProvider>;
  readonly #owned = new DisposableStore();

  /** @param read Reads the rooms, which then provide; does nothing once they are there. */
  constructor(read: () => Promise<void>) {
    this.commands = new LateProvider(read);
    this.tasks = new LateProvider(read);
    this.debugConfigurations = new LateProvider(read);
    this.debugAdapters = new LateProvider(read);
    this.terminals = new LateProvider(read);
    this.links = new LateProvider(read);
    this.tools = new LateProvider(read);
    this.sessionFiles = new LateProvider(read);
    this.folderFiles = new LateProvider(read);
    this.logFiles = new LateProvider(read);
    this.#registerCommands();
    this.#registerViews(read);
    this.#registerRuns();
    this.#registerTools();
    this.#registerFiles();
    this.#owned.add(
      vscode.window.registerTerminalProfileProvider(terminalProfileId, {
        provideTerminalProfile: async (token) =>
          (await this.terminals.loaded()).provideTerminalProfile(token),
      }),
    );
    this.#owned.add(
      vscode.window.registerUriHandler({
        handleUri: async (uri) => (await this.links.loaded()).handleUri(uri),
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #registerCommands(): void {
    for (const id of commandIds) {
      this.#owned.add(
        vscode.commands.registerCommand(id, async (...args: unknown[]) =>
          (await this.commands.loaded()).run(id, args),
        ),
      );
    }
  }

  /** Stands in for views until somebody looks at one: then the rooms are read, and put their own in its place. */
  #registerViews(read: () => Promise<void>): void {
    for (const id of viewIds) {
      this.#owned.add(
        vscode.window.registerTreeDataProvider<never>(id, {
          getTreeItem: (row) => row,
          getChildren: async () => {
            await read();
            return [];
          },
        }),
      );
    }
  }

  #registerRuns(): void {
    this.#owned.add(
      vscode.tasks.registerTaskProvider(taskType, {
        provideTasks: async (token) => (await this.tasks.loaded()).provideTasks(token),
        resolveTask: async (task, token) => (await this.tasks.loaded()).resolveTask(task, token),
      }),
    );
    this.#owned.add(
      vscode.debug.registerDebugConfigurationProvider(debugType, {
        provideDebugConfigurations: async (folder, token) =>
          (await this.debugConfigurations.loaded()).provideDebugConfigurations?.(folder, token),
        resolveDebugConfiguration: async (folder, configuration, token) =>
          (await this.debugConfigurations.loaded()).resolveDebugConfiguration?.(folder, configuration, token),
      }),
    );
    this.#owned.add(
      vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
        createDebugAdapterDescriptor: async (session, executable) =>
          (await this.debugAdapters.loaded()).createDebugAdapterDescriptor(session, executable),
      }),
    );
  }

  #registerTools(): void {
    // Editors that grew out of VS Code may have no models at all.
    for (const name of Reflect.has(vscode, "lm") ? toolNames : []) {
      this.#owned.add(
        vscode.lm.registerTool(name, {
          prepareInvocation: async ({ input }, token) =>
            (await this.tools.loaded()).prepare(name, input, token),
          invoke: async (options, token) => (await this.tools.loaded()).invoke(name, options, token),
        }),
      );
    }
  }

  #registerFiles(): void {
    for (const { scheme, late, isReadonly } of [
      { scheme: fileScheme, late: this.sessionFiles, isReadonly: false },
      { scheme: folderScheme, late: this.folderFiles, isReadonly: true },
      { scheme: logScheme, late: this.logFiles, isReadonly: true },
    ]) {
      const system = this.#owned.add(new LateFileSystem(late));
      this.#owned.add(
        vscode.workspace.registerFileSystemProvider(scheme, system, { isCaseSensitive: true, isReadonly }),
      );
    }
  }
}
