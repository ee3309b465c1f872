import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { BackendAIClient, SessionApp } from "../../api/index.js";
import { ConfigurationError, messageOf } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import { showInputBox } from "../../platform/shown/inputBox.js";
import { showQuickPick } from "../../platform/shown/quickPick.js";
import { isBranchItem } from "../../sessions/sessionBranches.js";
import { runningSession } from "../../sessions/vscode/runningSession.js";
import { parsePorts, targetLabel, targetOf, type TypedPorts } from "../forwards/forwardTarget.js";
import type { Forward } from "../forwards/forwards.js";
import type { AppStarts } from "./appCommands.js";
import { openInBrowser } from "./browser.js";
import { forwardPort, ofSession, tellAddress } from "./forwardPort.js";
import type { PortCommandDeps } from "./tunnelDeps.js";

/** Commands on forwarded ports: forward, open, copy the address, close. */
export function registerPortCommands(deps: PortCommandDeps, starts: AppStarts): Disposable[] {
  const { commands, forwards } = deps;
  return [
    commands.register("backendai.ports.forward", (signal, clicked) =>
      forwardTypedPort(deps, starts, { clicked, signal }),
    ),
    commands.register("backendai.ports.close", async (_, clicked, all) => {
      for (const forward of await chosenForwards(deps, clicked, all)) {
        forwards.close(forward.id);
      }
    }),
    commands.register("backendai.ports.open", async (_, clicked) => {
      for (const forward of await chosenForwards(deps, clicked)) {
        await openInBrowser(forward.localPort);
      }
    }),
    commands.register("backendai.ports.copyAddress", async (_, clicked, all) => {
      const chosen = await chosenForwards(deps, clicked, all);
      const addresses = chosen.map(({ localPort }) => `localhost:${localPort}`);
      if (addresses.length > 0) {
        await vscode.env.clipboard.writeText(addresses.join("\n"));
      }
    }),
  ];
}

async function forwardTypedPort(
  deps: PortCommandDeps,
  starts: AppStarts,
  { clicked, signal }: { readonly clicked: unknown; readonly signal: AbortSignal },
): Promise<void> {
  const placeHolder = l10n.t("Session to forward a port of");
  const chosen = await runningSession(deps, { clicked, placeHolder, signal });
  const ports = chosen && (await askPorts(chosen.session.name));
  if (chosen === undefined || ports === undefined) {
    return;
  }
  const { client, session } = chosen;
  const apps = await appsOf(deps, client, session.id, signal);
  const app = apps.find((candidate) => candidate.ports.includes(ports.remote));
  if (app !== undefined && !(await starts.isAllowed(client, session, app))) {
    return;
  }
  const target = targetOf(apps, ports.remote);
  const waitsForAnswer = app !== undefined && app.protocol !== "preopen";
  const forward = await forwardPort(
    deps,
    { client, session, target, localPort: ports.local, openedBy: "port" },
    { waitsForAnswer, signal },
  );
  tellAddress(deps, forward, ofSession(targetLabel(target), session.name));
}

async function askPorts(sessionName: string): Promise<TypedPorts | undefined> {
  const typed = await showInputBox({
    prompt: l10n.t("Port of {0} to forward", sessionName),
    placeHolder: l10n.t("8888, or 9000:8888 for port 9000 of this computer"),
    validateInput: (text) =>
      text.trim() === "" || parsePorts(text) !== undefined
        ? undefined
        : l10n.t("A port is a number from 1 to 65535; two of them are written 9000:8888."),
  });
  return typed === undefined ? undefined : parsePorts(typed);
}

/** Servers before 20.03 have no list, and any port is reached by ssh all the same. */
async function appsOf(
  { logger }: PortCommandDeps,
  client: BackendAIClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<readonly SessionApp[]> {
  try {
    return await client.apps.list(sessionId, { signal });
  } catch (error) {
    signal.throwIfAborted();
    logger.debug(`apps are not known: ${messageOf(error)}`);
    return [];
  }
}

/** The rows that a menu was opened on; from the palette, the only forward or the one that is picked. */
async function chosenForwards(
  { forwards }: PortCommandDeps,
  clicked: unknown,
  all?: unknown,
): Promise<readonly Forward[]> {
  const rows: readonly unknown[] = Array.isArray(all) ? all : [clicked];
  const ids = new Set(rows.flatMap((row) => (isBranchItem(row) ? [row.row.id] : [])));
  const open = forwards.snapshot;
  if (clicked === undefined && open.length === 0) {
    throw new ConfigurationError("port", l10n.t("No port is forwarded."));
  }
  if (clicked !== undefined || open.length < 2) {
    return clicked === undefined ? open : open.filter(({ id }) => ids.has(id));
  }
  const items = open.map((forward) => ({
    label: `localhost:${forward.localPort}`,
    description: ofSession(targetLabel(forward.target), forward.sessionName),
    forward,
  }));
  const picked = await showQuickPick(items, { placeHolder: l10n.t("Forwarded port") });
  return picked ? [picked.forward] : [];
}
