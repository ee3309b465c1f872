import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import type { SessionSummary } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import { plural } from "../../base/text.js";
import type { Commands } from "../../platform/commands.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import type { SessionRow } from "./sessionTreeProvider.js";

/** What the session commands work with. */
export interface SessionCommandDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly view: vscode.TreeView<SessionRow>;
}

/** Commands on sessions that are there: restart, destroy, refresh, copy id. */
export function registerSessionCommands(commands: Commands, deps: SessionCommandDeps): Disposable[] {
  return [
    commands.register("backendai.sessions.refresh", (signal) => deps.feed.refresh(signal)),
    commands.register("backendai.sessions.destroy", (signal, clicked, all) =>
      destroySessions(deps, chosen(deps, clicked, all), signal),
    ),
    commands.register("backendai.sessions.restart", (signal, clicked) =>
      restartSession(deps, chosen(deps, clicked, undefined), signal),
    ),
    commands.register("backendai.sessions.copyId", async (_, clicked, all) => {
      const ids = chosen(deps, clicked, all).map((session) => session.id);
      await vscode.env.clipboard.writeText(ids.join("\n"));
    }),
  ];
}

async function restartSession(
  { account, feed }: SessionCommandDeps,
  [session]: readonly SessionSummary[],
  signal: AbortSignal,
): Promise<void> {
  const detail = "Running programs and terminals end; files stay.";
  if (session === undefined) {
    throw new ConfigurationError("session", "Select the session to restart in the Sessions view.");
  }
  const question = `Restart session ${session.name}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, "Restart")) === "Restart") {
    const client = await account.client(signal);
    await client.sessions.restart(session.id, { signal });
    await feed.refresh();
  }
}

async function destroySessions(
  { account, feed }: SessionCommandDeps,
  sessions: readonly SessionSummary[],
  signal: AbortSignal,
): Promise<void> {
  if (sessions.length === 0 || !(await confirmDestroy(sessions))) {
    return;
  }
  const client = await account.client(signal);
  const results = await Promise.allSettled(
    sessions.map((session) => client.sessions.destroy(session.id, {}, { signal })),
  );
  await feed.refresh();
  const failed = results.find((result) => result.status === "rejected");
  if (failed) {
    throw failed.reason;
  }
}

async function confirmDestroy(sessions: readonly SessionSummary[]): Promise<boolean> {
  const first = sessions[0]?.name ?? "";
  const what = sessions.length === 1 ? `session ${first}` : plural(sessions.length, "session");
  const detail = "Running programs end, and files outside mounted folders are deleted.";
  return (
    (await vscode.window.showWarningMessage(`Destroy ${what}?`, { modal: true, detail }, "Destroy")) ===
    "Destroy"
  );
}

/** The sessions that a menu was opened on, else the selected ones; rows under sessions are none. */
function chosen(
  { store, view }: SessionCommandDeps,
  clicked: unknown,
  all: unknown,
): readonly SessionSummary[] {
  const rows: readonly unknown[] = Array.isArray(all)
    ? all
    : clicked === undefined
      ? view.selection
      : [clicked];
  return rows.flatMap((row) => (isRow(row) ? (store.find(row.id) ?? []) : []));
}

function isRow(value: unknown): value is { readonly id: string } {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}
