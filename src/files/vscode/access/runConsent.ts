import * as l10n from "@vscode/l10n";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import type { SessionStore } from "../../../sessions/sessionStore.js";
import type { MayRunCommands } from "../../access/commands/sessionCommands.js";

/** Asks, once for each session, whether commands may be run in it for what the server's file calls can't do. */
export function createRunConsent(store: SessionStore): MayRunCommands {
  const answers = new Map<string, Promise<boolean>>();
  return async (sessionId) => {
    const answer = answers.get(sessionId) ?? ask(nameOf(store, sessionId));
    answers.set(sessionId, answer);
    return answer;
  };
}

function nameOf(store: SessionStore, sessionId: string): string {
  return store.snapshot.sessions.find(({ id }) => id === sessionId)?.name ?? l10n.t("this session");
}

async function ask(name: string): Promise<boolean> {
  const question = l10n.t("May files of {0} be changed by commands that run in it?", name);
  const detail = l10n.t(
    "It has no ssh, and the server's file calls can't rename, delete or copy, nor carry 1 MiB and more. Small Python commands in its interpreter can. They run only while it runs nothing else.",
  );
  const allow = l10n.t("Allow");
  return (await showWarningMessage(question, { modal: true, detail }, allow)) === allow;
}
