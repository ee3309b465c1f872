import * as l10n from "@vscode/l10n";
import { SessionNotRunningError, type StartObstacle, StartRefusedError } from "../../base/startErrors.js";

/** Buttons that help with a session that did not start. */
export type StartAction =
  | "chooseDependencies"
  | "chooseGroupForStart"
  | "chooseImage"
  | "chooseName"
  | "chooseResourceGroup"
  | "chooseResources"
  | "showSessions"
  | "startSmaller"
  | "whyPending";

/** The way out of each refusal of a start, and the button that leads there. */
const waysOut: Readonly<Record<StartObstacle, { readonly detail: string; readonly action: StartAction }>> = {
  quota: {
    detail: l10n.t("Destroy a session that you no longer need, then start again."),
    action: "showSessions",
  },
  image: { detail: l10n.t("Choose another one."), action: "chooseImage" },
  group: { detail: l10n.t("Choose one of yours."), action: "chooseGroupForStart" },
  resourceGroup: { detail: l10n.t("Choose one that is open to you."), action: "chooseResourceGroup" },
  name: { detail: l10n.t("Choose another name, or use that session."), action: "chooseName" },
  tooLarge: { detail: l10n.t("Ask for less."), action: "startSmaller" },
  tooSmall: { detail: l10n.t("Ask for more."), action: "chooseResources" },
  dependencies: { detail: l10n.t("Choose sessions that are there."), action: "chooseDependencies" },
};

/** The row of `describeError` for sessions that did not start; `undefined` for all other errors. */
export function describeStart(error: unknown):
  | {
      readonly summary: string;
      readonly detail?: string;
      readonly actions: readonly (StartAction | "showLog")[];
    }
  | undefined {
  if (error instanceof StartRefusedError) {
    const { detail, action } = waysOut[error.obstacle];
    return { summary: error.message, detail, actions: [action] };
  }
  if (error instanceof SessionNotRunningError) {
    return { summary: error.message, actions: error.isWaiting ? ["whyPending", "showLog"] : ["showLog"] };
  }
  return undefined;
}
