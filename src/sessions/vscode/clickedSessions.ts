import type * as vscode from "vscode";
import type { SessionSummary } from "../../api/index.js";
import type { SessionStore } from "../sessionStore.js";

/** Where rows are, and the sessions that they are of. */
export interface ClickedDeps {
  readonly store: SessionStore;
  readonly view: Pick<vscode.TreeView<unknown>, "selection">;
}

/** What VS Code hands to a command of a menu: the row that it was opened on, and all that were selected with it. */
export interface Clicked {
  readonly clicked: unknown;
  readonly all: unknown;
}

/** The sessions of the rows that a menu was opened on, else of the selected ones; rows under sessions are none. */
export function clickedSessions(
  { store, view }: ClickedDeps,
  { clicked, all }: Clicked,
): readonly SessionSummary[] {
  const rows: readonly unknown[] =
    Array.isArray(all) && all.length > 0 ? all : clicked === undefined ? view.selection : [clicked];
  return rows.flatMap((row) => (isRow(row) ? (store.find(row.id) ?? []) : []));
}

function isRow(value: unknown): value is { readonly id: string } {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}
