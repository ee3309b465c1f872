import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { environmentTarget } from "../../../account/environment.js";
import { type ConnectionTarget, isSameTarget, serverIdOf, targetLabel } from "../../../account/target.js";
import { mayLeave } from "../../../account/vscode/mayLeave.js";
import type { SessionSummary } from "../../../api/index.js";
import { ConfigurationError, SignedOutError } from "../../../base/errors.js";
import { uriPartsOf } from "../../../files/filePlace.js";
import { withProgress } from "../../../platform/progress.js";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import { phaseOf } from "../../../wire/status.js";
import { linkQuestion } from "../../link/linkQuestion.js";
import { serverInLink, targetOfLink } from "../../link/linkTarget.js";
import { parseLinkText, type SessionLink } from "../../link/sessionLink.js";
import type { LinkDeps } from "./registerLinks.js";

/** Opens a link that a person types or pastes, where the system does not hand links to VS Code. */
export async function openTypedLink(deps: LinkDeps, given: unknown, signal: AbortSignal): Promise<void> {
  const example = `vscode://${deps.extensionId}/open?session=…`;
  const text =
    typeof given === "string"
      ? given
      : await showInputBox({ prompt: l10n.t("Link to a session"), placeHolder: example });
  if (text !== undefined) {
    await openLink(deps, parseLinkText(text, deps.extensionId), signal);
  }
}

/**
 * Does what a link asks for, once the person has agreed. Only servers that the person has are connected to, as whom they are
 * there.
 * @throws {ConfigurationError} where there is no such server or session; and what connecting throws.
 */
export async function openLink(deps: LinkDeps, link: SessionLink, signal: AbortSignal): Promise<void> {
  const target = targetFor(deps, link);
  if (!(await agrees(deps, link, target)) || !(await goTo(deps, target, signal))) {
    return;
  }
  const session = await sessionOf(deps, link, target, signal);
  const wantsRunning = link.action !== undefined || link.file !== undefined;
  if (wantsRunning && phaseOf(session.status) !== "running") {
    throw new ConfigurationError("session", l10n.t("Session {0} is not running.", session.name));
  }
  await show(deps, session, link.action === "files");
  if (link.file !== undefined) {
    const place = { server: serverIdOf(target), session: session.name, path: link.file };
    const uri = vscode.Uri.from(uriPartsOf(place));
    await vscode.workspace.fs.stat(uri); // an editor would show the error in place of a message
    await vscode.commands.executeCommand("vscode.open", uri);
  }
  if (link.action === "terminal") {
    await vscode.commands.executeCommand("backendai.terminal.open", { id: session.id });
  }
}

function targetFor({ account }: LinkDeps, { server }: SessionLink): ConnectionTarget {
  const target = targetOfLink(server, {
    current: account.defaultTarget(),
    profiles: account.profiles.profiles,
    environment: account.hasEnvironment ? environmentTarget(account.environment) : undefined,
  });
  if (target === undefined) {
    throw new ConfigurationError(
      "server",
      l10n.t(
        "This link can't be opened. Its server {0} is none of yours. If you trust it, add it by “Add Server…” and open the link again.",
        server ?? "",
      ),
    );
  }
  const { state } = account.connection;
  if (target.kind === "local" && !(state.phase === "connected" && state.target.kind === "local")) {
    throw new ConfigurationError(
      "session",
      l10n.t("This link can't be opened. It is for a local engine, and none runs in this window."),
    );
  }
  return target;
}

async function agrees(
  { account, store }: LinkDeps,
  link: SessionLink,
  target: ConnectionTarget,
): Promise<boolean> {
  const { state } = account.connection;
  const isConnected = state.phase === "connected" && isSameTarget(state.target, target);
  const { message, detail } = linkQuestion(link, {
    session: isConnected ? store.find(link.session)?.name : undefined,
    server: targetLabel(target),
    host: target.kind === "local" ? undefined : serverInLink(target),
    left: state.phase === "connected" && !isConnected ? targetLabel(state.target) : undefined,
    isConnected,
  });
  const open = l10n.t("Open");
  return (await showWarningMessage(message, { modal: true, detail }, open)) === open;
}

/** Connects where another server is in use or none; `false` where the person does not want that after all. */
async function goTo(
  { account, store }: LinkDeps,
  target: ConnectionTarget,
  signal: AbortSignal,
): Promise<boolean> {
  const { connection } = account;
  if (connection.state.phase === "connected" && isSameTarget(connection.state.target, target)) {
    return true;
  }
  if (!(await mayLeave(account, store.size))) {
    return false;
  }
  try {
    const title = l10n.t("Connecting to {0}", targetLabel(target));
    await withProgress(title, (connecting) => connection.connect(target, connecting), signal);
    return true;
  } catch (error) {
    if (!(error instanceof SignedOutError) || target.kind !== "profile") {
      throw error;
    }
  }
  await vscode.commands.executeCommand("backendai.account.signIn", serverIdOf(target));
  const { state } = connection;
  return state.phase === "connected" && serverIdOf(state.target) === serverIdOf(target);
}

async function sessionOf(
  { store, feed }: LinkDeps,
  { session }: SessionLink,
  target: ConnectionTarget,
  signal: AbortSignal,
): Promise<SessionSummary> {
  await withProgress(l10n.t("Looking for session {0}", session), (looking) => feed.refresh(looking), signal);
  const [named, ...others] = store.named(session);
  const found = store.find(session) ?? (named === undefined ? undefined : store.find(named));
  if (found === undefined || others.length > 0) {
    throw new ConfigurationError(
      "session",
      others.length > 0
        ? l10n.t(
            "Several sessions on {0} are named {1}: a link with the id of one is needed.",
            targetLabel(target),
            session,
          )
        : l10n.t(
            "There is no session {0} on {1}. It may have ended, or belong to somebody else.",
            session,
            targetLabel(target),
          ),
    );
  }
  return found;
}

/** The row of the session, selected; with its files unfolded where they are asked for. */
async function show({ view, forest }: LinkDeps, session: SessionSummary, isUnfolded: boolean): Promise<void> {
  await vscode.commands.executeCommand("backendai.sessions.focus");
  const row = forest.itemOf(session.id);
  if (row !== undefined) {
    await view.reveal(row, { select: true, focus: true, expand: isUnfolded ? 2 : false });
  }
}
