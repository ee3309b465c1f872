import { BackendAIClient, type ConnectOptions, type CreateSessionOptions } from "../../../src/api/index.js";
import { messageOf } from "../../../src/base/errors.js";
import { eventually } from "../../conformance/assertions.js";
import { EventWatch } from "./eventWatch.js";
import { endOwnSessions, trialName } from "./ownSessions.js";
import type { OutcomeTable } from "./outcomeTable.js";
import { createReady } from "./readySession.js";
import type { TrialCluster } from "./trialCluster.js";
import { Witness } from "./witness.js";

/** What a trial works with. Whatever it makes here is gone when it is over. */
export class TrialContext {
  /** Sessions that ran and had no interpreter, so that others took their place. */
  replacedSessions = 0;
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  constructor(
    readonly cluster: TrialCluster,
    /** Of the trial's own, so that nothing of an earlier fault is left in its connections. */
    readonly client: BackendAIClient,
    readonly table: OutcomeTable,
    /** Aborts when the trial has taken too long. */
    readonly signal: AbortSignal,
  ) {}

  /** Notes what becomes of operations when something happens. */
  witness(fault: string): Witness {
    return new Witness(fault, this.table);
  }

  /** The id of a Python session that answers queries. */
  async session(options: Partial<CreateSessionOptions> = {}): Promise<string> {
    return createReady(this.client, () => ({ ...this.sessionOptions(), ...options }), {
      signal: this.signal,
      onReplaced: () => {
        this.replacedSessions += 1;
      },
    });
  }

  /** Several, two at a time: interpreters that start all at once take too long and are given up by the server. */
  async sessions(count: number, options: Partial<CreateSessionOptions> = {}): Promise<string[]> {
    const ids: string[] = [];
    let left = count;
    const lane = async (): Promise<void> => {
      for (; left > 0;) {
        left -= 1;
        ids.push(await this.session(options));
      }
    };
    await Promise.all([lane(), lane()]);
    return ids;
  }

  /** For sessions that are created by hand. */
  sessionOptions(): CreateSessionOptions {
    return { image: this.cluster.pythonImage, name: trialName() };
  }

  /** A client of its own. */
  async connect(options: Partial<ConnectOptions> = {}): Promise<BackendAIClient> {
    const client = await BackendAIClient.connect({ ...this.cluster.connection, ...options });
    this.onEnd(async () => client.close());
    return client;
  }

  /** An event stream that is open: of one session, or of all. */
  async watch(sessionId?: string): Promise<EventWatch> {
    const watch = await EventWatch.open(this.cluster.connection, { sessionId });
    this.onEnd(async () => watch.close());
    return watch;
  }

  /** Waits for a condition that nothing announces. */
  async until<T>(check: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
    return eventually(check, this.signal);
  }

  /** Something to be done when the trial is over; last come, first served. */
  onEnd(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup);
  }

  /** Undoes what the trial made. One thing that fails keeps nothing else from being undone. */
  async close(signal: AbortSignal): Promise<void> {
    const cleanups = [async () => this.client.close(), async () => endOwnSessions(this.client, signal)];
    for (const cleanup of [...cleanups, ...this.#cleanups.splice(0)].reverse()) {
      await cleanup().catch((error: unknown) =>
        console.error(`A trial did not end well: ${messageOf(error)}`),
      );
    }
  }
}
