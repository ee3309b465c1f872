import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  BackendAIClient,
  type ConnectOptions,
  type CreatedSession,
  type CreateSessionOptions,
  type Dialect,
} from "../../src/api/index.js";
import { eventually } from "./assertions.js";
import { NotApplicable } from "./conformanceCase.js";
import { type RawAnswer, type RawRequest, sendRaw } from "./rawRequest.js";
import type { OpenTarget } from "./targets.js";

/** What a case works with; its functions can be taken out one by one. Whatever it makes here is gone when it is over. */
export class CaseContext {
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  constructor(
    readonly target: OpenTarget,
    /** Aborts when the case has taken too long. */
    readonly signal: AbortSignal,
  ) {}

  /** The target's client, which all cases share. */
  get client(): BackendAIClient {
    return this.target.client;
  }

  get dialect(): Dialect {
    return this.client.dialect;
  }

  /** The id of a running Python session that cases share: leave it idle, and its files as they were. */
  readonly python = async (): Promise<string> => this.target.sharedPython();

  /** A running Python session for this case alone. */
  readonly ownPython = async (options: Partial<CreateSessionOptions> = {}): Promise<CreatedSession> =>
    this.create({ image: await this.target.pythonImage(), ...options });

  /** Creates a session that is destroyed when the case is over. */
  readonly create = async (
    options: CreateSessionOptions,
    client: BackendAIClient = this.client,
  ): Promise<CreatedSession> => {
    const given = { timeoutMs: 90_000, ...options };
    const session =
      options.name === undefined
        ? await this.target.createOwn(given, client)
        : await client.sessions.create(given);
    this.onEnd(async () => this.target.destroy(session.id));
    return session;
  };

  /** A client of its own. */
  readonly connect = async (options: Partial<ConnectOptions> = {}): Promise<BackendAIClient> => {
    const client = await BackendAIClient.connect({ ...this.target.connection, ...options });
    this.onEnd(async () => client.close());
    return client;
  };

  /**
   * An image of a language.
   * @throws {NotApplicable} when the server has none.
   */
  readonly image = async (runtime: string): Promise<string> => {
    const image = await this.target.image(runtime);
    if (image === undefined) {
      throw new NotApplicable(`the server has no image with runtime type ${runtime}`);
    }
    return image;
  };

  /** A signed request of our own making, for what the client would never send. */
  readonly raw = async (request: RawRequest): Promise<RawAnswer> => sendRaw(this.target, request);

  /** An empty local folder. */
  readonly folder = async (): Promise<string> => {
    const folder = await mkdtemp(path.join(tmpdir(), "conformance-"));
    this.onEnd(async () => rm(folder, { recursive: true, force: true }));
    return folder;
  };

  /** Waits for a condition that nothing announces. */
  readonly until = async <T>(
    check: () => Promise<T | undefined | false> | T | undefined | false,
  ): Promise<T> => eventually(check, this.signal);

  /** Something to be done when the case is over; last come, first served. */
  readonly onEnd = (cleanup: () => Promise<unknown>): void => {
    this.#cleanups.push(cleanup);
  };

  /** Undoes what the case made. */
  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) {
      await cleanup();
    }
  }
}
