import type { LadderState } from "./source/sourceLadder.js";

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
export function stateWords(session: string, state: LadderState): StateWords {
  const { phase, source = "", reason = "", until = 0 } = state;
  switch (phase) {
    case "on":
      return { text: `Completed from ${session}`, detail: sources[source] ?? source, isTrouble: false };
    case "resting": {
      const time = new Date(until).toLocaleTimeString();
      return {
        text: `${session} does not complete now`,
        detail: `${reason}; again at ${time}`,
        isTrouble: true,
      };
    }
    case "off":
      return { text: `${session} can't complete`, detail: reason, isTrouble: false };
  }
}
