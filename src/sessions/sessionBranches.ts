import * as l10n from "@vscode/l10n";
import type { SessionSummary } from "../api/index.js";
import { Emitter, type Event } from "../base/event.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import { describeError } from "../platform/describeError.js";

/** A row under a session, without anything of VS Code. */
export interface BranchRow {
  /** Unique among all rows of the view. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Plain text. */
  readonly tooltip: string;
  /** The name of a codicon; `file` and `folder` are drawn as the icon theme has them for `resource`. */
  readonly icon: string;
  /** For `viewItem` in `package.json`. */
  readonly contextValue: string;
  readonly accessibleLabel: string;
  /** What a click does; it is called with the row's {@link SessionBranchItem}. */
  readonly command?: { readonly id: string; readonly title: string };
  /** Whether it has rows below it, which are asked for when it is first unfolded. */
  readonly isFolded?: boolean;
  /** The document or folder that it stands for. */
  readonly resource?: BranchResource;
}

/** The address of a row's document or folder, as the parts of a `vscode.Uri`. */
export interface BranchResource {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  /** Whether a click opens it in an editor. */
  readonly isDocument: boolean;
}

/** What was dropped onto a row of the view. */
export interface BranchDrop {
  /** Rows of the view itself. */
  readonly rows: readonly SessionBranchItem[];
  /** Addresses of documents and folders, from the Explorer, editors or other windows. */
  readonly uris: readonly string[];
  /** Files whose bytes are all that is known, such as from the desktop of somebody who uses a browser. */
  readonly files: readonly { readonly name: string; read(): Promise<Uint8Array> }[];
}

/** What a feature shows under sessions. */
export interface SessionBranch {
  /** The rows of a session, in order; empty where there is nothing to show. */
  rows(session: SessionSummary): readonly BranchRow[];
  /**
   * The rows below one of its rows that is `isFolded`. Asked for whenever the view is drawn anew, so that what is costly should be
   * kept. What it throws is shown as a row, with a way to try again.
   */
  children?(item: SessionBranchItem): Promise<readonly BranchRow[]>;
  /** One of its rows was unfolded, also one whose rows below are known. */
  unfolded?(item: SessionBranchItem): void;
  /** Something was dropped onto one of its rows. */
  drop?(target: SessionBranchItem, dropped: BranchDrop): Promise<void>;
  /** The rows right under sessions are others; absent where they depend on the sessions alone. */
  readonly onDidChange?: Event<void>;
  /** The rows below the row with this id are others. */
  readonly onDidChangeChildren?: Event<string>;
}

/** A row in the view: what commands get that are called on it. */
export interface SessionBranchItem {
  readonly sessionId: string;
  readonly row: BranchRow;
  /** The row that it is under; absent right under a session. */
  readonly parent?: SessionBranchItem | undefined;
}

/** A row that stands where rows should be; a click on it tries again. */
const failedRow = "branch.failed";

/** The command that asks again for the rows that could not be had. */
const retryCommand = "backendai.sessions.retryRows";

/** A row on show. It is the same object as long as its row is there: VS Code knows rows by their objects. */
interface ShownItem extends SessionBranchItem {
  row: BranchRow;
  readonly branch: SessionBranch;
  readonly parent: ShownItem | undefined;
  below: ReadonlyMap<string, ShownItem>;
}

/** The branches of all features, in the order in which they were added. Who makes it disposes it. */
export class SessionBranches implements Disposable {
  readonly #branches = new Set<SessionBranch>();
  readonly #didChange = new Emitter<SessionBranchItem | undefined>();
  /** The rows right under each session, by their ids. */
  readonly #roots = new Map<string, ReadonlyMap<string, ShownItem>>();
  readonly #shown = new Map<string, ShownItem>();

  /** The row whose rows below are to be asked for again; `undefined`: all of the view. */
  readonly onDidChange = this.#didChange.event;

