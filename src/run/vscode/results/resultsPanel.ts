import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { within } from "../../../base/abort.js";
import { CoalescedTask } from "../../../base/coalesce.js";
import { messageOf } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { type PageMessage, parsePageMessage } from "../../results/page/pageMessage.js";
import { PageMirror } from "../../results/page/pageMirror.js";
import { panelPage } from "../../results/render/panelPage.js";
import type { ResultStore } from "../../results/resultStore.js";

/** Not one of our dotted names: those are commands, settings and context keys. */
const viewType = "backendaiResults";
/** What comes within this time is drawn at once, in milliseconds. */
const gatherMs = 100;
/** HTML of one message to the page, in characters. */
const messageCharacters = 2_000_000;
/** A page that takes nothing for this long is taken for hidden, in milliseconds. */
const deliveryMs = 15_000;

/** What the panel works with. */
export interface ResultsPanelDeps {
  readonly store: ResultStore;
  /** Where the files of its page are (`media/results`). */
  readonly mediaRoot: vscode.Uri;
  readonly logger: Logger;
  /** Told what is pressed on the page, but for what concerns the page alone. */
  readonly onAction: (message: Exclude<PageMessage, { type: "ready" }>) => void;
}

/**
 * The panel beside the editor that shows the store, at most one a window. Hidden, it costs nothing; it is not restored with
 * the window, since results do not outlive it.
 */
export class ResultsPanel implements Disposable {
  readonly #deps: ResultsPanelDeps;
  readonly #mirror: PageMirror;
  readonly #owned = new DisposableStore();
  readonly #draw = new CoalescedTask(() => this.#send());
  #panel: vscode.WebviewPanel | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether there is a page that listens, and whether it shows nothing yet. */
  #page: "none" | "empty" | "filled" = "none";

  constructor(deps: ResultsPanelDeps) {
    this.#deps = deps;
    this.#mirror = new PageMirror(deps.store);
    this.#owned.add(deps.store.onDidChange(() => this.#drawSoon()));
    this.#owned.defer(() => clearTimeout(this.#timer));
    this.#owned.defer(() => {
      this.#panel?.dispose();
    });
  }

  /** Opens it beside the editor, or brings it to the front where it is. */
  show({ preserveFocus }: { readonly preserveFocus: boolean }): void {
    if (this.#panel === undefined) {
      this.#panel = this.#open(preserveFocus);
    } else if (!this.#panel.visible || !preserveFocus) {
      this.#panel.reveal(undefined, preserveFocus);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #open(preserveFocus: boolean): vscode.WebviewPanel {
    const { mediaRoot } = this.#deps;
    const panel = vscode.window.createWebviewPanel(
      viewType,
      l10n.t("Backend.AI Results"),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus },
      { enableScripts: true, localResourceRoots: [mediaRoot] },
    );
    panel.iconPath = {
      light: vscode.Uri.joinPath(mediaRoot, "icon-light.svg"),
      dark: vscode.Uri.joinPath(mediaRoot, "icon-dark.svg"),
    };
    panel.webview.onDidReceiveMessage((message: unknown) => this.#take(message));
    panel.onDidChangeViewState(() => {
      this.#page = panel.visible ? this.#page : "none"; // shown again, it is a new page
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#page = "none";
    });
    const file = (name: string): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(mediaRoot, name)).toString();
    panel.webview.html = panelPage({
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(18).toString("base64url"),
      styles: file("results.css"),
      scripts: [file("frames.js"), file("page.js")],
    });
    return panel;
  }

  #take(value: unknown): void {
    const message = parsePageMessage(value);
    if (message?.type === "ready") {
      this.#mirror.reset();
      this.#page = "empty";
      this.#drawNow();
    } else if (message !== undefined) {
      this.#deps.onAction(message);
    }
  }

  #drawSoon(): void {
    this.#timer ??= setTimeout(() => this.#drawNow(), gatherMs);
  }

  #drawNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draw.run().catch((error: unknown) => {
      this.#page = "none";
      this.#deps.logger.warn(`results were not drawn: ${messageOf(error)}`);
    });
  }

  async #send(): Promise<void> {
    const takeNext = () => (this.#page === "none" ? [] : this.#mirror.next(messageCharacters));
    let patches = takeNext();
    while (patches.length > 0 && this.#panel !== undefined) {
      const rest = takeNext();
      const isWhole = this.#page === "empty" && rest.length === 0;
      const sent = this.#panel.webview.postMessage({ type: "patches", patches, isWhole });
      await within(Promise.resolve(sent), deliveryMs, "idle", "Drawing results"); // for programs
      this.#page = isWhole ? "filled" : this.#page;
      patches = rest;
    }
  }
}
