import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { connectWithProgress } from "../../account/vscode/connectWithProgress.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { sessionNode } from "../sessionTree.js";
import { clickedSessions } from "./clickedSessions.js";
import type { SessionRow } from "./sessionTreeProvider.js";

/** What the commands of the view work with. */
export interface SessionCommandDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly view: vscode.TreeView<SessionRow>;
}

/** Commands of the view that change nothing: refresh, copy id. */
export function registerSessionCommands(
  commands: Commands,
  { account, store, feed, view }: SessionCommandDeps,
): Disposable[] {
  commands.offerRows(["backendai.sessions.copyId", "backendai.sessions.export"], {
    selected: () => (view.visible ? clickedSessions({ store, view }, { clicked: undefined, all: [] }) : []),
    below: async (_, signal) => {
      await connectWithProgress(account, signal);
      await feed.refresh(signal);
      return store.snapshot.sessions;
    },
    lookOf: (session) => {
      const { icon, ...node } = sessionNode(session, { now: Date.now() });
      return { ...node, icon: icon?.name ?? "vm", isFolded: false };
    },
  });
  return [
    commands.register("backendai.sessions.refresh", (signal) => feed.refresh(signal)),
    commands.register("backendai.sessions.copyId", async (_, clicked, all) => {
      const ids = clickedSessions({ store, view }, { clicked, all }).map(({ id }) => id);
      await vscode.env.clipboard.writeText(ids.join("\n"));
    }),
  ];
}
