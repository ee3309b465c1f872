import { silentLogger } from "../../../src/base/logger.js";
import {
  BackendAIClient,
  type ConnectOptions,
  type SessionEvent,
  type SessionEventOptions,
} from "../../../src/api/index.js";
import { isAbort } from "../../../src/base/abort.js";

/** An open event stream, with a client of its own, and what came over it so far. Who opens it, closes it. */
export class EventWatch {
  readonly events: SessionEvent[] = [];
  /** How the stream ended by itself: rejects with the error. Resolves after {@link close}. */
  readonly ended: Promise<void>;
  readonly #client: BackendAIClient;
  #isOpen = true;
  readonly #closing = new AbortController();

  private constructor(client: BackendAIClient, options: SessionEventOptions) {
    this.#client = client;
    this.ended = this.#read(options);
    this.ended.catch(() => undefined); // asked for by those who care
  }

  /** Resolves when the server has begun to send: whatever happens from then on is in it. */
  static async open(connection: ConnectOptions, options: SessionEventOptions = {}): Promise<EventWatch> {
    let began = (): void => undefined;
    const open = new Promise<void>((resolve) => {
      began = resolve;
    });
    // The head of the answer is nowhere else to be seen than in the log.
    const debug = (line: string): void => {
      if (/^← \w+ 200/.test(line)) {
        began();
      }
    };
    let isConnected = false;
    const logger = { ...silentLogger, debug: (line: string) => (isConnected ? debug(line) : undefined) };
    const client = await BackendAIClient.connect({ ...connection, logger });
    isConnected = true;
    const watch = new EventWatch(client, options);
    await Promise.race([open, watch.ended]);
    return watch;
  }

  /** Whether an event of that name came for a session. */
  has(name: string, sessionId: string): boolean {
    return this.events.some((event) => event.name === name && event.sessionId === sessionId);
  }

  /** Whether it has outlived something. Rejects with how it ended. */
  async stillOpen(): Promise<string> {
    if (!this.#isOpen) {
      await this.ended;
      return "ended";
    }
    return "stays open";
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.ended.catch(() => undefined);
    await this.#client.close();
  }

  async #read(options: SessionEventOptions): Promise<void> {
    try {
      const { signal } = this.#closing;
      for await (const event of this.#client.events.sessions(options, { signal })) {
        this.events.push(event);
      }
    } catch (error) {
      if (!isAbort(error)) {
        throw error;
      }
    } finally {
      this.#isOpen = false;
    }
  }
}
