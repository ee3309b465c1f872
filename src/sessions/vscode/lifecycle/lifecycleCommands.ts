import * as l10n from "@vscode/l10n";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import type { SessionSummary } from "../../../api/index.js";
import { chosenSession, chosenSessions, inPhase } from "./chosenSessions.js";
import type { Called, Choice, LifecycleDeps } from "./lifecycleDeps.js";
import type { LifecycleCommandId } from "./registerLifecycle.js";

/** What a command for one session does. */
type ForOne = (
  deps: LifecycleDeps,
  session: SessionSummary,
  how: { readonly given: unknown; readonly signal: AbortSignal },
) => Promise<void>;

/** Runs a command on the sessions that it was called on, or that the person chooses. */
export async function runLifecycleCommand(
  id: LifecycleCommandId,
  deps: LifecycleDeps,
  called: Called,
  signal: AbortSignal,
): Promise<void> {
  if (id === "backendai.sessions.destroy" || id === "backendai.sessions.forceDestroy") {
    await destroy(deps, called, id === "backendai.sessions.forceDestroy", signal);
    return;
  }
  const { choice, work } = forOne[id];
  const session = await chosenSession(deps, called, choice, signal);
  await (session && work(deps, session, { given: called.given, signal }));
}

/** A session that runs, for which something is done. */
const running = (placeHolder: string): Choice => ({
  fits: inPhase("running"),
  placeHolder,
  none: l10n.t("No session is running."),
});

const waiting: Choice = {
  fits: inPhase("waiting", "starting"),
  placeHolder: l10n.t("Session that waits"),
  none: l10n.t("No session waits."),
};

type ForOneId = Exclude<LifecycleCommandId, "backendai.sessions.destroy" | "backendai.sessions.forceDestroy">;

const forOne: Readonly<Record<ForOneId, { readonly choice: Choice; readonly work: ForOne }>> = {
  "backendai.sessions.commit": {
    choice: running(l10n.t("Session to save the container of")),
    work: async (deps, session, { signal }) =>
      (await import("./makeImage.js")).commitSession(deps, session, signal),
  },
  "backendai.sessions.interrupt": { choice: running(l10n.t("Session to interrupt")), work: interrupt },
  "backendai.sessions.makeImage": {
    choice: running(l10n.t("Session to make an image of")),
    work: async (deps, session, { signal }) =>
      (await import("./makeImage.js")).makeImage(deps, session, signal),
  },
  "backendai.sessions.rename": {
    choice: running(l10n.t("Session to rename")),
    work: async (deps, session, how) =>
      (await import("./renameSession.js")).renameSession(deps, session, how),
  },
  "backendai.sessions.restart": {
    choice: running(l10n.t("Session to restart")),
    work: async (deps, session, { signal }) =>
      (await import("./restartSession.js")).restartSession(deps, session, signal),
  },
  "backendai.sessions.whyPending": {
    choice: waiting,
    work: async (deps, session, { signal }) =>
      (await import("./whyPending.js")).whyPending(deps, session, signal),
  },
};

/** Sessions that end already can be destroyed by force alone. */
async function destroy(
  deps: LifecycleDeps,
  called: Called,
  forced: boolean,
  signal: AbortSignal,
): Promise<void> {
  const phases = ["running", "starting", "waiting", "failed", "unknown"] as const;
  const choice: Choice = {
    fits: forced ? inPhase(...phases, "ending") : inPhase(...phases),
    placeHolder: forced ? l10n.t("Sessions to destroy by force") : l10n.t("Sessions to destroy"),
    none: l10n.t("There is no session to destroy."),
  };
  const sessions = await chosenSessions(deps, called, choice, signal);
  const { destroySessions } = await import("./destroySessions.js");
  await destroySessions(deps, sessions, { forced, asks: !asksNot(called.given), signal });
}

/** Whether whoever called the command has asked already: `{ ask: false }`. */
function asksNot(given: unknown): boolean {
  return typeof given === "object" && given !== null && "ask" in given && given.ask === false;
}

/** Programs that the server does not run are not reached by its interrupt. */
async function interrupt(
  { account }: LifecycleDeps,
  session: SessionSummary,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const client = await account.client(signal);
  await client.sessions.interrupt(session.id, { signal });
  void showInformationMessage(
    l10n.t(
      "The program that runs in {0} was interrupted. Programs of terminals and runs over ssh have a Stop of their own.",
      session.name,
    ),
  );
}
