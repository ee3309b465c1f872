import type { ConnectionStore } from "../../account/connectionStore.js";
import type { BackendAIClient, SessionDetail, SessionSummary } from "../../api/index.js";
import type { SessionFacts } from "./sessionTooltip.js";

/** How long what a server told of a session is taken for true, in milliseconds. */
const freshMs = 10_000;

/** Sessions and images whose facts are kept; beyond, those that were asked for first are asked for again. */
const mostKept = 100;

interface Kept<T> {
  readonly value: Promise<T>;
  readonly at: number;
}

/**
 * What the connected server tells of a session beyond the list, asked for when somebody looks and kept for a moment. An answer of
 * a server that was left meanwhile is none.
 */
export class SessionFactsStore {
  readonly #connection: ConnectionStore;
  #client: BackendAIClient | undefined;
  readonly #details = new Map<string, Kept<SessionDetail>>();
  readonly #digests = new Map<string, Kept<string | undefined>>();

  constructor(connection: ConnectionStore) {
    this.#connection = connection;
  }

  /**
   * The details of a session.
   * @throws {DOMException} an `AbortError` when its server was left meanwhile, or none is connected to.
   */
  async details(sessionId: string): Promise<SessionDetail> {
    const client = this.#current();
    return this.#of(
      client,
      keep(this.#details, sessionId, freshMs, async () => client.sessions.detail(sessionId)),
    );
  }

  /** All facts for a tooltip. What the server does not give is left out. */
  async facts(session: SessionSummary): Promise<SessionFacts> {
    const client = this.#current();
    const digest = keep(this.#digests, session.image, Infinity, async () =>
      client.sessions.imageDigest(session.image),
    );
    const [details, known] = await Promise.allSettled([this.details(session.id), digest]);
    return this.#of(
      client,
      Promise.resolve({
        session,
        ...(details.status === "fulfilled" && { details: details.value }),
        ...(known.status === "fulfilled" && { digest: known.value }),
      }),
    );
  }

  #current(): BackendAIClient {
    const { state } = this.#connection;
    const client = state.phase === "connected" ? state.client : undefined;
    if (this.#client !== client) {
      this.#client = client;
      this.#details.clear();
      this.#digests.clear();
    }
    if (client === undefined) {
      throw left();
    }
    return client;
  }

  async #of<T>(client: BackendAIClient, answer: Promise<T>): Promise<T> {
    const value = await answer.catch((error: unknown) => {
      throw this.#isCurrent(client) ? error : left();
    });
    if (!this.#isCurrent(client)) {
      throw left();
    }
    return value;
  }

  #isCurrent(client: BackendAIClient): boolean {
    const { state } = this.#connection;
    return state.phase === "connected" && state.client === client;
  }
}

function left(): DOMException {
  return new DOMException("The server was left.", "AbortError"); // for programs
}

/** What is kept under a key while it is fresh, else what `ask` gives; failures are not kept. */
async function keep<T>(
  kept: Map<string, Kept<T>>,
  key: string,
  ms: number,
  ask: () => Promise<T>,
): Promise<T> {
  const known = kept.get(key);
  if (known !== undefined && performance.now() - known.at < ms) {
    return known.value;
  }
  const entry = { value: ask(), at: performance.now() };
  kept.delete(key);
  kept.set(key, entry);
  const [oldest] = kept.size > mostKept ? kept.keys() : [];
  if (oldest !== undefined) {
    kept.delete(oldest);
  }
  try {
    return await entry.value;
  } catch (error) {
    if (kept.get(key) === entry) {
      kept.delete(key);
    }
    throw error;
  }
}
