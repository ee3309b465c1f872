import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { isOnThisComputer } from "../../../account/target.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { imageFor } from "../../../sessions/imageChoice.js";
import type { SessionFeed } from "../../../sessions/sessionFeed.js";
import type { SessionStarter } from "../../../sessions/sessionStarter.js";
import type { SessionStore } from "../../../sessions/sessionStore.js";
import { shortImage } from "../../../sessions/sessionTree.js";
import { pickImage } from "../../../sessions/vscode/imagePick.js";
import { startWithProgress } from "../../../sessions/vscode/startWithProgress.js";
import { phaseOf } from "../../../wire/status.js";
import type { CommandId } from "../../../platform/commandIds.js";
import { type PickItem, showQuickPick } from "../../../platform/shown/quickPick.js";
import type { Language } from "../../plan/languages.js";
import type { QueryConsoles } from "./queryConsoles.js";

/** What choosing works with. */
export interface QuerySessionPickDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly consoles: QueryConsoles;
}

interface Item extends PickItem {
  readonly session?: SessionSummary;
  readonly command?: CommandId;
  readonly isNew?: boolean;
}

/** Asks in which session a language's queries shall go on, and what else can be done about it. */
export async function pickQuerySession(
  deps: QuerySessionPickDeps,
  language: Language,
  signal: AbortSignal,
): Promise<void> {
  const { account, store, feed, consoles } = deps;
  const client = await connectWithProgress(account, signal);
  await feed.refresh(signal); // while nobody looks at the view, the store is as old as the last look
  const current = consoles.current(language);
  const running = store.snapshot.sessions.filter(
    ({ status, type }) => phaseOf(status) === "running" && type !== "batch",
  );
  const placeHolder = l10n.t("Session for cells and lines of {0}", language.name);
  const items = [
    ...running.map((session) => sessionItem(session, session.id === current?.session.id)),
    { icon: "add", label: l10n.t("New Session…"), isNew: true },
    ...(current === undefined ? [] : actionItems),
  ];
  const choice = await showQuickPick<Item>(items, { placeHolder, matchOnDescription: true });
  if (choice?.command !== undefined) {
    await vscode.commands.executeCommand(choice.command);
    return;
  }
  const session =
    choice?.isNew === true ? await startSession(deps, { client, language, signal }) : choice?.session;
  if (session !== undefined) {
    consoles.show(consoles.use(language, client, session));
  }
}

const actionItems: readonly Item[] = [
  { label: "", kind: vscode.QuickPickItemKind.Separator },
  {
    icon: "debug-restart",
    label: l10n.t("Reset Session State"),
    description: l10n.t("forgets variables, keeps files"),
    command: "backendai.query.reset",
  },
  { icon: "debug-stop", label: l10n.t("Interrupt"), command: "backendai.query.interrupt" },
  { icon: "beaker", label: l10n.t("Show Console"), command: "backendai.query.showConsole" },
];

function sessionItem(session: SessionSummary, isCurrent: boolean): Item {
  return {
    icon: isCurrent ? "check" : "vm-running",
    label: session.name,
    description: shortImage(session.image),
    session,
  };
}

/** On this computer a session costs nothing, so that any image of the language will do; elsewhere the person chooses. */
async function startSession(
  { account, starter }: QuerySessionPickDeps,
  {
    client,
    language,
    signal,
  }: { readonly client: BackendAIClient; readonly language: Language; readonly signal: AbortSignal },
): Promise<SessionSummary | undefined> {
  const images = await client.images.list({ signal });
  const { state } = account.connection;
  const suitable = imageFor(images, language.runtime);
  const isFree = state.phase === "connected" && isOnThisComputer(state.target);
  const image =
    isFree && suitable
      ? suitable
      : await pickImage(images, l10n.t("Image of the new session for {0}", language.name));
  return image && startWithProgress(starter, client, image, signal);
}
