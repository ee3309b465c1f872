import { type PickItem, showManyPick, showQuickPick } from "../../../platform/shown/quickPick.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { SessionSummary } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import { type SessionPhase, phaseOf } from "../../../wire/status.js";
import { shortImage, wordOf } from "../../sessionTree.js";
import { clickedSessions } from "../clickedSessions.js";
import type { Called, Choice, LifecycleDeps } from "./lifecycleDeps.js";

type ChoiceDeps = Pick<LifecycleDeps, "account" | "store" | "feed" | "view">;

/** Whether a session is in one of these phases. */
export function inPhase(...phases: readonly SessionPhase[]): Choice["fits"] {
  return ({ status }) => phases.includes(phaseOf(status));
}

/**
 * The sessions that a command is for: those of the rows that a menu was opened on, else the selected ones, else those that the person
 * ticks in a list; none when the list was closed. The only one that fits is not asked for.
 * @throws {ConfigurationError} (`session`) when none fits.
 */
export async function chosenSessions(
  deps: ChoiceDeps,
  called: Called,
  choice: Choice,
  signal: AbortSignal,
): Promise<readonly SessionSummary[]> {
  const rows = clickedSessions(deps, called).filter(choice.fits);
  if (rows.length > 0) {
    return rows;
  }
  const items = await fittingItems(deps, choice, signal);
  if (items.length === 1) {
    return items.map(({ session }) => session);
  }
  const picked = await showManyPick(items, {
    placeHolder: choice.placeHolder,
    matchOnDescription: true,
  });
  return (picked ?? []).map(({ session }) => session);
}

/** Like {@link chosenSessions}, for commands that are for one session. */
export async function chosenSession(
  deps: ChoiceDeps,
  called: Called,
  choice: Choice,
  signal: AbortSignal,
): Promise<SessionSummary | undefined> {
  const [row] = clickedSessions(deps, called).filter(choice.fits);
  if (row !== undefined) {
    return row;
  }
  const items = await fittingItems(deps, choice, signal);
  if (items.length === 1) {
    return items[0]?.session;
  }
  const { placeHolder } = choice;
  return (await showQuickPick(items, { placeHolder, matchOnDescription: true }))?.session;
}

interface SessionItem extends PickItem {
  readonly session: SessionSummary;
}

async function fittingItems(
  { account, store, feed }: ChoiceDeps,
  { fits, none }: Choice,
  signal: AbortSignal,
): Promise<readonly SessionItem[]> {
  await connectWithProgress(account, signal);
  await feed.refresh(signal); // while nobody looks at the view, the store is as old as the last look
  const fitting = store.snapshot.sessions.filter(fits);
  if (fitting.length === 0) {
    throw new ConfigurationError("session", none);
  }
  return fitting.map((session) => ({
    label: session.name,
    description: `${wordOf(session.status)} · ${shortImage(session.image)}`,
    session,
  }));
}
