import type { Account } from "../../account/account.js";
import { NotFoundError } from "../../api/errors.js";
import type { BackendAIClient } from "../../api/index.js";
import type { Logger } from "../../base/logger.js";
import { phaseOf } from "../../wire/status.js";
import type { SavedTerminal, SavedTerminals } from "../savedTerminals.js";
import type { SessionTerminals } from "./sessionTerminals.js";

/** What bringing terminals back works with. */
export interface RestoreDeps {
  readonly account: Account;
  readonly saved: SavedTerminals;
  readonly terminals: SessionTerminals;
  readonly logger: Logger;
}

/**
 * Opens the terminals that were open when the window was closed, where their sessions still run; the others are forgotten.
 * Asks the network only when there were any.
 */
export async function restoreTerminals({ account, saved, terminals, logger }: RestoreDeps): Promise<void> {
  const wanted = saved.all();
  if (wanted.length === 0) {
    return;
  }
  if (account.defaultTarget().kind === "local") {
    forgetAll(saved, wanted); // sessions of this computer end with their window
    return;
  }
  const client = await account.client();
  const running = await runningIds(client, new Set(wanted.map(({ sessionId }) => sessionId)));
  for (const { endpoint, sessionId, sessionName, shellName } of wanted) {
    if (endpoint === client.endpoint && running.has(sessionId)) {
      logger.info(`terminal ${shellName} of ${sessionName} comes back`);
      const session = { id: sessionId, name: sessionName };
      terminals.show({ client, session, shellName }, { preserveFocus: true });
    } else {
      saved.forget(shellName);
    }
  }
}

function forgetAll(saved: SavedTerminals, terminals: readonly SavedTerminal[]): void {
  for (const { shellName } of terminals) {
    saved.forget(shellName);
  }
}

async function runningIds(client: BackendAIClient, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const running = new Set<string>();
  for (const id of ids) {
    const summary = await client.sessions.summary(id).catch((error: unknown) => {
      if (error instanceof NotFoundError) {
        return undefined;
      }
      throw error;
    });
    if (summary !== undefined && phaseOf(summary.status) === "running") {
      running.add(id);
    }
  }
  return running;
}
