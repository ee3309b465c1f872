import path from "node:path";
import * as vscode from "vscode";
import { Account } from "./account/account.js";
import { type Connector, ConnectionStore } from "./account/connectionStore.js";
import type { ProfileDoor } from "./account/connector.js";
import { registerAccount } from "./account/index.js";
import { ProfileSecrets } from "./account/profiles/profileSecrets.js";
import { ProfileStore } from "./account/profiles/profileStore.js";
import { ServerMemory } from "./account/serverMemory.js";
import { serversSetting } from "./account/vscode/serversSetting.js";
import { registerAssistant } from "./assistant/index.js";
import type { DisposableStore } from "./base/lifecycle.js";
import { Tally } from "./base/tally.js";
import { registerCompletion } from "./completion/index.js";
import { registerFiles } from "./files/index.js";
import { Commands } from "./platform/commands.js";
import type { Contributions } from "./platform/contributions/contributions.js";
import { createLogChannel } from "./platform/logChannel.js";
import { showError } from "./platform/messages.js";
import { networkSettings } from "./platform/network.js";
import { registerRun } from "./run/index.js";
import { registerSessions } from "./sessions/index.js";
import { Interpreters } from "./sessions/interpreters.js";
import { FormerNames } from "./sessions/lifecycle/formerNames.js";
import { SessionBranches } from "./sessions/sessionBranches.js";
import { SessionFeed } from "./sessions/sessionFeed.js";
import { SessionStarter } from "./sessions/sessionStarter.js";
import { SessionStore } from "./sessions/sessionStore.js";
import { SessionsInView } from "./sessions/usage/sessionsInView.js";
import { registerSupport } from "./support/index.js";
import { registerTerminal } from "./terminal/index.js";
import { HostKeys } from "./tunnel/hostKeys.js";
import { registerTunnel } from "./tunnel/index.js";
import { registerWelcome } from "./welcome/index.js";
import { PortWatcher } from "./tunnel/ports/portWatcher.js";
import { SessionTunnels } from "./tunnel/sessionTunnels.js";

/**
 * Puts the rooms together, when VS Code first asks for one. Nothing here touches the network or loads a heavy module: that happens
 * when a command or an open view asks for it.
 * @param contributions Takes what answers VS Code; commands last, when all of them have a handler.
 * @param owned Takes everything that ends at once.
 * @returns What has to be awaited at the end: the connection, and with it the local engine.
 */
export function compose(
  context: vscode.ExtensionContext,
  contributions: Contributions,
  owned: DisposableStore,
): () => Promise<void> {
  const { channel, logger, problems } = createLogChannel();
  owned.add(channel);
  const commands = owned.add(new Commands(logger, context.extension.packageJSON));
  owned.add(commands.register("backendai.log.show", () => channel.show()));

  const secrets = owned.add(new ProfileSecrets(context.secrets));
  const servers = {
    engineProgram: context.asAbsolutePath(path.join("dist", "engine.cjs")),
    nodePty: nodePtyOf(vscode.env.appRoot),
    userAgent: `Backend.AI Sessions for VS Code ${vscode.version}`, // for programs
    logger,
    memory: new ServerMemory(context.globalState, logger),
    secrets,
    network: networkSettings,
  };
  // How to connect is read when somebody first does.
  const connect: Connector = async (target, signal) =>
    (await import("./account/connector.js")).createConnector(servers)(target, signal);
  const door: ProfileDoor = async (profile, credentials, signal) =>
    (await import("./account/connector.js")).createProfileDoor(servers)(profile, credentials, signal);
  const connection = new ConnectionStore(connect, logger);
  const profiles = owned.add(new ProfileStore(owned.add(serversSetting())));
  const memory = context.workspaceState;
  const account = owned.add(new Account({ connection, profiles, environment: process.env, memory }));
  const store = new SessionStore();
  owned.add(
    registerAccount({
      ...{ commands, account, secrets, logger, door },
      liveSessions: () => store.size,
    }),
  );

  const feed = owned.add(new SessionFeed({ connection, store, logger }));
  const starter = new SessionStarter({ feed, logger });
  const branches = owned.add(new SessionBranches());
  const formerNames = new FormerNames(memory);
  const hostKeys = new HostKeys(context.globalState, logger);
  const tunnels = owned.add(new SessionTunnels({ connection, hostKeys, logger }));
  owned.add(store.onDidEnd((id) => tunnels.forget(id)));
  const inView = owned.add(new SessionsInView());
  const interpreters = owned.add(new Interpreters({ store, client: () => connection.current }));
  const tally = new Tally();
  const globalStorage = context.globalStorageUri.fsPath;
  owned.add(
    registerSessions({
      ...{ commands, contributions, account, store, feed, starter, branches, inView, formerNames },
      ...{ globalStorage, logger },
      state: context.globalState,
      extensionId: context.extension.id,
      connectedSessions: () => tunnels.connected(connection.current),
    }),
  );

  const resultsMedia = vscode.Uri.joinPath(context.extensionUri, "media", "results");
  owned.add(
    registerRun({
      ...{ commands, contributions, account, store, feed, starter, tunnels, interpreters, tally, logger },
      globalStorage,
      resultsMedia,
    }),
  );

  owned.add(
    registerCompletion({ commands, account, store, feed, tunnels, interpreters, formerNames, logger }),
  );

  owned.add(
    registerFiles({
      ...{
        commands,
        contributions,
        account,
        store,
        feed,
        starter,
        branches,
        tunnels,
        formerNames,
        globalStorage,
        tally,
        logger,
      },
    }),
  );

  const ports = owned.add(new PortWatcher({ connection, tunnels, logger }));
  owned.add(
    registerTunnel({
      commands,
      account,
      store,
      feed,
      branches,
      tunnels,
      ports,
      proxyProgram: context.asAbsolutePath(path.join("dist", "proxy.cjs")),
      globalStorage,
      logger,
    }),
  );
  owned.add(
    registerTerminal({
      commands,
      contributions,
      account,
      store,
      feed,
      starter,
      tunnels,
      inView,
      logger,
      state: context.workspaceState,
      onDidStop: (error) => void showError(error, "terminal", logger),
      watchPorts: (client, session) => ports.watch(client, session),
    }),
  );

  owned.add(
    registerWelcome({
      commands,
      extensionId: context.extension.id,
      sample: vscode.Uri.joinPath(context.extensionUri, "samples", "hello.py"),
      globalStorage: context.globalStorageUri,
    }),
  );
  owned.add(
    registerAssistant({
      ...{ contributions, account, store, feed, starter, tunnels, logger },
      runCode: async (...code) => (await import("./run/query/collectedRun.js")).collectRun(...code),
    }),
  );
  owned.add(
    registerSupport({
      ...{ commands, account, store, tally, problems, logger },
      logFolder: context.logUri.fsPath,
      extensionVersion: versionOf(context.extension.packageJSON),
    }),
  );

  commands.assertComplete();
  owned.add(contributions.commands.provide(commands));
  return () => connection.disconnect();
}

function versionOf(manifest: unknown): string {
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "";
}

/** The terminal library that VS Code itself ships; the engine's terminals use it. */
function nodePtyOf(appRoot: string): string {
  return path.join(appRoot, "node_modules", "node-pty");
}
