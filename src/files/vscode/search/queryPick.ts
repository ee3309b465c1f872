import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { createQuickPick, type PickItem, setPick } from "../../../platform/shown/quickPick.js";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import type { SearchQuery } from "../../search/query/searchQuery.js";

/** What a person chooses: a query without its bound. */
export type AskedQuery = Omit<SearchQuery, "maxLines">;

type Toggle = "isCaseSensitive" | "isWholeWord" | "isRegex";
type Field = "folder" | "include" | "exclude";

interface OptionItem extends PickItem {
  readonly toggle?: Toggle;
  readonly field?: Field;
}

const toggles: readonly { readonly id: Toggle; readonly icon: string; readonly title: string }[] = [
  { id: "isCaseSensitive", icon: "case-sensitive", title: l10n.t("Match Case") },
  { id: "isWholeWord", icon: "whole-word", title: l10n.t("Match Whole Word") },
  { id: "isRegex", icon: "regex", title: l10n.t("Use Regular Expression") },
];

const fields: readonly { readonly id: Field; readonly icon: string; readonly title: string }[] = [
  { id: "folder", icon: "folder", title: l10n.t("Folder") },
  { id: "include", icon: "filter", title: l10n.t("Files to Include") },
  { id: "exclude", icon: "exclude", title: l10n.t("Files to Exclude") },
];

/** Asks what to search for, beginning with what was asked last; `undefined` when the question was closed. */
export async function pickQuery(
  last: AskedQuery,
  sessionName: string,
  globsOf: (text: string) => readonly string[],
): Promise<AskedQuery | undefined> {
  let query = last;
  for (;;) {
    const answer = await ask(query, sessionName);
    if (answer === undefined || answer.field === undefined) {
      return answer?.query;
    }
    query = await editField(answer.query, answer.field, globsOf);
  }
}

interface Answer {
  readonly query: AskedQuery;
  readonly field?: Field;
}

/** One showing of the box; toggles change it in place. */
async function ask(first: AskedQuery, sessionName: string): Promise<Answer | undefined> {
  const box = createQuickPick<OptionItem>();
  let query = first;
  const show = (active?: string): void => {
    setPick(box, { items: itemsOf(query) });
    box.activeItems = box.items.filter((item, index) =>
      active === undefined ? index === 0 : (item.toggle ?? item.field) === active,
    );
  };
  setPick(box, { title: l10n.t("Find in {0}", sessionName), placeholder: l10n.t("Text to find") });
  box.value = query.text;
  show();
  try {
    return await new Promise((resolve) => {
      box.onDidChangeValue((text) => {
        query = { ...query, text };
        show();
      });
      box.onDidAccept(() => {
        const [chosen] = box.activeItems;
        if (chosen?.toggle !== undefined) {
          query = { ...query, [chosen.toggle]: !query[chosen.toggle] };
          show(chosen.toggle);
        } else if (chosen?.field !== undefined) {
          resolve({ query, field: chosen.field });
        } else if (query.text !== "") {
          resolve({ query });
        }
      });
      box.onDidHide(() => resolve(undefined));
      box.show();
    });
  } finally {
    box.dispose();
  }
}

/** All of them are shown whatever was typed: what is typed is no filter. */
function itemsOf(query: AskedQuery): readonly OptionItem[] {
  return [
    {
      icon: "search",
      label: query.text === "" ? l10n.t("Type what to find") : l10n.t("Find “{0}”", query.text),
      description: l10n.t("in {0}", query.folder),
      alwaysShow: true,
    },
    ...toggles.map(({ id, icon, title }) => ({
      iconPath: new vscode.ThemeIcon(query[id] ? "check" : "blank"),
      icon,
      label: title,
      description: query[id] ? l10n.t("on") : l10n.t("off"),
      alwaysShow: true,
      toggle: id,
    })),
    ...fields.map(({ id, icon, title }) => ({
      iconPath: new vscode.ThemeIcon("blank"),
      icon,
      label: `${title}…`,
      description: textOf(query, id) || l10n.t("all"),
      alwaysShow: true,
      field: id,
    })),
  ];
}

function textOf(query: AskedQuery, field: Field): string {
  const value = query[field];
  return typeof value === "string" ? value : value.join(", ");
}

async function editField(
  query: AskedQuery,
  field: Field,
  globsOf: (text: string) => readonly string[],
): Promise<AskedQuery> {
  const isFolder = field === "folder";
  const text = await showInputBox({
    title: fields.find(({ id }) => id === field)?.title ?? "",
    value: textOf(query, field),
    prompt: isFolder
      ? l10n.t("A folder of the session, absolute")
      : l10n.t("Globs, separated by commas: *.py, src/**, data"),
    validateInput: (value) =>
      isFolder && !value.startsWith("/") ? l10n.t("A path in the session begins with a slash.") : undefined,
  });
  return text === undefined ? query : { ...query, [field]: isFolder ? text.trim() : globsOf(text) };
}
