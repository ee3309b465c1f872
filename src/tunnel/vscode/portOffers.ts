import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { settings } from "../../platform/settings.js";
import { showInformationMessage } from "../../platform/shown/notifications.js";
import { targetLabel, targetOf } from "../forwards/forwardTarget.js";
import type { FoundPort, PortWatcher } from "../ports/portWatcher.js";
import { openInBrowser } from "./browser.js";
import { forwardPort, ofSession, tellAddress } from "./forwardPort.js";
import { type PortCommandDeps, showFailure } from "./tunnelDeps.js";

/** Offers ports that started to listen in sessions, unless the person wants no such offers. */
export function offerPorts(deps: PortCommandDeps, ports: PortWatcher): Disposable {
  const owned = new DisposableStore();
  const ending = new AbortController();
  owned.defer(() => ending.abort());
  const follow = (): void => ports.setEnabled(settings.portsOffer());
  follow();
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("backendai.ports.offer")) {
        follow();
      }
    }),
  );
  owned.add(
    ports.onDidFind((found) => {
      offer(deps, found, ending.signal).catch((error: unknown) =>
        showFailure(error, `port ${found.port}`, deps),
      );
    }),
  );
  return owned;
}

async function offer(deps: PortCommandDeps, found: FoundPort, signal: AbortSignal): Promise<void> {
  const { client, session, port, isOfThisComputer } = found;
  if (deps.forwards.find(session.id, port) !== undefined) {
    return;
  }
  const [open, forwardIt, never] = [
    l10n.t("Open in Browser"),
    l10n.t("Forward"),
    l10n.t("Don't Offer Ports"),
  ];
  const text = l10n.t("A program in {0} listens on port {1}.", session.name, port);
  const buttons = isOfThisComputer ? [open, never] : [open, forwardIt, never];
  const choice = await showInformationMessage(text, ...buttons);
  if (choice === undefined || signal.aborted) {
    return;
  }
  if (choice === never) {
    const { Global } = vscode.ConfigurationTarget;
    await vscode.workspace.getConfiguration("backendai").update("ports.offer", false, Global);
    return;
  }
  if (isOfThisComputer) {
    await openInBrowser(port);
    return;
  }
  const apps = await client.apps.list(session.id, { signal }).catch(() => []);
  const target = targetOf(apps, port);
  const request = { client, session, target, openedBy: "offer" } as const;
  const forward = await forwardPort(deps, request, { waitsForAnswer: false, signal });
  if (choice === open) {
    await openInBrowser(forward.localPort);
  } else {
    tellAddress(deps, forward, ofSession(targetLabel(target), session.name));
  }
}
