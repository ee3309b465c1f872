import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { isAbort } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { createTreeItem } from "../../platform/shown/treeItem.js";
import { widerSpanMs } from "../feed/endedSessions.js";
import { isBranchItem, type SessionBranches, type SessionBranchItem } from "../sessionBranches.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { groupNode, moreNode, type SessionNode, sessionNode } from "../sessionTree.js";
import type { SessionFactsStore } from "../tree/sessionFacts.js";
import type { SessionForest } from "../tree/sessionForest.js";
import { isSessionItem, type SessionItem, type TreeItem } from "../tree/sessionRows.js";
import { branchTreeItem } from "./branchTreeItem.js";

/** What the view shows: sessions in groups, and under sessions what other features have to show. */
export type SessionRow = TreeItem | SessionBranchItem;

/** What the rows are made of. */
export interface SessionTreeParts {
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly forest: SessionForest;
  readonly branches: SessionBranches;
  readonly facts: SessionFactsStore;
  readonly logger: Logger;
}

/** Rows below so few sessions are on show without being unfolded. */
export const mostUnfolded = 3;

/** The sessions as rows of a tree view. */
export class SessionTreeProvider implements vscode.TreeDataProvider<SessionRow> {
  readonly #parts: SessionTreeParts;
  readonly onDidChangeTreeData: vscode.Event<SessionRow | undefined>;

  constructor(parts: SessionTreeParts, didChange: vscode.Event<SessionRow | undefined>) {
    this.#parts = parts;
    this.onDidChangeTreeData = didChange;
  }

  async getChildren(parent?: SessionRow): Promise<SessionRow[]> {
    const { forest, branches, store, feed } = this.#parts;
    if (parent === undefined) {
      return [...forest.roots()];
    }
    if (isBranchItem(parent)) {
      return [...(await branches.children(parent))];
    }
    if (parent.kind === "session") {
      return [...branches.items(parent.session)];
    }
    if (parent.kind === "group" && parent.group === "ended" && store.ended.phase === "unknown") {
      await feed.readEnded(); // its failure is shown by VS Code, and unfolding tries again
    }
    return parent.kind === "group" ? [...forest.children(parent)] : [];
  }

  /** VS Code asks when a row is to be unfolded. */
  getParent(row: SessionRow): SessionRow | undefined {
    const { forest } = this.#parts;
    if (isBranchItem(row)) {
      return row.parent ?? forest.itemOf(row.sessionId);
    }
    return row.kind === "group" ? undefined : forest.parentOf(row);
  }

  getTreeItem(row: SessionRow): vscode.TreeItem {
    return isBranchItem(row) ? branchTreeItem(row) : this.#item(row);
  }

  /** Asked for when the pointer rests on a row. What arrives after the server was left is not shown. */
  async resolveTreeItem(
    item: vscode.TreeItem,
    row: SessionRow,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (isSessionItem(row)) {
      try {
        const { sessionTooltip } = await import("../tree/sessionTooltip.js");
        const facts = await this.#parts.facts.facts(row.session);
        if (!token.isCancellationRequested) {
          item.tooltip = new vscode.MarkdownString(sessionTooltip(facts));
        }
      } catch (error) {
        if (!isAbort(error)) {
          this.#parts.logger.debug(`the tooltip of a session: ${messageOf(error)}`);
        }
      }
    }
    return item;
  }

  #item(row: TreeItem): vscode.TreeItem {
    switch (row.kind) {
      case "session":
        return this.#sessionItem(row);
      case "group": {
        const isEnded = row.group === "ended";
        const isUnknown = isEnded && this.#parts.store.ended.phase === "unknown";
        const item = drawn(
          groupNode(row.group, isUnknown ? undefined : this.#parts.forest.countOf(row.group)),
        );
        const { wantsEnded } = this.#parts.forest;
        const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
        item.collapsibleState = isEnded && !wantsEnded ? Collapsed : Expanded;
        return item;
      }
      case "more": {
        const { forest, store } = this.#parts;
        const hidden = forest.hiddenIn(row.group);
        const item = drawn(moreNode(row.group, { hidden, spanMs: widerSpanMs(store.ended.spanMs) }));
        item.command = {
          command: "backendai.sessions.showMore",
          title: l10n.t("Show More"),
          arguments: [row],
        };
        return item;
      }
    }
  }

  #sessionItem({ session }: SessionItem): vscode.TreeItem {
    const { branches, feed, store } = this.#parts;
    const item = drawn(sessionNode(session, { now: Date.now(), showsOwner: feed.scope.scope === "all" }));
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const isOpen = store.size <= mostUnfolded;
    item.collapsibleState = branches.items(session).length === 0 ? None : isOpen ? Expanded : Collapsed;
    return item;
  }
}

function drawn(node: SessionNode): vscode.TreeItem {
  const item = createTreeItem(node);
  const { icon } = node;
  if (icon !== undefined) {
    const color = icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color);
    item.iconPath = new vscode.ThemeIcon(icon.name, color);
  }
  return item;
}
