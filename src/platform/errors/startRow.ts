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
  quota: { detail: "Destroy a session that you no longer need, then start again.", action: "showSessions" },
  image: { detail: "Choose another one.", action: "chooseImage" },
  group: { detail: "Choose one of yours.", action: "chooseGroupForStart" },
  resourceGroup: { detail: "Choose one that is open to you.", action: "chooseResourceGroup" },
  name: { detail: "Choose another name, or use that session.", action: "chooseName" },
  tooLarge: { detail: "Ask for less.", action: "startSmaller" },
  tooSmall: { detail: "Ask for more.", action: "chooseResources" },
  dependencies: { detail: "Choose sessions that are there.", action: "chooseDependencies" },
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
