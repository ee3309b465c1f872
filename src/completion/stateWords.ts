import type { SourceState } from "./source/sourceState.js";

/** What a person reads of it beside the language of the editor. */
export interface StateWords {
  readonly text: string;
  readonly detail: string;
  readonly isTrouble: boolean;
}

/** By what a session is asked, for people. */
const sources: Readonly<Record<string, string>> = {
  complete: "by the server's completion",
  kernel: "by its kernel over ssh",
  query: "by its interpreter, between runs",
};

/** How completion from a session stands, in words. */
export function stateWords(session: string, state: SourceState): StateWords {
  switch (state.phase) {
    case "on":
      return {
        text: `Completed from ${session}`,
        detail: state.source === undefined ? "" : (sources[state.source] ?? state.source),
        isTrouble: false,
      };
    case "resting": {
      const time = state.until.toLocaleTimeString([], {
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
      });
      return {
        text: `${session} does not complete now`,
        detail: `${state.reason}; again at ${time}`,
        isTrouble: true,
      };
    }
    case "off":
      return { text: `${session} can't complete`, detail: state.reason, isTrouble: false };
  }
}
