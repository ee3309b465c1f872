import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { serverIdOf, targetLabel } from "../../../account/target.js";
import { withProgress } from "../../../platform/progress.js";
import { infoDocument } from "../../info/infoDocument.js";
import { readInfo } from "../../info/infoRecords.js";
import { pickSession, type PickSessionDeps } from "../pickSession.js";

/** What a command asks for. */
interface InfoRequest {
  readonly clicked: unknown;
  readonly scheme: string;
  readonly signal: AbortSignal;
}

/** The document of the session that the person means; `undefined` when they mean none after all. */
export async function makeDocument(
  deps: PickSessionDeps,
  { clicked, scheme, signal: outer }: InfoRequest,
): Promise<{ readonly uri: vscode.Uri; readonly text: string } | undefined> {
  const placeHolder = l10n.t("Information of which session?");
  const subject = await pickSession(deps, { clicked, placeHolder, signal: outer });
  const { state } = deps.account.connection;
  if (subject === undefined || state.phase !== "connected") {
    return undefined;
  }
  const { client, session } = subject;
  const { target } = state;
  const title = l10n.t("Asking for session {0}", session.name);
  const records = await withProgress(title, (signal) => readInfo(client, session.id, signal), outer);
  const text = infoDocument(records, {
    name: session.name,
    id: session.id,
    server: targetLabel(target),
    manager: client.dialect.manager,
    askedAt: new Date(),
  });
  const file = session.name.replaceAll(/[/\\?#]/g, "_");
  const path = `/${session.id}/${file}.md`;
  return { uri: vscode.Uri.from({ scheme, authority: serverIdOf(target), path }), text };
}
