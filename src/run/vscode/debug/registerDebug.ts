import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { once } from "../../../base/once.js";
import type { Commands } from "../../../platform/commands.js";
import type { Contributions } from "../../../platform/contributions/contributions.js";
import { documentFor } from "../runDocument.js";
import { debugDocument, DebugConfigurations } from "./debugConfigurations.js";
import type { DebugPreparationDeps } from "./debugPreparation.js";

/** What debugging works with. */
export interface DebugDeps extends Omit<DebugPreparationDeps, "terminals"> {
  readonly commands: Commands;
  readonly contributions: Contributions;
  readonly logger: Logger;
}

/** Debugging of Python in sessions: the type of configurations, the adapter, and a command. */
export function registerDebug({ commands, contributions, logger, ...deps }: DebugDeps): Disposable {
  const owned = new DisposableStore();
  const makeAdapters = once(async () => {
    const [{ DebugTerminals }, { DebugAdapters }] = await Promise.all([
      import("./debugTerminal.js"),
      import("./debugAdapters.js"),
    ]);
    const terminals = owned.add(new DebugTerminals());
    return owned.add(new DebugAdapters({ ...deps, terminals }, logger));
  });
  owned.add(
    contributions.debugAdapters.provide({
      createDebugAdapterDescriptor: async (session) =>
        (await makeAdapters()).createDebugAdapterDescriptor(session),
    }),
  );
  owned.add(contributions.debugConfigurations.provide(new DebugConfigurations()));
  owned.add(
    commands.register("backendai.run.debug", async (_signal, uri) => debugDocument(await documentFor(uri))),
  );
  return owned;
}
