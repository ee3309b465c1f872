import * as l10n from "@vscode/l10n";
import type { ConnectionState } from "../../account/connectionStore.js";
import { NetworkError, SignedOutError, TimeoutError } from "../../base/errors.js";
import type { SessionScope } from "../feed/scopedSessions.js";
import type { SessionStore } from "../sessionStore.js";
import type { SessionForest } from "./sessionForest.js";

/**
 * Why the view has no rows, the value of the context key `backendai.sessionsWelcome`: each has its words and buttons in `package.json`.
 * `offline`: the server can't be reached. `failed`: it answers, but can't be used. `filtered`: the filter hides all.
 */
export type Welcome =
  "disconnected" | "connecting" | "signedOut" | "offline" | "failed" | "loading" | "filtered" | "none";

/** Why the view has no rows, if it has none. */
export function welcomeOf(
  connection: ConnectionState,
  { phase, error }: SessionStore["state"],
  { isFiltered, size }: { readonly isFiltered: boolean; readonly size: number },
): Welcome {
  if (connection.phase === "disconnected" || connection.phase === "connecting") {
    return connection.phase;
  }
  if (connection.phase === "failed") {
    return troubleOf(connection.error);
  }
  if (phase === "stale" && size === 0) {
    return troubleOf(error);
  }
  if (isFiltered && size > 0) {
    return "filtered";
  }
  return phase === "ready" ? "none" : "loading";
}

function troubleOf(error: unknown): Welcome {
  if (error instanceof SignedOutError) {
    return "signedOut";
  }
  return error instanceof NetworkError || error instanceof TimeoutError ? "offline" : "failed";
}

/** What stands beside the view's name: the filter and how much it leaves, and whose sessions are shown. */
export function descriptionOf(
  { filter, passing }: Pick<SessionForest, "filter" | "passing">,
  { size, scope }: { readonly size: number; readonly scope: SessionScope },
): string {
  const filtered = filter.isActive ? filterWords(filter.text, passing, size) : "";
  return [filtered, scope === "all" ? l10n.t("of all users") : ""].filter((part) => part !== "").join(" · ");
}

/** Apart, because the first number that is put into words takes tens of milliseconds: the language's data are read for it. */
function filterWords(text: string, passing: number, size: number): string {
  const count = passing.toLocaleString("en");
  return size === 1
    ? l10n.t("“{0}” · {1} of 1 session", text, count)
    : l10n.t("“{0}” · {1} of {2} sessions", text, count, size.toLocaleString("en"));
}
