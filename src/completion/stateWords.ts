import * as l10n from "@vscode/l10n";
import type { LadderState } from "./source/sourceLadder.js";

/** What a person reads of it beside the language of the editor. */
export interface StateWords {
  readonly text: string;
  readonly detail: string;
  readonly isTrouble: boolean;
}

/** By what a session is asked, for people. */
const sources: Readonly<Record<string, string>> = {
  complete: l10n.t("by the server's completion"),
  kernel: l10n.t("by its kernel over ssh"),
  query: l10n.t("by its interpreter, between runs"),
};

/** How completion from a session stands, in words. */
export function stateWords(session: string, state: LadderState): StateWords {
  const { phase, source = "", reason = "", until = 0 } = state;
  switch (phase) {
    case "on":
      return {
        text: l10n.t("Completed from {0}", session),
        detail: sources[source] ?? source,
        isTrouble: false,
      };
    case "resting": {
      const time = new Date(until).toLocaleTimeString();
      return {
        text: l10n.t("{0} does not complete now", session),
        detail: l10n.t("{0}; again at {1}", reason, time),
        isTrouble: true,
      };
    }
    case "off":
      return { text: l10n.t("{0} can't complete", session), detail: reason, isTrouble: false };
  }
}
