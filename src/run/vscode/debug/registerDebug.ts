import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import type { Commands } from "../../../platform/commands.js";
import { documentFor } from "../runDocument.js";
import { DebugAdapters } from "./debugAdapters.js";
import { debugDocument, DebugConfigurations, debugType } from "./debugConfigurations.js";
import type { DebugPreparationDeps } from "./debugPreparation.js";
import { DebugTerminals } from "./debugTerminal.js";

/** What debugging works with. */
export interface DebugDeps extends Omit<DebugPreparationDeps, "terminals"> {
  readonly commands: Commands;
  readonly logger: Logger;
}

/** Debugging of Python in sessions: the type of configurations, the adapter, and a command. */
export function registerDebug({ commands, logger, ...deps }: DebugDeps): Disposable {
  const owned = new DisposableStore();
  const terminals = owned.add(new DebugTerminals());
  const adapters = owned.add(new DebugAdapters({ ...deps, terminals }, logger));
  owned.add(vscode.debug.registerDebugAdapterDescriptorFactory(debugType, adapters));
  owned.add(vscode.debug.registerDebugConfigurationProvider(debugType, new DebugConfigurations()));
  owned.add(
    commands.register("backendai.run.debug", async (_signal, uri) => debugDocument(await documentFor(uri))),
  );
  return owned;
}
