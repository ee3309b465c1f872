import * as l10n from "@vscode/l10n";
import { showQuickPick } from "../../platform/shown/quickPick.js";
import type { Account } from "../../account/account.js";
import { connectWithProgress } from "../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import { phaseOf } from "../../wire/status.js";
import { isBranchItem } from "../sessionBranches.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { shortImage } from "../sessionTree.js";

/** What choosing a running session works with. */
export interface RunningSessionDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
}

/** How to choose. */
export interface RunningSessionOptions {
  /** The row that a menu was opened on, as VS Code hands it to the command; anything else is no choice. */
  readonly clicked?: unknown;
  readonly placeHolder: string;
  /** Starts a session where none runs; `undefined` when the person does not want one after all. */
  readonly start?: (client: BackendAIClient, signal: AbortSignal) => Promise<SessionSummary | undefined>;
  readonly signal: AbortSignal;
}

/**
 * The session to do something in: the clicked one, else the only one that runs, else the one that the person picks;
 * `undefined` when the question was closed. Connects first where there is no connection.
 * @throws {ConfigurationError} (`session`) when none runs.
 */
export async function runningSession(
  { account, store, feed }: RunningSessionDeps,
  { clicked, placeHolder, start, signal }: RunningSessionOptions,
): Promise<{ readonly client: BackendAIClient; readonly session: SessionSummary } | undefined> {
  const client = await connectWithProgress(account, signal);
  const isRunning = ({ status }: SessionSummary): boolean => phaseOf(status) === "running";
  const row = clickedSession(store, clicked);
  if (row !== undefined && isRunning(row)) {
    return { client, session: row };
  }
  await feed.refresh(signal); // while nobody looks at the view, the store is as old as the last look
  const running = store.snapshot.sessions.filter(isRunning);
  if (row !== undefined && !running.some(({ id }) => id === row.id)) {
    throw new ConfigurationError("session", l10n.t("Session {0} is not running.", row.name));
  }
  if (running.length === 0 && start !== undefined) {
    const started = await start(client, signal);
    return started && { client, session: started };
  }
  if (running.length === 0) {
    throw new ConfigurationError("session", l10n.t("No session is running."));
  }
  const session = running.find(({ id }) => id === row?.id) ?? (await onlyOrPicked(running, placeHolder));
  return session && { client, session };
}

/** The session of a row, or the one that a row is under. */
function clickedSession(store: SessionStore, clicked: unknown): SessionSummary | undefined {
  if (isBranchItem(clicked)) {
    return store.find(clicked.sessionId);
  }
  return typeof clicked === "object" && clicked !== null && "id" in clicked && typeof clicked.id === "string"
    ? store.find(clicked.id)
    : undefined;
}

async function onlyOrPicked(
  running: readonly SessionSummary[],
  placeHolder: string,
): Promise<SessionSummary | undefined> {
  if (running.length === 1) {
    return running[0];
  }
  const items = running.map((session) => ({
    label: session.name,
    description: shortImage(session.image),
    session,
  }));
  return (await showQuickPick(items, { placeHolder, matchOnDescription: true }))?.session;
}