  /** Shows a branch until the result is disposed. */
  add(branch: SessionBranch): Disposable {
    const shown = new DisposableStore();
    this.#branches.add(branch);
    shown.defer(() => {
      this.#branches.delete(branch);
      this.#didChange.fire(undefined);
    });
    if (branch.onDidChange !== undefined) {
      shown.add(branch.onDidChange(() => this.#didChange.fire(undefined)));
    }
    if (branch.onDidChangeChildren !== undefined) {
      shown.add(branch.onDidChangeChildren((id) => this.#changed(this.#shown.get(id))));
    }
    return shown;
  }

  /** The rows right under a session. */
  items(session: SessionSummary): readonly SessionBranchItem[] {
    const { id: sessionId } = session;
    const rows = [...this.#branches].flatMap((branch) =>
      branch.rows(session).map((row) => ({ branch, row })),
    );
    const items = this.#update(this.#roots.get(sessionId), rows, { sessionId, parent: undefined });
    this.#roots.set(sessionId, items);
    return [...items.values()];
  }

  /** The rows below a row, asked for anew. Never rejects: a failure is a row. */
  async children(parent: SessionBranchItem): Promise<readonly SessionBranchItem[]> {
    const shown = this.#shown.get(parent.row.id);
    if (shown?.row.isFolded !== true) {
      return [];
    }
    const { branch, sessionId } = shown;
    const rows = await (branch.children?.(shown) ?? Promise.resolve([])).catch((error: unknown) => [
      failureRow(shown, error),
    ]);
    if (this.#shown.get(shown.row.id) !== shown) {
      return []; // it went away meanwhile, and its rows with it
    }
    const named = rows.map((row) => ({ branch, row }));
    shown.below = this.#update(shown.below, named, { sessionId, parent: shown });
    return [...shown.below.values()];
  }

  /** The row with this id, while it is on show. */
  find(rowId: string): SessionBranchItem | undefined {
    return this.#shown.get(rowId);
  }

  /** Asks again for the rows that a failure stands for. */
  retry(failure: SessionBranchItem): void {
    this.#changed(failure.parent);
  }

  /** Tells the feature that shows a row that it was unfolded. */
  unfolded({ row }: SessionBranchItem): void {
    const shown = this.#shown.get(row.id);
    shown?.branch.unfolded?.(shown);
  }

  /** Hands what was dropped onto a row to the feature that shows it. */
  async drop(target: SessionBranchItem, dropped: BranchDrop): Promise<void> {
    await this.#shown.get(target.row.id)?.branch.drop?.(target, dropped);
  }

  /** Ids of the sessions whose rows were asked for. */
  drawn(): readonly string[] {
    return [...this.#roots.keys()];
  }

  /** Forgets the rows of these sessions. */
  forget(sessionIds: Iterable<string>): void {
    for (const sessionId of sessionIds) {
      this.#forget(this.#roots.get(sessionId) ?? new Map<string, ShownItem>());
      this.#roots.delete(sessionId);
    }
  }

  /** Forgets the rows of all other sessions. */
  keepOnly(sessionIds: ReadonlySet<string>): void {
    this.forget(this.drawn().filter((sessionId) => !sessionIds.has(sessionId)));
  }

  dispose(): void {
    this.#didChange.dispose();
    this.#branches.clear();
    this.#roots.clear();
    this.#shown.clear();
  }

  #changed(item: SessionBranchItem | undefined): void {
    if (item !== undefined) {
      this.#didChange.fire(item);
    }
  }

  #update(
    old: ReadonlyMap<string, ShownItem> | undefined,
    rows: readonly { readonly branch: SessionBranch; readonly row: BranchRow }[],
    place: { readonly sessionId: string; readonly parent: ShownItem | undefined },
  ): ReadonlyMap<string, ShownItem> {
    const items = new Map<string, ShownItem>();
    for (const { branch, row } of rows) {
      const item = old?.get(row.id) ?? { ...place, branch, row, below: new Map<string, ShownItem>() };
      item.row = row;
      items.set(row.id, item);
      this.#shown.set(row.id, item);
    }
    this.#forget(new Map([...(old ?? [])].filter(([id]) => !items.has(id))));
    return items;
  }

  #forget(items: ReadonlyMap<string, ShownItem>): void {
    for (const [id, item] of items) {
      this.#shown.delete(id);
      this.#forget(item.below);
    }
  }
}

/** What is shown in place of rows that could not be had. */
function failureRow(parent: SessionBranchItem, error: unknown): BranchRow {
  const { summary, detail } = describeError(error);
  return {
    id: `${parent.row.id}\0failed`,
    label: summary,
    description: l10n.t("click to try again"),
    tooltip: [summary, ...(detail === undefined ? [] : [detail]), l10n.t("Click to try again.")].join("\n"),
    icon: "warning",
    contextValue: failedRow,
    accessibleLabel: `${summary} ${l10n.t("Press Enter to try again.")}`,
    command: { id: retryCommand, title: l10n.t("Try Again") },
  };
}

/** Whether a command was called on a row under a session. */
export function isBranchItem(value: unknown): value is SessionBranchItem {
  return (
    typeof value === "object" &&
    value !== null &&
    "sessionId" in value &&
    typeof value.sessionId === "string" &&
    "row" in value &&
    typeof value.row === "object" &&
    value.row !== null &&
    "id" in value.row
  );
}
