import * as vscode from "vscode";
import { type Disposable, toDisposable } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { showError } from "../../../platform/messages.js";
import { childProcess } from "../../debug/childProcess.js";
import { isDapMessage } from "../../debug/dap/messages.js";
import { DebugConversation } from "../../debug/debugConversation.js";
import { type DebugPreparationDeps, prepareDebug } from "./debugPreparation.js";

/** Gives VS Code a debug adapter that speaks through the tunnel: nothing listens on this computer. */
export class DebugAdapters implements Disposable {
  readonly #deps: DebugPreparationDeps;
  readonly #logger: Logger;
  readonly #conversations = new Map<string, DebugConversation>();

  constructor(deps: DebugPreparationDeps, logger: Logger) {
    this.#deps = deps;
    this.#logger = logger;
  }

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const { configuration, workspaceFolder: folder } = session;
    const parent = this.#conversations.get(session.parentSession?.id ?? "");
    const conversation = new DebugConversation({
      prepare: async (signal, say) =>
        parent === undefined
          ? prepareDebug(this.#deps, { configuration, folder, signal, say })
          : childProcess(parent, configuration),
      onFailure: (error) => void showError(error, "debug", this.#logger),
    });
    this.#conversations.set(session.id, conversation);
    const release = toDisposable(() => {
      conversation.dispose();
      if (this.#conversations.get(session.id) === conversation) {
        this.#conversations.delete(session.id);
      }
    });
    return new vscode.DebugAdapterInlineImplementation(new InlineAdapter(conversation, release));
  }

  dispose(): void {
    for (const conversation of this.#conversations.values()) {
      conversation.dispose();
    }
    this.#conversations.clear();
  }
}

/** A conversation in VS Code's form of an adapter. */
class InlineAdapter extends vscode.Disposable implements vscode.DebugAdapter {
  readonly #conversation: DebugConversation;

  readonly onDidSendMessage: vscode.Event<vscode.DebugProtocolMessage>;

  constructor(conversation: DebugConversation, release: Disposable) {
    const didSend = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
    super(() => {
      release.dispose();
      didSend.dispose();
    });
    this.#conversation = conversation;
    this.onDidSendMessage = didSend.event;
    conversation.onDidSend((message) => didSend.fire(message));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    if (isDapMessage(message)) {
      this.#conversation.handle(message);
    }
  }
}
