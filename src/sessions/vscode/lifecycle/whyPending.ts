import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { NotFoundError } from "../../../api/errors.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { phaseOf } from "../../../wire/status.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import { lookAtPending, type PendingLook } from "../../lifecycle/pending/lookAtPending.js";
import type { Remedy } from "../../lifecycle/pending/obstacles.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";
import { startSmaller } from "./startSmaller.js";

const buttons: Readonly<Record<Remedy, string>> = {
  startSmaller: l10n.t("Start Smaller…"),
  endAnother: l10n.t("Destroy Another…"),
  cancel: l10n.t("Cancel Request"),
  showDetails: l10n.t("Show Details"),
};

/** Says why a session waits and what would help, with the button that helps most. */
export async function whyPending(
  deps: LifecycleDeps,
  session: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  const client = await deps.account.client(signal);
  const look = await lookAtPending(client, session.id, { signal }).catch((error: unknown) => {
    if (error instanceof NotFoundError) {
      return undefined;
    }
    throw error;
  });
  const phase = look && phaseOf(look.detail.status);
  if (look === undefined || (phase !== "waiting" && phase !== "starting")) {
    await deps.feed.refresh(signal);
    void showInformationMessage(l10n.t("Session {0} waits no longer.", session.name));
    return;
  }
  const remedy = await ask(session, look);
  await (remedy && act(deps, client, { session, look, remedy }, signal));
}

async function ask(session: SessionSummary, { reason, position }: PendingLook): Promise<Remedy | undefined> {
  const others = position === undefined || position === 0 || !reason.isKnown ? [] : [placeOf(position)];
  const detail = [reason.causes.join("\n"), reason.help.join(" "), ...others].join("\n\n");
  const remedies = new Set<Remedy>([reason.remedy, "showDetails"]);
  const answer = await showInformationMessage(
    l10n.t("Session {0} does not run yet.", session.name),
    { modal: true, detail },
    ...[...remedies].map((remedy) => buttons[remedy]),
  );
  return [...remedies].find((remedy) => buttons[remedy] === answer);
}

function placeOf(position: number): string {
  return position === 1
    ? l10n.t("1 session is before it in the queue.")
    : l10n.t("{0} sessions are before it in the queue.", position);
}

async function act(
  deps: LifecycleDeps,
  client: BackendAIClient,
  {
    session,
    look,
    remedy,
  }: { readonly session: SessionSummary; readonly look: PendingLook; readonly remedy: Remedy },
  signal: AbortSignal,
): Promise<void> {
  switch (remedy) {
    case "startSmaller":
      return startSmaller(deps, client, session, signal);
    case "endAnother":
      await vscode.commands.executeCommand("backendai.sessions.destroy", null); // none that is selected: it asks which
      return;
    case "cancel":
      await client.sessions.destroy(session.id, {}, { signal });
      await deps.feed.refresh();
      void showInformationMessage(l10n.t("The request for session {0} was taken back.", session.name));
      return;
    case "showDetails":
      return showDetails(session, look);
  }
}

const detailScheme = "backendai-waiting";

/** All that the server said, as a document that can't be changed. */
async function showDetails(
  { name }: SessionSummary,
  { detail, reason, position }: PendingLook,
): Promise<void> {
  const content = JSON.stringify(
    {
      causes: reason.causes,
      help: reason.help,
      placeInQueue: position,
      status: detail.status,
      statusInfo: detail.statusInfo,
      statusData: detail.statusData,
      requestedSlots: detail.requestedSlots,
      resourceGroup: detail.resourceGroup,
      groupId: detail.groupId,
      dependencies: detail.dependencies,
    },
    undefined,
    2,
  );
  const uri = vscode.Uri.from({ scheme: detailScheme, path: `/${name} waits.json`, query: `${Date.now()}` });
  const provider = vscode.workspace.registerTextDocumentContentProvider(detailScheme, {
    provideTextDocumentContent: () => content,
  });
  try {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  } finally {
    provider.dispose();
  }
}
