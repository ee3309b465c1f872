import * as l10n from "@vscode/l10n";
import os from "node:os";
import path from "node:path";
import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { shellQuote } from "../../base/text.js";
import { withProgress } from "../../platform/progress.js";
import { showInformationMessage, showWarningMessage } from "../../platform/shown/notifications.js";
import { setStatusBarMessage } from "../../platform/shown/statusBar.js";
import type { SessionFeed } from "../../sessions/sessionFeed.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { runningSession } from "../../sessions/vscode/runningSession.js";
import { includeLine } from "../external/config/hostBlock.js";
import { UserSshConfig } from "../external/config/userSshConfig.js";
import { ExternalSsh, type SshOffer } from "../external/externalSsh.js";
import type { SessionTunnels } from "../sessionTunnels.js";

/** Extensions that open a window on an ssh host: Microsoft's, and the one for builds that may not use it. */
const remoteSshExtensions = ["ms-vscode-remote.remote-ssh", "jeanp413.open-remote-ssh"];

/** What the ssh commands work with. */
export interface RemoteSshDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
  /** The bundle that ssh starts for each connection: `dist/proxy.cjs`. */
  readonly proxyProgram: string;
  /** The extension's folder for what outlives a window. */
  readonly globalStorage: string;
}

/** Lets other ssh programs, Remote-SSH first, into sessions. What was opened ends with it. */
export class RemoteSsh implements Disposable {
  readonly #deps: RemoteSshDeps;
  readonly #external: ExternalSsh;

  constructor(deps: RemoteSshDeps) {
    this.#deps = deps;
    this.#external = new ExternalSsh({
      node: process.execPath,
      proxyProgram: deps.proxyProgram,
      folder: path.join(deps.globalStorage, "ssh"),
      logger: deps.logger,
    });
  }

  /** Opens the clicked session, or one that is picked, in a window of Remote-SSH. */
  async openRemote(signal: AbortSignal, clicked: unknown): Promise<void> {
    const offer = await offerSession(this.#deps, this.#external, { clicked, signal });
    if (offer !== undefined) {
      await openRemote(this.#external, offer);
    }
  }

  /** Copies the command by which any ssh program gets there. */
  async copyCommand(signal: AbortSignal, clicked: unknown): Promise<void> {
    const offer = await offerSession(this.#deps, this.#external, { clicked, signal });
    if (offer !== undefined) {
      await copyCommand(offer);
    }
  }

  dispose(): void {
    this.#external.dispose();
  }
}

async function offerSession(
  deps: RemoteSshDeps,
  external: ExternalSsh,
  { clicked, signal }: { readonly clicked: unknown; readonly signal: AbortSignal },
): Promise<SshOffer | undefined> {
  const placeHolder = l10n.t("Session to open by ssh");
  const chosen = await runningSession(deps, { clicked, placeHolder, signal });
  if (chosen === undefined) {
    return undefined;
  }
  const { client, session } = chosen;
  return withProgress(
    l10n.t("Logging in to {0}", session.name),
    async (logging) => {
      const identity = await deps.tunnels.ssh(client, session.id).identity(logging);
      return external.offer({
        id: session.id,
        name: session.name,
        identity,
        open: opener(deps.account, client, session),
      });
    },
    signal,
  );
}

/** Opens streams by the connection of the time, as long as it is one to the same server. */
function opener(account: Account, { endpoint }: BackendAIClient, { id }: SessionSummary) {
  return async (signal: AbortSignal) => {
    const { state } = account.connection;
    if (state.phase !== "connected" || state.client.endpoint !== endpoint) {
      throw new ConfigurationError(
        "server",
        l10n.t("The window that opened this session has left its server."),
      );
    }
    const { TunnelDuplex } = await import("../tunnelDuplex.js");
    return new TunnelDuplex(await state.client.apps.openTunnel(id, "sshd", { signal }));
  };
}

async function openRemote(external: ExternalSsh, offer: SshOffer): Promise<void> {
  const obstacle = obstacleToRemoteSsh();
  if (obstacle !== undefined) {
    await offerTexts(offer, obstacle);
    return;
  }
  if (!(await includeInUserConfig(external, offer))) {
    return;
  }
  const remoteAuthority = `ssh-remote+${offer.host}`;
  await vscode.commands.executeCommand("vscode.newWindow", { remoteAuthority, reuseWindow: false });
  await showInformationMessage(
    l10n.t(
      "{0} opens in a window of its own. This window carries its connection and has to stay open.",
      offer.host,
    ),
  );
}

/** Why Remote-SSH can't be used from this window, in a sentence. */
function obstacleToRemoteSsh(): string | undefined {
  if (vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web) {
    return l10n.t(
      "Remote-SSH runs where you sit, and this window's sessions are reached from another computer.",
    );
  }
  return remoteSshExtensions.some((id) => vscode.extensions.getExtension(id) !== undefined)
    ? undefined
    : l10n.t(
        "Remote-SSH is not installed in this VS Code. Any ssh program of this computer can be used instead.",
      );
}

async function offerTexts(offer: SshOffer, why: string): Promise<void> {
  const [command, config] = [l10n.t("Copy ssh Command"), l10n.t("Copy Config")];
  const choice = await showInformationMessage(why, command, config);
  if (choice === command) {
    await copyCommand(offer);
  } else if (choice === config) {
    await vscode.env.clipboard.writeText(await readFile(offer.configFile, "utf8"));
  }
}

async function copyCommand({ host, configFile }: SshOffer): Promise<void> {
  const file = process.platform === "win32" ? `"${configFile}"` : shellQuote(configFile);
  await vscode.env.clipboard.writeText(`ssh -F ${file} ${host}`);
  setStatusBarMessage(l10n.t("ssh command copied; it works while this window is open"), 5000);
}

/** Whether Remote-SSH finds our hosts: asks once for the one line that it takes. */
async function includeInUserConfig(external: ExternalSsh, offer: SshOffer): Promise<boolean> {
  const config = new UserSshConfig(userConfigFile());
  const line = includeLine(external.live.pattern);
  if (await config.has(line)) {
    return true;
  }
  const detail = [
    l10n.t("Remote-SSH knows the hosts of {0}. This line would be put at its top:", config.file),
    line,
    l10n.t("It names sessions while the windows that opened them are there, and holds no key."),
  ].join("\n\n");
  const [add, copy] = [l10n.t("Add Line"), l10n.t("Copy ssh Command")];
  const choice = await showWarningMessage(
    l10n.t("Add a line to your ssh configuration?"),
    { modal: true, detail },
    add,
    copy,
  );
  if (choice === add) {
    await config.add(line);
  } else if (choice === copy) {
    await copyCommand(offer);
  }
  return choice === add;
}

/** The configuration that Remote-SSH reads. */
function userConfigFile(): string {
  const configured = vscode.workspace.getConfiguration("remote.SSH").get<unknown>("configFile");
  return typeof configured === "string" && configured !== ""
    ? configured.replace(/^~(?=[/\\]|$)/, os.homedir())
    : path.join(os.homedir(), ".ssh", "config");
}
