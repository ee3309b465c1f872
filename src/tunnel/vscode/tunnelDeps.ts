import type { Account } from "../../account/account.js";
import { isAbort } from "../../base/abort.js";
import type { Logger } from "../../base/logger.js";
import type { Commands } from "../../platform/commands.js";
import type { SessionFeed } from "../../sessions/sessionFeed.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { showError } from "../../platform/messages.js";
import type { Forwards } from "../forwards/forwards.js";
import { HostKeyChangedError } from "../hostKeys.js";
import type { SessionTunnels } from "../sessionTunnels.js";
import { asksToTrust } from "./trustNewKey.js";

/** What the commands on apps and ports work with. */
export interface PortCommandDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly tunnels: SessionTunnels;
  readonly forwards: Forwards;
  readonly logger: Logger;
}

/** Does work that may meet a changed host key, and once more when the person trusts it. A key that is not trusted is silent. */
export async function withTrust<T>(tunnels: SessionTunnels, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HostKeyChangedError)) {
      throw error;
    }
    if (!(await asksToTrust(error, tunnels.hostKeys))) {
      throw new DOMException("The key was not trusted.", "AbortError"); // for programs
    }
    return work();
  }
}

/** Shows a failure that no command waits for. */
export async function showFailure(
  error: unknown,
  context: string,
  { tunnels, logger }: Pick<PortCommandDeps, "tunnels" | "logger">,
): Promise<void> {
  if (error instanceof HostKeyChangedError) {
    await asksToTrust(error, tunnels.hostKeys);
  } else if (!isAbort(error)) {
    await showError(error, context, logger);
  }
}
