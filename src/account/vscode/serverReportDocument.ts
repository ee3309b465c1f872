import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConfigurationError } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { ConnectionStore } from "../connectionStore.js";
import { targetLabel } from "../target.js";

const scheme = "backendai-server";

/** The document that tells what works on the server in use; it follows what is learned while it is open. */
export class ServerReportDocument implements Disposable {
  readonly #connection: ConnectionStore;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<vscode.Uri>());
  #followed = new DisposableStore();

  constructor(connection: ConnectionStore) {
    this.#connection = connection;
    this.#owned.add(
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        onDidChange: this.#didChange.event,
        provideTextDocumentContent: () => this.#text(),
      }),
    );
    this.#owned.add(connection.onDidChange(() => this.#follow()));
  }

  /**
   * Shows it.
   * @throws {ConfigurationError} without a connection.
   */
  async show(): Promise<void> {
    if (this.#connection.state.phase !== "connected") {
      throw new ConfigurationError(
        "server",
        l10n.t("No server is connected. Connect first, then ask what works there."),
      );
    }
    this.#follow();
    await vscode.commands.executeCommand("markdown.showPreview", this.#uri());
  }

  dispose(): void {
    this.#followed.dispose();
    this.#owned.dispose();
  }

  #uri(): vscode.Uri {
    return vscode.Uri.from({ scheme, path: `/${l10n.t("What Works on This Server")}.md` });
  }

  async #text(): Promise<string> {
    const { serverReport } = await import("../serverReport.js");
    const { state } = this.#connection;
    return state.phase === "connected"
      ? serverReport(state.client, targetLabel(state.target))
      : `${l10n.t("No server is connected.")}\n`;
  }

  /** What is learned of the server in use changes the document. */
  #follow(): void {
    this.#followed.dispose();
    this.#followed = new DisposableStore();
    const { state } = this.#connection;
    if (state.phase === "connected") {
      this.#followed.add(state.client.findings.onDidChange(() => this.#didChange.fire(this.#uri())));
    }
    this.#didChange.fire(this.#uri());
  }
}
