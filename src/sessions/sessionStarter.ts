import { randomBytes } from "node:crypto";
import type { BackendAIClient, SessionImage, SessionSummary } from "../api/index.js";
import { ConfigurationError } from "../base/errors.js";
import type { Logger } from "../base/logger.js";
import { runtimeOf, sessionNameFor } from "./imageChoice.js";
import type { SessionFeed } from "./sessionFeed.js";
import type { SessionStore } from "./sessionStore.js";

/** How long to wait for a new session to run before saying so, in seconds. */
const maxWaitSeconds = 120;

/** Starts sessions and brings them into the store. */
export class SessionStarter {
  readonly #store: SessionStore;
  readonly #feed: SessionFeed;
  readonly #logger: Logger;

  constructor({ store, feed, logger }: { store: SessionStore; feed: SessionFeed; logger: Logger }) {
    this.#store = store;
    this.#feed = feed;
    this.#logger = logger;
  }

  /**
   * Starts a session of `image` and waits until it runs.
   * @throws {ConfigurationError} when it is still waiting for resources after two minutes; it stays queued.
   */
  async start(client: BackendAIClient, image: SessionImage, signal: AbortSignal): Promise<SessionSummary> {
    const name = sessionNameFor(runtimeOf(image), randomBytes(2).toString("hex"));
    const created = await client.sessions.create(
      { image: image.reference, name, reuseIfExists: false, maxWaitSeconds },
      { signal },
    );
    this.#logger.info(`session ${created.name} (${created.id}): ${created.status}`);
    await this.#feed.refresh();
    const session = this.#store.find(created.id);
    if (created.status !== "RUNNING" || session === undefined) {
      throw new ConfigurationError("session", notRunning(created.name, created.status));
    }
    return session;
  }
}

function notRunning(name: string, status: string): string {
  return status === "TIMEOUT" || status === "PENDING"
    ? `Session ${name} is still waiting for resources. It stays in the queue; run again when it is running.`
    : `Session ${name} did not start: it is ${status.toLowerCase()}.`;
}
