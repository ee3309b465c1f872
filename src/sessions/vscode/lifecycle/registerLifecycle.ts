import * as vscode from "vscode";
import type { SessionSummary } from "../../../api/index.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { CommandId } from "../../../platform/commandIds.js";
import type { SessionPhase } from "../../../wire/status.js";
import { chosenSession, chosenSessions, inPhase } from "./chosenSessions.js";
import { showIdleWarnings } from "./idleWarnings.js";
import type { Choice, LifecycleDeps } from "./lifecycleDeps.js";

/** A session that runs, for which something is done. */
const running = (verb: string): Choice => ({
  fits: inPhase("running"),
  placeHolder: `Session to ${verb}`,
  none: "No session is running.",
});

const ending = (verb: string, ...more: readonly SessionPhase[]): Choice => ({
  fits: inPhase("running", "starting", "waiting", "failed", "unknown", ...more),
  placeHolder: `Sessions to ${verb}`,
  none: "There is no session to destroy.",
});

const waiting: Choice = {
  fits: inPhase("waiting", "starting"),
  placeHolder: "Session that waits",
  none: "No session waits.",
};

/** The commands that change sessions that are there, and the warnings before their end. */
export function registerLifecycle(deps: LifecycleDeps): Disposable {
  const owned = new DisposableStore();
  const forMany = (id: CommandId, forced: boolean, choice: Choice): void => {
    owned.add(
      deps.commands.register(id, async (signal, clicked, all, given) => {
        const sessions = await chosenSessions(deps, { clicked, all }, choice, signal);
        const { destroySessions } = await import("./destroySessions.js");
        await destroySessions(deps, sessions, { forced, asks: !says(given, "ask", false), signal });
      }),
    );
  };
  const forOne = (
    id: CommandId,
    choice: Choice,
    work: (session: SessionSummary, signal: AbortSignal, given: unknown) => Promise<void>,
  ): void => {
    owned.add(
      deps.commands.register(id, async (signal, clicked, _, given) => {
        const session = await chosenSession(deps, { clicked, all: undefined }, choice, signal);
        await (session && work(session, signal, given));
      }),
    );
  };
  forMany("backendai.sessions.destroy", false, ending("destroy"));
  forMany("backendai.sessions.forceDestroy", true, ending("destroy by force", "ending"));
  forOne("backendai.sessions.restart", running("restart"), async (session, signal) =>
    (await import("./restartSession.js")).restartSession(deps, session, signal),
  );
  forOne("backendai.sessions.rename", running("rename"), async (session, signal, given) =>
    (await import("./renameSession.js")).renameSession(deps, session, { given, signal }),
  );
  forOne("backendai.sessions.interrupt", running("interrupt"), (session, signal) =>
    interrupt(deps, session, signal),
  );
  forOne("backendai.sessions.makeImage", running("make an image of"), async (session, signal) =>
    (await import("./makeImage.js")).makeImage(deps, session, signal),
  );
  forOne("backendai.sessions.commit", running("save the container of"), async (session, signal) =>
    (await import("./makeImage.js")).commitSession(deps, session, signal),
  );
  forOne("backendai.sessions.whyPending", waiting, async (session, signal) =>
    (await import("./whyPending.js")).whyPending(deps, session, signal),
  );
  owned.add(showIdleWarnings(deps));
  return owned;
}

/** Whether whoever called a command has said so, as keybindings and other extensions can. */
function says(given: unknown, name: string, value: unknown): boolean {
  return (
    typeof given === "object" &&
    given !== null &&
    Object.entries(given).some(([key, said]) => key === name && said === value)
  );
}

/** Programs that the server does not run are not reached by its interrupt. */
async function interrupt(
  { account }: LifecycleDeps,
  session: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  const client = await account.client(signal);
  await client.sessions.interrupt(session.id, { signal });
  void vscode.window.showInformationMessage(
    `The program that runs in ${session.name} was interrupted. Programs of terminals and runs over ssh have a Stop of their own.`,
  );
}
