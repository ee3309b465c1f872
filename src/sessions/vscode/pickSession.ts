import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { showQuickPick } from "../../platform/shown/quickPick.js";
import type { Account } from "../../account/account.js";
import { connectWithProgress } from "../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import { isBranchItem } from "../sessionBranches.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { shortImage, wordOf } from "../sessionTree.js";
import type { SessionRow } from "./sessionTreeProvider.js";

/** What choosing a session works with. */
export interface PickSessionDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly view: vscode.TreeView<SessionRow>;
}

/** Which session, and why one is asked for. */
export interface PickSessionOptions {
  /** The row that a menu was opened on, as VS Code hands it to the command; else the selected row counts. */
  readonly clicked: unknown;
  readonly placeHolder: string;
  readonly signal: AbortSignal;
  readonly fits?: (session: SessionSummary) => boolean;
}

/**
 * A session in any state: the clicked one, else the selected one, else the only one, else the one that the person picks;
 * `undefined` when the question was closed. Connects first where there is no connection.
 * @throws {ConfigurationError} (`session`) when there is none.
 */
export async function pickSession(
  { account, store, feed, view }: PickSessionDeps,
  { clicked, placeHolder, signal, fits = () => true }: PickSessionOptions,
): Promise<{ readonly client: BackendAIClient; readonly session: SessionSummary } | undefined> {
  const client = await connectWithProgress(account, signal);
  const row = rowSession(store, clicked ?? onlyOf(view.selection));
  if (row !== undefined) {
    return { client, session: row };
  }
  await feed.refresh(signal); // while nobody looks at the view, the store is as old as the last look
  const sessions = store.snapshot.sessions.filter(fits);
  if (sessions.length === 0) {
    throw new ConfigurationError("session", l10n.t("There is no such session."));
  }
  const session = await onlyOrPicked(sessions, placeHolder);
  return session && { client, session };
}

function onlyOf<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function rowSession(store: SessionStore, row: unknown): SessionSummary | undefined {
  if (isBranchItem(row)) {
    return store.find(row.sessionId);
  }
  return typeof row === "object" && row !== null && "id" in row && typeof row.id === "string"
    ? store.find(row.id)
    : undefined;
}

async function onlyOrPicked(
  sessions: readonly SessionSummary[],
  placeHolder: string,
): Promise<SessionSummary | undefined> {
  if (sessions.length === 1) {
    return sessions[0];
  }
  const items = sessions.map((session) => ({
    label: session.name,
    description: `${wordOf(session.status)} · ${shortImage(session.image)}`,
    session,
  }));
  return (await showQuickPick(items, { placeHolder, matchOnDescription: true }))?.session;
}
