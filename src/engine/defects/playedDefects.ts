import { ConfigurationError } from "../../base/errors.js";
import { type DefectName, hasDefect } from "../../wire/defects.js";

/** The known defects of real servers that the engine can have as well, so that their cures are tried without a cluster. */
export const playableDefects = [
  "executeFails",
  "batchLoses",
  "htmlBlocks",
  "runsBlock",
  "completionFails",
  "completionEmpty",
  "terminalMute",
  "uploadNames",
  "uploadsVanish",
  "uploadsForeign",
  "eventsPartial",
  "slowEnd",
] as const satisfies readonly DefectName[];

/** A defect that the engine can have. */
export type PlayableDefect = (typeof playableDefects)[number];

/** The defects that an engine has, and the times that belong to them. */
export interface PlayedDefects {
  /** Whether the engine has none of them. */
  readonly isNone: boolean;
  has(name: PlayableDefect): boolean;
  /** How long a call waits for a session that is blocked; a completion fails after a third of it. Milliseconds. */
  readonly agentTimeoutMs: number;
  /** How long a session goes on ending after its end was answered; milliseconds. */
  readonly endMs: number;
}

/** How long real agents are waited for, and how long real sessions take to end (`docs/real-servers.md`). */
const realTimes = { agentTimeoutMs: 30_000, endMs: 5000 };

/** What an engine with these defects does. */
export function playedDefects(
  names: readonly PlayableDefect[],
  times: { readonly agentTimeoutMs?: number | undefined; readonly endMs?: number | undefined } = {},
): PlayedDefects {
  const played = new Set(names);
  return {
    isNone: played.size === 0,
    has: (name) => played.has(name),
    agentTimeoutMs: times.agentTimeoutMs ?? realTimes.agentTimeoutMs,
    endMs: times.endMs ?? realTimes.endMs,
  };
}

/**
 * Reads a list such as `terminalMute,slowEnd`, or `recorded`: all that servers of `manager` were recorded to have.
 * @throws {ConfigurationError} for a name that is none.
 */
export function parseDefects(list: string, manager: string): readonly PlayableDefect[] {
  if (list === "recorded") {
    return playableDefects.filter((name) => hasDefect(manager, name));
  }
  return list.split(",").map((asked) => {
    const known = playableDefects.find((name) => name === asked.trim());
    if (known === undefined) {
      throw new ConfigurationError(
        "defects",
        `--defects knows no “${asked.trim()}”. It takes “recorded”, or some of ${playableDefects.join(", ")}.`,
      );
    }
    return known;
  });
}
