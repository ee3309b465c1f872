import * as l10n from "@vscode/l10n";
import type { Finding } from "../api/index.js";
import type { Rung } from "./links/terminalLink.js";

/** What a person may ask for: the best way that works, or one way and no other. */
export type RungPreference = "auto" | Rung;

/** What is known when a terminal looks for a way in. */
export interface LadderFacts {
  readonly preference: RungPreference;
  /** What is known of mute terminals on this server; `undefined` where none are expected. */
  readonly mute: Finding | undefined;
  /** Whether another terminal of this window shows the session's own one, which all who connect share. */
  readonly isPtyTaken: boolean;
  /** Whether it is to be a shell of its own: in a folder, or one that is entered by name. */
  readonly wantsOwnShell: boolean;
  /** Ways that this session has refused, for reasons that last. */
  readonly refused: ReadonlySet<Rung>;
  /** The way by which this terminal was open before, to be found again as it was. */
  readonly last: Rung | undefined;
}

/**
 * The ways into a session's terminal, the best first. The protocol's own terminal comes first where it is not known to be
 * mute; but a session has only one, so a second terminal gets a shell of its own by ssh. A terminal that comes back tries
 * where it was.
 */
export function rungsFor({
  preference,
  mute,
  isPtyTaken,
  wantsOwnShell,
  refused,
  last,
}: LadderFacts): readonly Rung[] {
  if (preference !== "auto") {
    return [preference];
  }
  const ways: Rung[] = isPtyTaken || wantsOwnShell ? ["ssh", "ttyd", "pty"] : ["pty", "ssh", "ttyd"];
  const isMute = mute === "expected" || mute === "seen";
  const hopeful = ways.filter((rung) => !(rung === "pty" && isMute) && !refused.has(rung));
  const ordered = hopeful.length > 0 ? hopeful : ways;
  return last === undefined || !ordered.includes(last)
    ? ordered
    : [last, ...ordered.filter((rung) => rung !== last)];
}

/** A way in, in words. */
export function rungLabel(rung: Rung): string {
  return { pty: l10n.t("the server's own terminal"), ssh: "ssh", ttyd: l10n.t("the terminal app") }[rung];
}
