import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { homeDirectory } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import { withProgress } from "../../../platform/progress.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import type { FilePartDeps } from "../filePart.js";
import { LocalSide } from "../../sync/localSide.js";
import { producedSince } from "../../sync/produced.js";
import { SessionSide } from "../../sync/sessionSide.js";
import { applySteps, pickSteps } from "./stepsPick.js";

/** What the command takes. */
interface Asked {
  readonly sessionId?: string;
  /** Milliseconds since the epoch, or a date as text. */
  readonly since?: number | string;
  /** Absolute in the session. */
  readonly folder?: string;
  /** Where files go on this computer. */
  readonly target?: string;
  /** Whether the list of files is not shown first; files that are there are left alone then. */
  readonly isAsked?: boolean;
}

/** Downloads the files of a session that were changed since a run began into the workspace. */
export async function downloadProduced(
  deps: FilePartDeps,
  given: unknown,
  signal: AbortSignal,
): Promise<void> {
  const asked = askedOf(given);
  const clicked = asked.sessionId === undefined ? given : { id: asked.sessionId };
  const picked = await runningSession(deps, {
    clicked,
    placeHolder: l10n.t("Session to download from"),
    signal,
  });
  const target =
    asked.target ?? vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath;
  if (target === undefined) {
    throw new ConfigurationError(
      "workspace",
      l10n.t("Open a folder first: what the run produced is downloaded into it."),
    );
  }
  const since = picked && (asked.since === undefined ? await pickSince() : new Date(asked.since).getTime());
  if (picked === undefined || since === undefined) {
    return;
  }
  const { client, session } = picked;
  const access = await deps.files.accessOf(client, session.id);
  const sides = {
    local: new LocalSide(target),
    remote: new SessionSide(access, asked.folder ?? homeDirectory, session.name),
  };
  const title = l10n.t("Download from {0}", session.name);
  const plan = await withProgress(
    l10n.t("{0}: looking", title),
    (either) => producedSince(sides, since, either),
    signal,
  );
  if (plan.steps.length === 0) {
    void showInformationMessage(l10n.t("{0}: nothing was changed since then.", title));
    return;
  }
  const steps =
    asked.isAsked === true
      ? plan.steps.filter(({ local }) => local === undefined)
      : await pickSteps(l10n.t("Download from {0} into {1}", session.name, target), plan.steps);
  if (steps !== undefined && steps.length > 0) {
    await applySteps(title, sides, { plan, steps, base: { files: new Map(), at: 0 }, signal });
  }
}

async function pickSince(): Promise<number | undefined> {
  const minutes = [
    { label: l10n.t("In the last 10 minutes"), value: 10 },
    { label: l10n.t("In the last hour"), value: 60 },
    { label: l10n.t("In the last day"), value: 24 * 60 },
  ];
  const picked = await showQuickPick(minutes, {
    placeHolder: l10n.t("Files that were changed"),
  });
  return picked && Date.now() - picked.value * 60_000;
}

/** Each part of the right kind; what is something else is not given. */
function askedOf(given: unknown): Asked {
  if (typeof given !== "object" || given === null) {
    return {};
  }
  const text = (name: string): string | undefined => {
    const value: unknown = Object.entries(given).find(([key]) => key === name)?.[1];
    return typeof value === "string" ? value : undefined;
  };
  const [sessionId, folder, target] = [text("sessionId"), text("folder"), text("target")];
  const since = "since" in given && typeof given.since === "number" ? given.since : text("since");
  return {
    ...(sessionId !== undefined && "since" in given && { sessionId }),
    ...(folder !== undefined && { folder }),
    ...(target !== undefined && { target }),
    ...(since !== undefined && { since }),
    isAsked: "isAsked" in given && given.isAsked === true,
  };
}
