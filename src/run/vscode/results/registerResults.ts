import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConfigurationError, messageOf } from "../../../base/errors.js";
import { isAbort } from "../../../base/abort.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { once } from "../../../base/once.js";
import type { Commands } from "../../../platform/commands.js";
import { showError } from "../../../platform/messages.js";
import { settings } from "../../../platform/settings.js";
import type { PageMessage } from "../../results/page/pageMessage.js";
import type { ResultStore } from "../../results/resultStore.js";

/** What the panel of results works with. */
export interface ResultsDeps {
  readonly commands: Commands;
  readonly store: ResultStore;
  /** Where the files of its page are (`media/results`). */
  readonly mediaRoot: vscode.Uri;
  readonly logger: Logger;
}

/** The panel that shows `store`, and its commands. */
export function registerResults(deps: ResultsDeps): Disposable {
  const { commands, store, logger } = deps;
  const owned = new DisposableStore();
  const onAction = (message: Exclude<PageMessage, { type: "ready" }>): void => {
    act(deps, message).catch((error: unknown) => {
      if (!isAbort(error)) {
        void showError(error, "results", logger);
      }
    });
  };
  const makePanel = once(async () => {
    const { ResultsPanel } = await import("./resultsPanel.js");
    return owned.add(new ResultsPanel({ ...deps, onAction }));
  });
  const show = async (preserveFocus: boolean): Promise<void> => (await makePanel()).show({ preserveFocus });
  owned.add(
    store.onDidOpen((run) => {
      if (settings.resultsOpen()) {
        show(true).catch((error: unknown) => logger.error(`results: ${messageOf(error)}`));
      } else {
        logger.info(`results of ${run.title} are there`);
      }
    }),
  );
  owned.add(commands.register("backendai.results.show", () => show(false)));
  owned.add(commands.register("backendai.results.clear", () => store.clear()));
  owned.add(
    commands.register("backendai.results.export", async () => {
      const { saveRun } = await import("./saveResults.js");
      await saveRun(deps);
    }),
  );
  return owned;
}

async function act(deps: ResultsDeps, message: Exclude<PageMessage, { type: "ready" }>): Promise<void> {
  const { saveItem, saveRun } = await import("./saveResults.js");
  switch (message.type) {
    case "save":
      return saveItem(deps, message.run, message.item);
    case "export":
      return saveRun(deps, message.run);
    case "copyFailed":
      throw new ConfigurationError("results", l10n.t("The picture could not be copied. Save it instead."));
    case "link":
      // VS Code asks before it opens what is not trusted.
      await vscode.env.openExternal(vscode.Uri.parse(message.address, true));
  }
}
