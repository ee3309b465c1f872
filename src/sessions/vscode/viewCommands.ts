import * as l10n from "@vscode/l10n";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import { createInputBox } from "../../platform/shown/inputBox.js";
import type { SessionFeed } from "../sessionFeed.js";
import { SessionFilter } from "../tree/sessionFilter.js";
import type { SessionForest } from "../tree/sessionForest.js";
import { isMoreItem } from "../tree/sessionRows.js";

/** What the commands of the view work with. */
export interface ViewCommandDeps {
  readonly feed: SessionFeed;
  readonly forest: SessionForest;
}

/** Which sessions the view shows: a filter by text, more of a group, those that ended, one's own or everybody's. */
export function registerViewCommands(commands: Commands, { feed, forest }: ViewCommandDeps): Disposable[] {
  return [
    commands.register("backendai.sessions.filter", (_, text) => {
      if (typeof text === "string") {
        forest.filter = new SessionFilter(text);
      } else {
        askForFilter(forest);
      }
    }),
    commands.register("backendai.sessions.clearFilter", () => {
      forest.filter = new SessionFilter();
    }),
    commands.register("backendai.sessions.showMore", async (_, row) => {
      if (!isMoreItem(row)) {
        return;
      }
      if (forest.hiddenIn(row.group) > 0) {
        forest.showMore(row.group);
      } else {
        await feed.readMoreEnded();
      }
    }),
    commands.register("backendai.sessions.showEnded", () => forest.showEnded()),
    commands.register("backendai.sessions.showAll", () => feed.setScope("all")),
    commands.register("backendai.sessions.showOwn", () => feed.setScope("own")),
  ];
}

/** Filters with each keystroke; who closes the question has the filter of before again. */
function askForFilter(forest: SessionForest): void {
  const before = forest.filter;
  const box = createInputBox({
    title: l10n.t("Filter Sessions"),
    prompt: l10n.t(
      "Words of name, image, state, tag, owner or id. Enter keeps the filter; an empty one shows all.",
    ),
    placeHolder: "python running", // for programs
  });
  box.value = before.text;
  box.onDidChangeValue((text) => {
    forest.filter = new SessionFilter(text);
  });
  let isKept = false;
  box.onDidAccept(() => {
    isKept = true;
    box.hide();
  });
  box.onDidHide(() => {
    if (!isKept && forest.filter.text !== before.text) {
      forest.filter = before;
    }
    box.dispose();
  });
  box.show();
}
