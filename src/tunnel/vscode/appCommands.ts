import * as l10n from "@vscode/l10n";
import { showWarningMessage } from "../../platform/shown/notifications.js";
import { showQuickPick } from "../../platform/shown/quickPick.js";
import type { BackendAIClient, SessionApp, SessionSummary } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import { runningSession } from "../../sessions/vscode/runningSession.js";
import { isAppItem } from "../apps/appBranch.js";
import { type AppChoice, appChoices, mayFailToStart } from "../apps/appChoice.js";
import { targetOf } from "../forwards/forwardTarget.js";
import { openInBrowser } from "./browser.js";
import { forwardPort, ofSession, tellAddress } from "./forwardPort.js";
import type { PortCommandDeps } from "./tunnelDeps.js";

/** Asks before an app is started on servers where one that can't start takes the others with it. */
export class AppStarts {
  readonly #asked = new Set<string>();

  /** Whether the app may be asked for: always, but for the first time where that can do harm. */
  async isAllowed(client: BackendAIClient, session: SessionSummary, app: SessionApp): Promise<boolean> {
    const key = `${session.id} ${app.name}`;
    if (!mayFailToStart(app) || !client.findings.has("failedAppBlocks") || this.#asked.has(key)) {
      return true;
    }
    const detail = [
      l10n.t(
        "On this server, an app that can't start makes every app of its session unusable, ssh and terminals by ssh included, until the session is replaced.",
      ),
      l10n.t("Go on if you know that the image has {0}.", app.name),
    ].join(" ");
    const start = l10n.t("Start");
    const question = l10n.t("Start {0} in {1}?", app.name, session.name);
    const isAllowed = (await showWarningMessage(question, { modal: true, detail }, start)) === start;
    if (isAllowed) {
      this.#asked.add(key);
    }
    return isAllowed;
  }
}

/** “Open App…”. */
export function registerAppCommands(deps: PortCommandDeps, starts: AppStarts): Disposable {
  return deps.commands.register("backendai.apps.open", (signal, clicked) =>
    openApp(deps, starts, { clicked, signal }),
  );
}

async function openApp(
  deps: PortCommandDeps,
  starts: AppStarts,
  { clicked, signal }: { readonly clicked: unknown; readonly signal: AbortSignal },
): Promise<void> {
  const placeHolder = l10n.t("Session to open an app of");
  const chosen = await runningSession(deps, { clicked, placeHolder, signal });
  if (chosen === undefined) {
    return;
  }
  const { client, session } = chosen;
  const choice = isAppItem(clicked)
    ? clicked.row.choice
    : await pickApp(await client.apps.list(session.id, { signal }), session);
  if (choice === undefined || !(await starts.isAllowed(client, session, choice.app))) {
    return;
  }
  const isPage = choice.opensIn === "browser";
  const target = { ...targetOf([choice.app], choice.port), isHttp: choice.app.protocol !== "tcp" };
  const forward = await forwardPort(
    deps,
    { client, session, target, openedBy: "app" },
    { waitsForAnswer: choice.app.protocol !== "preopen", signal },
  );
  if (isPage) {
    await openInBrowser(forward.localPort);
  } else {
    tellAddress(deps, forward, ofSession(choice.title, session.name));
  }
}

async function pickApp(apps: readonly SessionApp[], session: SessionSummary): Promise<AppChoice | undefined> {
  const items = appChoices(apps).map((choice) => ({
    icon: choice.opensIn === "browser" ? "globe" : "plug",
    label: choice.title,
    description: choice.facts,
    ...(choice.opensIn === "browser" ? {} : { detail: l10n.t("Forwarded to a port of this computer") }),
    choice,
  }));
  if (items.length === 0) {
    throw new ConfigurationError(
      "apps",
      l10n.t("{0} has no apps. “Forward a Port…” reaches any port.", session.name),
    );
  }
  const placeHolder = l10n.t("App of {0}", session.name);
  const picked = await showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked?.choice;
}
