import * as l10n from "@vscode/l10n";
import type { SessionSummary } from "../../api/index.js";
import type { BranchRow, SessionBranch } from "../../sessions/sessionBranches.js";
import { targetLabel } from "./forwardTarget.js";
import type { Forward, Forwards } from "./forwards.js";

/** The forwards as rows under their sessions. */
export function forwardBranch(forwards: Forwards): SessionBranch {
  return {
    onDidChange: forwards.onDidChange,
    rows: ({ id }: SessionSummary) =>
      forwards.snapshot.filter((forward) => forward.sessionId === id).map(forwardRow),
  };
}

/** The row of a forward: `localhost:8888`, and behind it what may be cut where room is short: `→ jupyter · 2 connections`. */
export function forwardRow(forward: Forward): BranchRow {
  const { id, sessionName, target, localPort, connectionCount } = forward;
  const address = `localhost:${localPort}`;
  const inside = targetLabel(target);
  const connections = connectionWords(connectionCount);
  return {
    id,
    label: address,
    description: connections === "" ? `→ ${inside}` : `→ ${inside} · ${connections}`,
    tooltip: [
      l10n.t("{0} of this computer leads to {1} of {2}", address, inside, sessionName),
      l10n.t("Port inside: {0}", target.port),
      target.app === undefined ? l10n.t("Goes by: ssh") : l10n.t("Goes by: the app {0}", target.app),
    ].join("\n"),
    icon: target.isHttp ? "radio-tower" : "plug",
    contextValue: target.isHttp ? "forward.http" : "forward.tcp",
    accessibleLabel: l10n.t("Forwarded port: {0} leads to {1} of {2}", address, inside, sessionName),
  };
}

function connectionWords(count: number): string {
  if (count === 0) {
    return "";
  }
  return count === 1 ? l10n.t("1 connection") : l10n.t("{0} connections", count);
}
