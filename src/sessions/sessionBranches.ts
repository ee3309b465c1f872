import type { SessionSummary } from "../api/index.js";
import { Emitter, type Event } from "../base/event.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";

/** A row under a session, without anything of VS Code. */
export interface BranchRow {
  /** Unique among all rows of the view. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Plain text. */
  readonly tooltip: string;
  /** The name of a codicon. */
  readonly icon: string;
  /** For `viewItem` in `package.json`. */
  readonly contextValue: string;
  readonly accessibleLabel: string;
  /** What a click does; it is called with the row's {@link SessionBranchItem}. */
  readonly command?: { readonly id: string; readonly title: string };
}

/** What a feature shows under sessions. */
export interface SessionBranch {
  /** The rows of a session, in order; empty where there is nothing to show. */
  rows(session: SessionSummary): readonly BranchRow[];
  readonly onDidChange: Event<void>;
}

/** A row in the view: what commands get that are called on it. */
export interface SessionBranchItem {
  readonly sessionId: string;
  readonly row: BranchRow;
}

/** The branches of all features, in the order in which they were added. Who makes it disposes it. */
export class SessionBranches implements Disposable {
  readonly #branches = new Set<SessionBranch>();
  readonly #didChange = new Emitter<void>();

  readonly onDidChange = this.#didChange.event;

  /** Shows a branch until the result is disposed. */
  add(branch: SessionBranch): Disposable {
    const shown = new DisposableStore();
    this.#branches.add(branch);
    shown.defer(() => {
      this.#branches.delete(branch);
      this.#didChange.fire();
    });
    shown.add(branch.onDidChange(() => this.#didChange.fire()));
    return shown;
  }

  /** The rows under a session. */
  items(session: SessionSummary): readonly SessionBranchItem[] {
    return [...this.#branches].flatMap((branch) =>
      branch.rows(session).map((row) => ({ sessionId: session.id, row })),
    );
  }

  dispose(): void {
    this.#didChange.dispose();
    this.#branches.clear();
  }
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
