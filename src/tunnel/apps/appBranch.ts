import * as l10n from "@vscode/l10n";
import type { ConnectionStore } from "../../account/connectionStore.js";
import type { BackendAIClient, SessionApp, SessionSummary } from "../../api/index.js";
import { NetworkError } from "../../base/errors.js";
import { once } from "../../base/once.js";
import {
  type BranchRow,
  isBranchItem,
  type SessionBranch,
  type SessionBranchItem,
} from "../../sessions/sessionBranches.js";
import { phaseOf } from "../../wire/status.js";
import { type AppChoice, appChoices } from "./appChoice.js";

/** A row of an app; a click opens it. */
export interface AppRow extends BranchRow {
  readonly choice: AppChoice;
}

/** A row of an app in the view. */
export interface AppItem extends SessionBranchItem {
  readonly row: AppRow;
}

/** Whether a command was called on the row of an app. */
export function isAppItem(value: unknown): value is AppItem {
  return isBranchItem(value) && "choice" in value.row;
}

/** The apps of running sessions as rows under them, asked for when they are unfolded, and once. */
export function appBranch({ state }: { readonly state: () => ConnectionStore["state"] }): SessionBranch {
  const known = new WeakMap<BackendAIClient, Map<string, () => Promise<readonly SessionApp[]>>>();
  const connected = (): BackendAIClient | undefined => {
    const current = state();
    return current.phase === "connected" ? current.client : undefined;
  };
  return {
    rows: (session) =>
      phaseOf(session.status) === "running" && connected()?.dialect.can.apps === true
        ? [rootRow(session)]
        : [],
    children: async ({ sessionId }) => {
      const client = connected();
      if (client === undefined) {
        throw new NetworkError(l10n.t("There is no connection to the server."), undefined);
      }
      const bySession = known.get(client) ?? new Map<string, () => Promise<readonly SessionApp[]>>();
      known.set(client, bySession);
      const apps = bySession.get(sessionId) ?? once(async () => client.apps.list(sessionId));
      bySession.set(sessionId, apps);
      return appChoices(await apps()).map((choice) => appRow(sessionId, choice));
    },
  };
}

function rootRow({ id, name }: SessionSummary): BranchRow {
  return {
    id: `apps:${id}`,
    label: l10n.t("Apps"),
    description: "",
    tooltip: l10n.t("Apps that {0} has: a click opens one", name),
    icon: "extensions",
    contextValue: "apps",
    accessibleLabel: l10n.t("Apps of {0}", name),
    isFolded: true,
  };
}

/** The row of an app: `app.browser` for web pages, `app.address` for what other programs use. */
export function appRow(sessionId: string, choice: AppChoice): AppRow {
  const { title, facts, opensIn, port, app } = choice;
  const outcome =
    opensIn === "browser"
      ? l10n.t("A click opens it in the browser.")
      : l10n.t("A click forwards it to a port of this computer.");
  return {
    id: `app:${sessionId}:${app.name}:${port}`,
    label: title,
    description: facts,
    tooltip: `${title} (${facts})\n${outcome}`,
    icon: opensIn === "browser" ? "globe" : "plug",
    contextValue: `app.${opensIn}`,
    accessibleLabel: `${title}, ${facts}. ${outcome}`,
    command: { id: "backendai.apps.open", title: l10n.t("Open App") },
    choice,
  };
}
