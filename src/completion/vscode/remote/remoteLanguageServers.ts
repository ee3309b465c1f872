import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { serverIdOf } from "../../../account/target.js";
import { isAbort } from "../../../base/abort.js";
import { ConfigurationError } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { contextKeys } from "../../../platform/commandIds.js";
import { maskedLogger } from "../../../platform/logChannel.js";
import { settings } from "../../../platform/settings.js";
import { wordsFor } from "../../../platform/describeError.js";
import { showError } from "../../../platform/messages.js";
import { showErrorMessage } from "../../../platform/shown/notifications.js";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import type { Conversation } from "../../remote/lifecycle/remoteServer.js";
import {
  type ConversationStart,
  RemoteServers,
  type ServerStatus,
} from "../../remote/lifecycle/remoteServers.js";
import { type ServedLanguage, servedLanguageOf } from "../../remote/servers/languageServers.js";
import { NoLanguageServerError } from "../../remote/servers/serverErrors.js";
import type { CodeSession } from "../../../sessions/interpreters.js";
import { sessionOfDocument } from "../../sessionOfDocument.js";
import { documentMapOf } from "./documentMapOf.js";
import { offerServerInstall } from "./offerServerInstall.js";
import type { RemoteLanguageServersDeps } from "./registerRemoteLanguageServers.js";
import { ServerStatusItems } from "./serverStatusItems.js";

/** The language servers of this window's sessions, as commands, documents and settings ask for them. */
export class RemoteLanguageServers implements Disposable {
  readonly #deps: RemoteLanguageServersDeps;
  readonly #owned = new DisposableStore();
  readonly #log: vscode.LogOutputChannel;
  readonly #servers: RemoteServers;
  /** Languages and sessions that a person has stopped, or that failed: no document starts them again. */
  readonly #refused = new Set<string>();
  /** Languages whose server the setting has started: it stops with the setting. */
  readonly #automatic = new Set<ServedLanguage>();

