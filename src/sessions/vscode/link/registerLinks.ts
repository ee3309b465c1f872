import { isAbort } from "../../../base/abort.js";
import { type Disposable, DisposableStore, toDisposable } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import type { Commands } from "../../../platform/commands.js";
import type { Contributions } from "../../../platform/contributions/contributions.js";
import { showError } from "../../../platform/messages.js";
import type { SessionForest } from "../../tree/sessionForest.js";
import type { PickSessionDeps } from "../pickSession.js";

/** What links to sessions work with. */
export interface LinkDeps extends PickSessionDeps {
  readonly commands: Commands;
  readonly contributions: Contributions;
  readonly forest: SessionForest;
  /** The whole id of this extension, which links begin with. */
  readonly extensionId: string;
  readonly logger: Logger;
}

/** Links to sessions: making one, and opening one that came from elsewhere. All of it is loaded when first needed. */
export function registerLinks(deps: LinkDeps): Disposable {
  const { commands, contributions, logger } = deps;
  const owned = new DisposableStore();
  const ending = new AbortController();
  owned.add(toDisposable(() => ending.abort()));
  owned.add(
    commands.register("backendai.sessions.copyLink", async (signal, clicked) => {
      const { copyLink } = await import("./copyLink.js");
      await copyLink(deps, clicked, signal);
    }),
  );
  owned.add(
    commands.register("backendai.sessions.openLink", async (signal, text) => {
      const { openTypedLink } = await import("./openLink.js");
      await openTypedLink(deps, text, signal);
    }),
  );
  owned.add(
    contributions.links.provide({
      handleUri: async ({ path, query, fragment }) => {
        logger.info("a link was opened");
        try {
          const { openLink } = await import("./openLink.js");
          const { parseSessionLink } = await import("../../link/sessionLink.js");
          await openLink(deps, parseSessionLink({ path, query, fragment }), ending.signal);
        } catch (error) {
          if (!isAbort(error)) {
            void showError(error, "link", logger);
          }
        }
      },
    }),
  );
  return owned;
}
