import { randomBytes } from "node:crypto";
import * as l10n from "@vscode/l10n";
import type { BackendAIClient, CreatedSession, SessionImage, SessionSummary } from "../../api/index.js";
import { delay, isAbort } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { SessionNotRunningError } from "../../base/startErrors.js";
import { phaseOf } from "../../wire/status.js";
import { runtimeOf, sessionNameFor } from "../imageChoice.js";
import { lookAtPending } from "../lifecycle/pending/lookAtPending.js";
import type { StartOptions } from "../sessionStarter.js";
import { dependencyIds } from "./dependencyIds.js";
import { startRefusal } from "./startRefusal.js";
import { createOptionsOf, type StartRequest } from "./startRequest.js";
import type { StartProgress } from "./startWords.js";
import { wordOf } from "../sessionTree.js";

/** How long to wait for a new session to run before saying so. */
const patienceMs = 120_000;

/** Pauses between looks at a session that starts: short at first, for servers that start one at once. */
const pauseMs = { first: 40, longest: 1000 };

/** Between two questions of what a session waits for; the first comes when it has waited a moment. */
const reasonEveryMs = 5000;
const reasonAfterMs = 800;

/** What a session is started with. */
export interface StartParts {
  readonly client: BackendAIClient;
  readonly image: SessionImage;
  readonly logger: Logger;
}

/**
 * Starts a session and waits until it runs; aborting takes the request back.
 * @param refresh Brings what has changed into the store.
 * @throws as `SessionStarter.start` does.
 */
export async function startSession(
  parts: StartParts,
  options: StartOptions,
  refresh: () => Promise<void>,
): Promise<SessionSummary> {
  const { client, logger } = parts;
  const { signal, onProgress } = options;
  const created = await create(parts, options);
  try {
    const session = await waitUntilRunning(client, created.id, signal, onProgress);
    logger.info(`session ${created.name} (${created.id}) runs`);
    return session;
  } catch (error) {
    if (signal.aborted) {
      await takeBack(parts, created, options);
    }
    throw error;
  } finally {
    await refresh().catch(() => undefined); // the store tells
  }
}

async function create(
  { client, image }: StartParts,
  { request: asked = {}, signal }: StartOptions,
): Promise<CreatedSession> {
  const request: StartRequest = { ...asked, image: image.reference };
  const name = request.name ?? sessionNameFor(runtimeOf(image), randomBytes(2).toString("hex"));
  const { dependencies: names = [] } = request;
  const dependencies = await dependencyIds(client, names, signal);
  try {
    // Not aborted half-way: only its answer tells which session to take back.
    return await client.sessions.create(
      createOptionsOf(dependencies.length === 0 ? request : { ...request, dependencies }, name),
    );
  } catch (error) {
    throw startRefusal(error, { ...request, name });
  }
}

async function takeBack(
  { client, logger }: StartParts,
  { id, name }: CreatedSession,
  { onTakenBack }: StartOptions,
): Promise<void> {
  try {
    await client.sessions.destroy(id);
    onTakenBack?.(name, undefined);
  } catch (failure) {
    logger.warn(`session ${name} was not taken back: ${messageOf(failure)}`);
    onTakenBack?.(name, failure);
  }
}

async function waitUntilRunning(
  client: BackendAIClient,
  id: string,
  signal: AbortSignal,
  onProgress: StartOptions["onProgress"],
): Promise<SessionSummary> {
  const begun = performance.now();
  let nextReason = begun + reasonAfterMs;
  let known: Partial<StartProgress> = {};
  for (let waitMs = pauseMs.first; ; waitMs = Math.min(waitMs * 1.5, pauseMs.longest)) {
    const session = await client.sessions.summary(id, { signal });
    const isWaiting = phaseOf(session.status) === "waiting";
    if (isWaiting && performance.now() > nextReason) {
      known = await waitsFor(client, id, signal);
      nextReason = performance.now() + reasonEveryMs;
    }
    onProgress?.({ ...(isWaiting ? known : {}), status: session.status });
    switch (phaseOf(session.status)) {
      case "running":
        return session;
      case "ending":
      case "ended":
      case "failed":
        throw new SessionNotRunningError(didNotStart(session), false);
      default:
        if (performance.now() > begun + patienceMs) {
          const sentences = [
            l10n.t("Session {0} still waits.", session.name),
            ...(known.reason === undefined ? [] : [known.reason]),
            l10n.t("It stays in the queue: run again when it runs, or destroy it."),
          ];
          throw new SessionNotRunningError(sentences.join(" "), true);
        }
        await delay(waitMs, signal);
    }
  }
}

/** What a session waits for, as far as the server tells; a failure is no reason to stop waiting. */
async function waitsFor(
  client: BackendAIClient,
  id: string,
  signal: AbortSignal,
): Promise<Partial<StartProgress>> {
  try {
    const { reason, position } = await lookAtPending(client, id, { signal });
    return { position, ...(reason.isKnown ? { reason: reason.causes[0] } : {}) };
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
    return {};
  }
}

function didNotStart({ name, status, statusInfo }: SessionSummary): string {
  return statusInfo
    ? l10n.t("Session {0} did not start: it is {1} ({2}).", name, wordOf(status), statusInfo)
    : l10n.t("Session {0} did not start: it is {1}.", name, wordOf(status));
}
