import { messageOf } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

/** The commands that change sessions that are there. */
const ids = [
  "backendai.sessions.commit",
  "backendai.sessions.destroy",
  "backendai.sessions.forceDestroy",
  "backendai.sessions.interrupt",
  "backendai.sessions.makeImage",
  "backendai.sessions.rename",
  "backendai.sessions.restart",
  "backendai.sessions.whyPending",
] as const;

/** A command of the life cycle. */
export type LifecycleCommandId = (typeof ids)[number];

/** The commands that change sessions that are there, and the warnings before their end. All of it is loaded when first needed. */
export function registerLifecycle(deps: LifecycleDeps): Disposable {
  const owned = new DisposableStore();
  for (const id of ids) {
    owned.add(
      deps.commands.register(id, async (signal, clicked, all, given) => {
        const { runLifecycleCommand } = await import("./lifecycleCommands.js");
        await runLifecycleCommand(id, deps, { clicked, all, given }, signal);
      }),
    );
  }
  warnOnceConnected(deps, owned);
  return owned;
}

/** Before there is a server, it has no sessions that it could end. */
function warnOnceConnected(deps: LifecycleDeps, owned: DisposableStore): void {
  const heard = owned.add(
    deps.account.connection.onDidChange(({ phase }) => {
      if (phase !== "connected") {
        return;
      }
      heard.dispose();
      import("./idleWarnings.js").then(
        ({ showIdleWarnings }) => owned.add(showIdleWarnings(deps)),
        (error: unknown) => deps.logger.error(`idle warnings: ${messageOf(error)}`),
      );
    }),
  );
}
