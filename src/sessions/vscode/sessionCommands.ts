import * as vscode from "vscode";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { clickedSessions } from "./clickedSessions.js";
import type { SessionRow } from "./sessionTreeProvider.js";

/** What the commands of the view work with. */
export interface SessionCommandDeps {
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly view: vscode.TreeView<SessionRow>;
}

/** Commands of the view that change nothing: refresh, copy id. */
export function registerSessionCommands(
  commands: Commands,
  { store, feed, view }: SessionCommandDeps,
): Disposable[] {
  return [
    commands.register("backendai.sessions.refresh", (signal) => feed.refresh(signal)),
    commands.register("backendai.sessions.copyId", async (_, clicked, all) => {
      const ids = clickedSessions({ store, view }, { clicked, all }).map(({ id }) => id);
      await vscode.env.clipboard.writeText(ids.join("\n"));
    }),
  ];
}
