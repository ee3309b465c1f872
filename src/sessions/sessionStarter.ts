import type { BackendAIClient, SessionImage, SessionSummary } from "../api/index.js";
import type { Logger } from "../base/logger.js";
import type { SessionFeed } from "./sessionFeed.js";
import type { StartRequest } from "./start/startRequest.js";
import type { StartProgress } from "./start/startWords.js";

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
    const { startSession } = await import("./start/startSession.js");
    const parts = { client, image, logger: this.#logger };
    return startSession(parts, options, () => this.#feed.refresh());
  }
}
