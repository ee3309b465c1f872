import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { ConfigurationError, NetworkError } from "../../../base/errors.js";
import type { FilePartDeps } from "../filePart.js";
import { placeOf } from "../../filePlace.js";
import { manyBySsh } from "../../transfer/manyBySsh.js";
import { SessionEnd } from "../../transfer/sessionEnd.js";
import type { TransferQueue } from "../../transfer/transferQueue.js";

/** What commands that transfer work with. */
export interface TransferDeps extends FilePartDeps {
  readonly queue: TransferQueue;
}

/** What a command was called with: a row or an address, all that were selected, and what else the caller knows. */
export interface Called {
  readonly clicked: unknown;
  readonly all: unknown;
  readonly given: unknown;
}

/** Files of a session, to be read from or written to. */
export interface SessionPaths {
  readonly session: SessionSummary;
  readonly end: SessionEnd;
  readonly paths: readonly string[];
}

/** The files of a session as an end of transfers. */
export async function sessionEnd(
  { files, tunnels, logger }: TransferDeps,
  client: BackendAIClient,
  session: SessionSummary,
): Promise<SessionEnd> {
  const access = await files.accessOf(client, session.id);
  const many = manyBySsh({ client, sessionId: session.id, tunnels, sftp: files.sftp, logger });
  return new SessionEnd(session.name, access, many);
}

/** The session of a row. */
export async function endOfRow(
  deps: TransferDeps,
  sessionId: string,
): Promise<{ readonly session: SessionSummary; readonly end: SessionEnd }> {
  const client = deps.account.connection.current;
  const session = deps.store.find(sessionId);
  if (client === undefined) {
    throw new NetworkError(l10n.t("There is no connection to the server."), undefined);
  }
  if (session === undefined) {
    throw new ConfigurationError("session", l10n.t("The session is not there any more."));
  }
  return { session, end: await sessionEnd(deps, client, session) };
}

/** What addresses of files of sessions mean, for each session. */
export async function endsOfUris(
  deps: TransferDeps,
  uris: readonly vscode.Uri[],
  signal: AbortSignal,
): Promise<readonly SessionPaths[]> {
  const bySession = new Map<string, { session: SessionSummary; end: SessionEnd; paths: string[] }>();
  for (const place of uris.flatMap((uri) => placeOf(uri) ?? [])) {
    const { client, session } = await deps.files.open(place, signal);
    const known = bySession.get(session.id) ?? {
      session,
      end: await sessionEnd(deps, client, session),
      paths: [],
    };
    known.paths.push(place.path);
    bySession.set(session.id, known);
  }
  return [...bySession.values()];
}

/** Addresses in what a command was called with. */
export function urisOf({ clicked, all }: Called): readonly vscode.Uri[] {
  const list: readonly unknown[] = Array.isArray(all) && all.length > 0 ? all : [clicked];
  return list.filter((item) => item instanceof vscode.Uri);
}
