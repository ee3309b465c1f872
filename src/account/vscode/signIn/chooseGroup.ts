import * as l10n from "@vscode/l10n";
import { ConfigurationError } from "../../../base/errors.js";
import { withProgress } from "../../../platform/progress.js";
import { setStatusBarMessage } from "../../../platform/shown/statusBar.js";
import type { Account } from "../../account.js";
import type { GroupChoice } from "../../groupChoice.js";
import { targetLabel } from "../../target.js";
import { connectWithProgress } from "../connectWithProgress.js";
import { askGroup } from "./groupQuestion.js";

/** How long the word about the new group stays in the status bar, in milliseconds. */
const wordMs = 5000;

/**
 * Asks for the group (project) that new sessions on the server in use are started for. A server of the person's own keeps it; for
 * others it lasts as long as the connection. Nothing is connected anew.
 * @throws {ConfigurationError} when the server tells of no group.
 */
export async function chooseGroup(account: Account, signal: AbortSignal): Promise<void> {
  const client = await connectWithProgress(account, signal);
  const { state } = account.connection;
  if (state.phase !== "connected") {
    return; // left while it was connected to
  }
  const server = targetLabel(state.target);
  const title = l10n.t("Asking {0} for your groups", server);
  const groups = await withProgress(title, (asking) => client.groups.list({ signal: asking }), signal);
  if (groups.length === 0) {
    throw new ConfigurationError(
      "group",
      l10n.t("{0} tells of no group (project) that you are in: ask its administrator for one.", server),
    );
  }
  const choice = await askGroup(groups, client.defaults, server, signal);
  if (account.connection.current === client) {
    await keepGroup(account, choice);
    setStatusBarMessage(l10n.t("New sessions are for {0}", choice.group), wordMs);
  }
}

async function keepGroup({ connection, profiles }: Account, choice: GroupChoice): Promise<void> {
  const { state, current } = connection;
  if (current === undefined || state.phase !== "connected") {
    return;
  }
  const { target } = state;
  if (target.kind === "profile") {
    // The connection follows the setting.
    await profiles.save({ ...(profiles.find(target.profile.id) ?? target.profile), ...choice });
    return;
  }
  current.setDefaults({ ...current.defaults, ...choice });
  if (target.kind === "environment") {
    connection.redescribe({ ...target, ...choice });
  }
}
