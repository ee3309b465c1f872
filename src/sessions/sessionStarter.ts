import { randomBytes } from "node:crypto";
import type { BackendAIClient, SessionImage, SessionSummary } from "../api/index.js";
import { delay } from "../base/abort.js";
import { BackendAIError, messageOf } from "../base/errors.js";
import type { Logger } from "../base/logger.js";
import { phaseOf } from "../wire/status.js";
import { runtimeOf, sessionNameFor } from "./imageChoice.js";
import type { SessionFeed } from "./sessionFeed.js";

/** How long to wait for a new session to run before saying so. */
const patienceMs = 120_000;

/** Pauses between looks at a session that starts: short at first, for servers that start one at once. */
const pauseMs = { first: 40, longest: 1000 };

/** A session does not run: it waits for resources, or it ended instead of starting. */
export class SessionNotRunningError extends BackendAIError {
  readonly code = "SESSION_NOT_RUNNING";
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
   * Starts a session of `image` and waits until it runs; `onStatus` is told each status on the way. Aborting takes the request back: a session that nobody waits for
   * would still cost resources.
   * @throws {SessionNotRunningError} when it ended instead, or still waits after two minutes; then it stays queued.
   */
  async start(
    client: BackendAIClient,
    image: SessionImage,
    {
      signal,
      onStatus,
      mounts = [],
    }: {
      readonly signal: AbortSignal;
      readonly onStatus?: (status: string) => void;
      /** Names of virtual folders that it is to have. */
      readonly mounts?: readonly string[];
    },
  ): Promise<SessionSummary> {
    const name = sessionNameFor(runtimeOf(image), randomBytes(2).toString("hex"));
    const request = { image: image.reference, name, mounts, reuseIfExists: false, enqueueOnly: true };
    // Not aborted half-way: only its answer tells which session to take back.
    const created = await client.sessions.create(request);
    try {
      const session = await waitUntilRunning(client, created.id, signal, onStatus);
      this.#logger.info(`session ${created.name} (${created.id}) runs`);
      return session;
    } catch (error) {
      if (signal.aborted) {
        await client.sessions.destroy(created.id).catch((failure: unknown) => {
          this.#logger.warn(`session ${created.name} was not taken back: ${messageOf(failure)}`);
        });
      }
      throw error;
    } finally {
      await this.#feed.refresh().catch(() => undefined); // the store tells
    }
  }
}

async function waitUntilRunning(
  client: BackendAIClient,
  id: string,
  signal: AbortSignal,
  onStatus: ((status: string) => void) | undefined,
): Promise<SessionSummary> {
  const end = performance.now() + patienceMs;
  for (let waitMs = pauseMs.first; ; waitMs = Math.min(waitMs * 1.5, pauseMs.longest)) {
    const session = await client.sessions.summary(id, { signal });
    onStatus?.(session.status);
    switch (phaseOf(session.status)) {
      case "running":
        return session;
      case "ending":
      case "ended":
      case "failed":
        throw new SessionNotRunningError(`Session ${session.name} did not start${reasonOf(session)}.`);
      default:
        if (performance.now() > end) {
          throw new SessionNotRunningError(
            `Session ${session.name} still waits for resources. It stays in the queue: run again when it runs, or destroy it.`,
          );
        }
        await delay(waitMs, signal);
    }
  }
}

function reasonOf({ status, statusInfo }: SessionSummary): string {
  return `: it is ${status.toLowerCase()}${statusInfo ? ` (${statusInfo})` : ""}`;
}
