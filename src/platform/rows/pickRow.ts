import * as l10n from "@vscode/l10n";
import { createQuickPick, type PickItem, setPick } from "../shown/quickPick.js";
import { abortable } from "../../base/abort.js";
import type { RowCommand } from "./rowPatterns.js";

/** How a row looks in a picker. */
export interface RowLook {
  readonly label: string;
  readonly description?: string | undefined;
  /** The name of a codicon. */
  readonly icon: string;
  readonly contextValue: string;
  /** Whether it has rows below it. */
  readonly isFolded: boolean;
}

/** The rows of a view, to be walked through without it. */
export interface RowWalk<Row> {
  /** The rows below one, or the first ones. */
  below(row: Row | undefined, signal: AbortSignal): Promise<readonly Row[]>;
  lookOf(row: Row): RowLook;
}

interface Item<Row> extends PickItem {
  readonly row?: Row | undefined;
  readonly does: "take" | "enter" | "leave";
}

/**
 * Lets a person choose a row for a command of the palette, from the rows that have it in their menu. Rows with others below them are
 * entered; inside, the first line takes the row itself. A level with a single row that can only be entered is.
 * @returns The row; `undefined` when there is none, or the question was closed.
 */
export async function pickRow<Row>(
  walk: RowWalk<Row>,
  command: RowCommand,
  signal: AbortSignal,
): Promise<Row | undefined> {
  const pick = createQuickPick<Item<Row>>();
  const path: Row[] = [];
  const show = async (): Promise<void> => {
    const here = path.at(-1);
    Object.assign(pick, { busy: true, value: "" });
    setPick(pick, { items: [], title: titleOf(command, walk, path) });
    const rows = await walk.below(here, signal);
    const items = [...ownItems(walk, command, path), ...rows.flatMap((row) => itemOf(walk, command, row))];
    const [only] = items;
    if (items.length === 1 && only?.row !== undefined && only.does === "enter") {
      path.push(only.row);
      return show();
    }
    pick.busy = false;
    const isFound = items.some(({ does }) => does !== "leave");
    const placeholder = isFound
      ? l10n.t("Choose what it is for")
      : l10n.t("There is nothing here that it is for");
    setPick(pick, { items, placeholder });
  };
  const chosen = new Promise<Row | undefined>((resolve, reject) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item?.does === "take") {
        resolve(item.row);
      } else if (item !== undefined) {
        if (item.row === undefined) {
          path.pop();
        } else {
          path.push(item.row);
        }
        show().catch(reject);
      }
    });
    pick.onDidHide(() => resolve(undefined));
    pick.matchOnDescription = true;
    pick.show();
    show().catch(reject);
  });
  try {
    return await abortable(chosen, signal);
  } finally {
    pick.dispose();
  }
}

function titleOf<Row>({ title }: RowCommand, walk: RowWalk<Row>, path: readonly Row[]): string {
  return [title.replace(/…$/, ""), ...path.map((row) => walk.lookOf(row).label)].join(" › ");
}

/** The row that was entered itself, and the way back. */
function ownItems<Row>(walk: RowWalk<Row>, command: RowCommand, path: readonly Row[]): Item<Row>[] {
  const here = path.at(-1);
  if (here === undefined) {
    return [];
  }
  const { label, contextValue } = walk.lookOf(here);
  const back: Item<Row> = { icon: "arrow-left", label: l10n.t("Back"), does: "leave", alwaysShow: true };
  return command.isFor(contextValue)
    ? [{ icon: "check", label, description: l10n.t("this one"), row: here, does: "take" }, back]
    : [back];
}

function itemOf<Row>(walk: RowWalk<Row>, command: RowCommand, row: Row): Item<Row>[] {
  const { label, description, icon, contextValue, isFolded } = walk.lookOf(row);
  if (!isFolded && !command.isFor(contextValue)) {
    return [];
  }
  return [
    {
      icon,
      label,
      ...(description !== undefined && { description }),
      row,
      does: isFolded ? "enter" : "take",
    },
  ];
}
