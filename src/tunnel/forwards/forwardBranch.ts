import type { SessionSummary } from "../../api/index.js";
import { plural } from "../../base/text.js";
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
  const connections = connectionCount === 0 ? "" : plural(connectionCount, "connection");
  return {
    id,
    label: address,
    description: connections === "" ? `→ ${inside}` : `→ ${inside} · ${connections}`,
    tooltip: [
      `${address} of this computer leads to ${inside} of ${sessionName}`,
      `Port inside: ${target.port}`,
      `Goes by: ${target.app === undefined ? "ssh" : `the app ${target.app}`}`,
    ].join("\n"),
    icon: target.isHttp ? "radio-tower" : "plug",
    contextValue: target.isHttp ? "forward.http" : "forward.tcp",
    accessibleLabel: `Forwarded port: ${address} leads to ${inside} of ${sessionName}`,
  };
}
