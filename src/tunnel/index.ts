import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionBranches } from "../sessions/sessionBranches.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import { appBranch } from "./apps/appBranch.js";
import { forwardBranch } from "./forwards/forwardBranch.js";
import { Forwards } from "./forwards/forwards.js";
import { watchForwardedSessions } from "./ports/forwardWatches.js";
import type { PortWatcher } from "./ports/portWatcher.js";
import type { SessionTunnels } from "./sessionTunnels.js";
import { AppStarts, registerAppCommands } from "./vscode/appCommands.js";
import { registerPortCommands } from "./vscode/portCommands.js";
import { offerPorts } from "./vscode/portOffers.js";
import { registerRemoteSsh } from "./vscode/registerRemoteSsh.js";
import { showFailure } from "./vscode/tunnelDeps.js";

/** What apps and ports work with. */
export interface TunnelDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  /** Takes the forwards as rows under their sessions. */
  readonly branches: SessionBranches;
  readonly tunnels: SessionTunnels;
  /** Finds ports that started to listen; whoever uses a session has it watched. */
  readonly ports: PortWatcher;
  /** The bundle that ssh starts for each connection: `dist/proxy.cjs`. */
  readonly proxyProgram: string;
  /** The extension's folder for what outlives a window. */
  readonly globalStorage: string;
  readonly logger: Logger;
}

/** Apps, ports and ssh: the commands, the forwards, their rows, and offers of ports that started to listen. */
export function registerTunnel(deps: TunnelDeps): Disposable {
  const { account, store, feed, branches, tunnels, ports, logger } = deps;
  const owned = new DisposableStore();
  const forwards = owned.add(new Forwards({ connection: account.connection, store, tunnels, logger }));
  const parts = { ...deps, forwards };
  owned.add(branches.add(forwardBranch(forwards)));
  owned.add(branches.add(appBranch({ state: () => account.connection.state })));
  owned.add(
    forwards.onDidFail(({ forward, error }) => {
      void showFailure(error, `localhost:${forward.localPort}`, deps);
      feed.refresh().catch(() => undefined); // the session may be over; the store tells
    }),
  );
  const starts = new AppStarts();
  owned.add(registerAppCommands(parts, starts));
  for (const command of registerPortCommands(parts, starts)) {
    owned.add(command);
  }
  owned.add(offerPorts(parts, ports));
  owned.add(watchForwardedSessions(forwards, ports));
  owned.add(registerRemoteSsh(deps));
  return owned;
}