  constructor(deps: RemoteLanguageServersDeps) {
    this.#deps = deps;
    this.#log = vscode.window.createOutputChannel(l10n.t("Backend.AI Language Servers"), { log: true });
    this.#owned.add(this.#log);
    const { account, store, tunnels } = deps;
    this.#servers = this.#owned.add(
      new RemoteServers({
        ...{ store, tunnels, logger: maskedLogger(this.#log) },
        connection: account.connection,
        converse: async (start) => this.#converse(start),
      }),
    );
    const items = this.#owned.add(new ServerStatusItems());
    this.#owned.add(
      this.#servers.onDidChange((status) => {
        items.show(status);
        void vscode.commands.executeCommand("setContext", contextKeys.languageServers, true);
        if (status.state.phase === "stopped") {
          this.#stopped(status, status.state.error);
        }
      }),
    );
  }

  /** Starts the server for the document in front, in its own session, the clicked one, or one to be picked. */
  async start(signal: AbortSignal, clicked: unknown): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const language = document && servedLanguageOf(document.languageId);
    if (document === undefined || language === undefined) {
      throw new ConfigurationError(
        "language",
        document === undefined
          ? l10n.t("No file is open. Open a file of the language that a server is wanted for.")
          : l10n.t("No language server of a session is known for {0}.", document.languageId),
      );
    }
    const { account, store, feed } = this.#deps;
    const placeHolder = l10n.t("Session whose language server serves {0}", language.name);
    const chosen =
      (clicked === undefined
        ? sessionOfDocument(document.uri, account.connection.state, store)
        : undefined) ?? (await runningSession({ account, store, feed }, { clicked, placeHolder, signal }));
    if (chosen !== undefined) {
      this.#refused.delete(keyOf(language, chosen));
      this.#automatic.delete(language);
      await this.#servers.start(language, chosen);
    }
  }

  /** Stops the server of the language in front, or the one that a person picks. */
  async stop(): Promise<void> {
    const status = await this.#chosen(l10n.t("Language server to stop"));
    if (status !== undefined) {
      this.#refused.add(keyOf(status.language, status));
      await this.#servers.stop(status.language);
    }
  }

  async restart(): Promise<void> {
    const status = await this.#chosen(l10n.t("Language server to restart"));
    if (status !== undefined) {
      this.#refused.delete(keyOf(status.language, status));
      await this.#servers.restart(status.language);
    }
  }

  showLog(): void {
    this.#log.show();
  }

  /** Starts servers for open documents, as the setting has it: the document in front first. A language that is served stays where it is. */
  async followDocuments(): Promise<void> {
    for (const language of this.#automatic) {
      if (!settings.languageServerEnabled(language.languageIds)) {
        this.#automatic.delete(language);
        await this.#servers.stop(language);
      }
    }
    const front = vscode.window.activeTextEditor?.document;
    for (const document of [...(front ? [front] : []), ...vscode.workspace.textDocuments]) {
      const language = servedLanguageOf(document.languageId);
      if (language !== undefined && settings.languageServerEnabled(language.languageIds)) {
        await this.#serve(document, language);
      }
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #serve(document: vscode.TextDocument, language: ServedLanguage): Promise<void> {
    const { scheme } = document.uri;
    const phase = this.#servers.status(language)?.state.phase;
    const isOpen = scheme === "file" || scheme === "backendai";
    if (!isOpen || (phase !== undefined && phase !== "stopped")) {
      return;
    }
    const session = this.#deps.sessionFor(document);
    if (session !== undefined && !this.#refused.has(keyOf(language, session))) {
      this.#automatic.add(language);
      await this.#servers.start(language, session);
    }
  }

  async #converse(start: ConversationStart): Promise<Conversation> {
    const { account, formerNames } = this.#deps;
    const { state } = account.connection;
    if (state.phase !== "connected") {
      throw new DOMException("The server was left.", "AbortError"); // for programs
    }
    const documents = documentMapOf({ start, server: serverIdOf(state.target), formerNames });
    const { greetServer } = await import("./sessionClient.js"); // VS Code's client is heavy
    return greetServer({ ...start, documents, log: this.#log });
  }

  #stopped(status: ServerStatus, error: unknown): void {
    if (error === undefined || isAbort(error)) {
      return;
    }
    this.#refused.add(keyOf(status.language, status));
    const tell =
      error instanceof NoLanguageServerError
        ? this.#offerInstall(status, error)
        : this.#tellEnd(status, error);
    tell.catch((failure: unknown) => {
      if (!isAbort(failure)) {
        void showError(failure, "language server", this.#deps.logger); // for programs
      }
    });
  }

  async #tellEnd({ client, session, language }: ServerStatus, error: unknown): Promise<void> {
    const words = `${l10n.t("No language server for {0} runs in {1}.", language.name, session.name)} ${wordsFor(error)}`;
    maskedLogger(this.#log).error(words);
    const [again, showLog] = [l10n.t("Start Again"), l10n.t("Show Log")];
    const answer = await showErrorMessage(words, again, showLog);
    if (answer === showLog) {
      this.showLog();
    } else if (answer === again) {
      this.#refused.delete(keyOf(language, { session }));
      await this.#servers.start(language, { client, session });
    }
  }

  async #offerInstall(
    { client, session, language }: ServerStatus,
    error: NoLanguageServerError,
  ): Promise<void> {
    const ssh = this.#deps.tunnels.ssh(client, session.id);
    if (await offerServerInstall({ ssh, error, sessionName: session.name, log: this.#log })) {
      this.#refused.delete(keyOf(language, { session }));
      await this.#servers.start(language, { client, session });
    }
  }

  async #chosen(placeHolder: string): Promise<ServerStatus | undefined> {
    const all = this.#servers.all();
    const front = servedLanguageOf(vscode.window.activeTextEditor?.document.languageId ?? "");
    const own =
      all.find(({ language }) => language.id === front?.id) ?? (all.length === 1 ? all[0] : undefined);
    if (own !== undefined) {
      return own;
    }
    if (all.length === 0) {
      throw new ConfigurationError("languageServer", l10n.t("No language server of a session was started."));
    }
    const items = all.map((status) => ({
      label: status.language.name,
      description: status.session.name,
      status,
    }));
    return (await showQuickPick(items, { placeHolder }))?.status;
  }
}

function keyOf({ id }: ServedLanguage, { session }: Pick<CodeSession, "session">): string {
  return `${id} ${session.id}`;
}
