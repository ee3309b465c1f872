import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { phaseOf } from "../../wire/status.js";
import type { SessionStore } from "../sessionStore.js";

/** Whose sessions: the caller's own, or, for administrators, all that the server shows. */
export type SessionScope = "own" | "all";

/** Sessions whose latest news is remembered; those of longer ago give way. */
const rememberedNews = 10_000;

/** A moment in the order of news, from {@link ScopedSessions.now}. */
export type Moment = number;

/**
 * Writes what one server tells of the sessions of one scope into the store, until it is closed: what arrives later is dropped, so
 * that nobody sees sessions of a server that was left. An answer that was asked for before there was news of a session does not
 * undo the news.
 */
export class ScopedSessions {
  readonly client: BackendAIClient;
  readonly scope: SessionScope;
  readonly #store: SessionStore;
  readonly #ending = new AbortController();
  readonly #news = new Map<string, Moment>();
  #moment: Moment = 0;

  constructor(client: BackendAIClient, scope: SessionScope, store: SessionStore) {
    this.client = client;
    this.scope = scope;
    this.#store = store;
  }

  /** Aborts when it is closed. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  get isOpen(): boolean {
    return !this.signal.aborted;
  }

  /** The access key to ask for; `undefined` for all that the server shows. */
  get accessKey(): string | undefined {
    return this.scope === "own" ? this.client.accessKey : undefined;
  }

  close(): void {
    this.#ending.abort();
  }

  /** The session, if it is known and not over. */
  find(id: string): SessionSummary | undefined {
    return this.isOpen && this.#store.has(id) ? this.#store.find(id) : undefined;
  }

  /** Ids of the known sessions with that name. */
  named(name: string): readonly string[] {
    return this.isOpen ? this.#store.named(name) : [];
  }

  /** The moment to keep beside a question, for {@link take} and {@link keepOnly}. */
  now(): Moment {
    return this.#moment;
  }

  /** Takes in rows of a list or a single session that were asked for at `asked`. */
  take(rows: readonly SessionSummary[], asked: Moment): void {
    const fresh = rows.filter(({ id }) => !this.#hasNews(id, asked));
    const isLive = ({ status }: SessionSummary): boolean => phaseOf(status) !== "ended";
    this.#write({
      put: fresh.filter(isLive),
      remove: fresh.filter((row) => !isLive(row)).map(({ id }) => id),
    });
  }

  /** Sessions in a state of a newer server, by which no list can be asked for them. */
  strangers(): readonly string[] {
    const live = this.isOpen ? [...this.#store.live()] : [];
    return live.filter(({ status }) => phaseOf(status) === "unknown").map(({ id }) => id);
  }

  /** A list that was asked for at `asked` has come to its end: what it did not have is over. Whether anything was. */
  keepOnly(listed: ReadonlySet<string>, asked: Moment): boolean {
    const over: string[] = [];
    for (const { id } of this.isOpen ? this.#store.live() : []) {
      if (!listed.has(id) && !this.#hasNews(id, asked)) {
        over.push(id);
      }
    }
    this.#write({ remove: over });
    return over.length > 0;
  }

  /** News of a session that is known: these facts are others. */
  change(id: string, facts: Partial<SessionSummary>): void {
    this.#tell(id);
    const known = this.find(id);
    if (known !== undefined) {
      this.#write({ put: [{ ...known, ...facts }] });
    }
  }

  /** News of a session: it is over, as `facts` say. Where those that are over are shown, it joins them. */
  end(id: string, facts: Partial<SessionSummary>): void {
    this.#tell(id);
    const known = this.find(id);
    if (known === undefined) {
      return;
    }
    this.#write({ remove: [id] });
    const { ended } = this.#store;
    if (ended.phase === "ready") {
      const over = { ...known, terminatedAt: new Date(), ...facts };
      this.#store.setEnded({ ...ended, sessions: [over, ...ended.sessions] });
    }
  }

  /** The list is whole. */
  ready(): void {
    if (this.isOpen) {
      this.#store.setState({ phase: "ready" });
    }
  }

  /** The list could not be read: what is known may be old. */
  fail(error: unknown): void {
    if (this.isOpen) {
      this.#store.setState({ phase: "stale", error });
    }
  }

  #tell(id: string): void {
    this.#moment += 1;
    this.#news.delete(id);
    this.#news.set(id, this.#moment);
    const [oldest] = this.#news.size > rememberedNews ? this.#news.keys() : [];
    if (oldest !== undefined) {
      this.#news.delete(oldest);
    }
  }

  #hasNews(id: string, since: Moment): boolean {
    return (this.#news.get(id) ?? 0) > since;
  }

  #write(change: Parameters<SessionStore["update"]>[0]): void {
    if (this.isOpen) {
      this.#store.update(change);
    }
  }
}
