import { randomBytes } from "node:crypto";
import type { BackendAIClient, CreatedSession, SessionImage, SessionSummary } from "../api/index.js";
import { delay, isAbort } from "../base/abort.js";
import { messageOf } from "../base/errors.js";
import type { Logger } from "../base/logger.js";
import { SessionNotRunningError } from "../base/startErrors.js";
import { phaseOf } from "../wire/status.js";
import { runtimeOf, sessionNameFor } from "./imageChoice.js";
import type { SessionFeed } from "./sessionFeed.js";
import { dependencyIds } from "./start/dependencyIds.js";
import { startRefusal } from "./start/startRefusal.js";
import { createOptionsOf, type StartRequest } from "./start/startRequest.js";
import type { StartProgress } from "./start/startWords.js";

/** How long to wait for a new session to run before saying so. */
const patienceMs = 120_000;

/** Pauses between looks at a session that starts: short at first, for servers that start one at once. */
const pauseMs = { first: 40, longest: 1000 };

/** Between two questions of what a session waits for; the first comes when it has waited a moment. */
const reasonEveryMs = 5000;
const reasonAfterMs = 800;

/** How a start is followed. */
export interface StartOptions {
  readonly signal: AbortSignal;
  readonly request?: Partial<StartRequest>;
  /** Told of each step on the way, and of what it waits for. */
  readonly onProgress?: (progress: StartProgress) => void;
  /** Told when the request was taken back because of `signal`, or could not be. */
  readonly onTakenBack?: (name: string, failure: unknown) => void;
}

/** Starts sessions and brings them into the store. */
export class SessionStarter {
  readonly #feed: SessionFeed;
  readonly #logger: Logger;

  constructor({ feed, logger }: { feed: SessionFeed; logger: Logger }) {
    this.#feed = feed;
    this.#logger = logger;
  }

  /**
   * Starts a session of `image`, and as `request` has it, and waits until it runs.
   * Aborting takes the request back: a session that nobody waits for would still cost resources.
   * @throws {StartRefusedError} when the server does not take the request.
   * @throws {SessionNotRunningError} when it ended instead, or still waits after two minutes; then it stays queued.
   */
  async start(client: BackendAIClient, image: SessionImage, options: StartOptions): Promise<SessionSummary> {
    const { signal, onProgress } = options;
    const created = await this.#create(client, { ...options.request, image: image.reference }, image, signal);
    try {
      const session = await waitUntilRunning(client, created.id, signal, onProgress);
      this.#logger.info(`session ${created.name} (${created.id}) runs`);
      return session;
    } catch (error) {
      if (signal.aborted) {
        await this.#takeBack(client, created, options);
      }
      throw error;
    } finally {
      await this.#feed.refresh().catch(() => undefined); // the store tells
    }
  }

  async #create(
    client: BackendAIClient,
    request: StartRequest,
    image: SessionImage,
    signal: AbortSignal,
  ): Promise<CreatedSession> {
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

  async #takeBack(
    client: BackendAIClient,
    { id, name }: CreatedSession,
    { onTakenBack }: StartOptions,
  ): Promise<void> {
    try {
      await client.sessions.destroy(id);
      onTakenBack?.(name, undefined);
    } catch (failure) {
      this.#logger.warn(`session ${name} was not taken back: ${messageOf(failure)}`);
      onTakenBack?.(name, failure);
    }
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
        throw new SessionNotRunningError(`Session ${session.name} did not start${reasonOf(session)}.`, false);
      default:
        if (performance.now() > begun + patienceMs) {
          const why = known.reason === undefined ? "" : ` ${known.reason}`;
          const way = "It stays in the queue: run again when it runs, or destroy it.";
          throw new SessionNotRunningError(`Session ${session.name} still waits.${why} ${way}`, true);
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
    const { lookAtPending } = await import("./lifecycle/pending/lookAtPending.js");
    const { reason, position } = await lookAtPending(client, id, { signal });
    return { position, ...(reason.isKnown ? { reason: reason.causes[0] } : {}) };
  } catch (error) {
    if (isAbort(error)) {
      throw error;
    }
    return {};
  }
}

function reasonOf({ status, statusInfo }: SessionSummary): string {
  return `: it is ${status.toLowerCase()}${statusInfo ? ` (${statusInfo})` : ""}`;
}
