import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { messageOf } from "../../../base/errors.js";
import type { UsageStatusDeps } from "./usageStatus.js";

/** What showing the usage works with. */
type UsageDeps = Omit<UsageStatusDeps, "feed"> & { readonly logger: Logger };

/** Shows what sessions use from the first connection on; before it there is nothing to show, and nothing is loaded. */
export function registerUsage({ logger, ...deps }: UsageDeps): Disposable {
  const owned = new DisposableStore();
  let isLoading = false;
  const load = (): void => {
    if (!isLoading && deps.connection.state.phase === "connected") {
      isLoading = true;
      begin({ logger, ...deps }, owned).catch((error: unknown) => logger.error(`usage: ${messageOf(error)}`));
    }
  };
  owned.add(deps.connection.onDidChange(load));
  load();
  return owned;
}

async function begin({ logger, ...deps }: UsageDeps, owned: DisposableStore): Promise<void> {
  const [{ UsageFeed }, { showUsage }] = await Promise.all([
    import("../../usage/usageFeed.js"),
    import("./usageStatus.js"),
  ]);
  const feed = owned.add(new UsageFeed(logger));
  owned.add(showUsage({ ...deps, feed }));
}
