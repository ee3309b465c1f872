import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import { once } from "../base/once.js";
import type { Contributions } from "../platform/contributions/contributions.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import type { RunCode } from "./tool.js";

/** What tools for language models work with. */
export interface AssistantDeps {
  readonly contributions: Contributions;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly tunnels: SessionTunnels;
  readonly runCode: RunCode;
  readonly logger: Logger;
}

/** Tools for language models of the chat. Nothing of them is read before one is called. */
export function registerAssistant(deps: AssistantDeps): Disposable {
  const owned = new DisposableStore();
  const host = once(async () => owned.add(new (await import("./vscode/toolHost.js")).ToolHost(deps)));
  owned.add(
    deps.contributions.tools.provide({
      prepare: async (...asked) => (await host()).prepare(...asked),
      invoke: async (...asked) => (await host()).invoke(...asked),
    }),
  );
  return owned;
}
