import * as l10n from "@vscode/l10n";
import type { ContainerSummary, SessionSummary } from "../../api/index.js";
import { phaseOf } from "../../wire/status.js";
import type { BranchRow, SessionBranch } from "../sessionBranches.js";
import { iconOf, inWords, wordOf } from "../sessionTree.js";
import type { SessionFactsStore } from "./sessionFacts.js";

/** The containers of a cluster as rows under its session, asked for when they are unfolded. */
export function containerBranch(facts: SessionFactsStore): SessionBranch {
  return {
    rows: (session) =>
      session.clusterSize > 1 && phaseOf(session.status) !== "ended" ? [rootRow(session)] : [],
    children: async ({ sessionId }) =>
      (await facts.details(sessionId)).containers.map((container) => containerRow(sessionId, container)),
  };
}

function rootRow({ id, name, clusterSize }: SessionSummary): BranchRow {
  return {
    id: `containers:${id}`,
    label: l10n.t("Containers"),
    description: String(clusterSize),
    tooltip: l10n.t("The containers of {0}", name),
    icon: "server-environment",
    contextValue: "containers",
    accessibleLabel: l10n.t("{0} containers of {1}", clusterSize, name),
    isFolded: true,
  };
}

/** The row of a container: `container.<phase>`. */
export function containerRow(sessionId: string, container: ContainerSummary): BranchRow {
  const { id, name, status, statusInfo = "", agent = "" } = container;
  const phase = phaseOf(status);
  const state = wordOf(status);
  return {
    id: `container:${sessionId}:${id}`,
    label: name,
    description: inWords([phase === "running" ? "" : state, agent]),
    tooltip: [
      `${name}: ${state}`,
      statusInfo,
      agent === "" ? "" : l10n.t("Agent: {0}", agent),
      l10n.t("Id: {0}", id),
    ]
      .filter((line) => line !== "")
      .join("\n"),
    icon: iconOf(phase).icon?.name ?? "vm",
    contextValue: `container.${phase}`,
    accessibleLabel: l10n.t("Container {0}, {1}", name, state),
  };
}
