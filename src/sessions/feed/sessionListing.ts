import type { SessionPage, SessionSummary } from "../../api/index.js";
import { NotFoundError } from "../../api/errors.js";
import { abortable } from "../../base/abort.js";
import { CoalescedTask } from "../../base/coalesce.js";
import { liveStatusesOf } from "../../wire/status.js";
import type { ScopedSessions } from "./scopedSessions.js";

/** Rows of a page: what servers give at most. */
const pageRows = 100;

/** Pages that are under way at once: enough to hide the distance to the server, not enough to keep it from others. */
const pagesAtOnce = 3;

/** How often a list is read at most while sessions go away under it. */
const mostPasses = 3;

/** Sessions in states of newer servers that are asked about one by one; there are few, if any. */
const mostStrangers = 20;

/** Most pages of a list; servers whose totals never end are not followed further. */
const mostPages = 1000;

/**
 * Reads the list of sessions that are not over, page by page into the store: the first page is on show after one round trip, however
 * many there are.
 */
export class SessionListing {
  readonly #sessions: ScopedSessions;
  readonly #onDidMiss: () => void;
  readonly #whole = new CoalescedTask(async () => this.#readAll());
  readonly #first = new CoalescedTask(async () => this.#readFirst());
  #waitForRest: Promise<void> = Promise.resolve();
  #tookMs = 0;

  /** @param onDidMiss Called when sessions are over whose end nobody told. */
  constructor(sessions: ScopedSessions, onDidMiss: () => void) {
    this.#sessions = sessions;
    this.#onDidMiss = onDidMiss;
  }

  /** How long the last whole list took, in milliseconds. */
  get tookMs(): number {
    return this.#tookMs;
  }

  /** Holds back all but the first page of lists until `moment` has come; who gives it sees to it that it comes. */
  holdRest(moment: Promise<void>): void {
    this.#waitForRest = moment;
  }

  /** Reads the whole list; asked again meanwhile, it is read once more. Rejects where the server does not give it. */
  async read(signal?: AbortSignal): Promise<void> {
    await abortable(this.#whole.run(), signal);
  }

  /** Reads the page with the newest sessions alone. */
  async readNewest(): Promise<void> {
    await this.#first.run();
  }

  async #readFirst(): Promise<void> {
    const asked = this.#sessions.now();
    this.#sessions.take((await this.#page(0)).items, asked);
  }

  async #readAll(): Promise<void> {
    const began = performance.now();
    const asked = this.#sessions.now();
    try {
      const listed = new Set([...(await this.#passes()), ...(await this.#strangers())]);
      const hasMissed = this.#sessions.keepOnly(listed, asked);
      this.#sessions.ready();
      if (hasMissed) {
        this.#onDidMiss();
      }
    } catch (error) {
      this.#sessions.fail(error);
      throw error;
    } finally {
      this.#tookMs = performance.now() - began;
    }
  }

  /** A session that goes while pages are read moves others to a page that was read already: then all are read once more. */
  async #passes(): Promise<ReadonlySet<string>> {
    const listed = new Set<string>();
    for (let pass = 0, hasShrunk = true; hasShrunk && pass < mostPasses; pass += 1) {
      hasShrunk = await this.#pass((items) => {
        for (const { id } of items) {
          listed.add(id);
        }
      });
    }
    return listed;
  }

  /** Ids of the sessions in states that a list can't be asked for: each is asked about by itself. */
  async #strangers(): Promise<readonly string[]> {
    const { client, signal } = this.#sessions;
    const there: string[] = [];
    for (const id of this.#sessions.strangers().slice(0, mostStrangers)) {
      const asked = this.#sessions.now();
      try {
        this.#sessions.take([await client.sessions.summary(id, { signal })], asked);
        there.push(id);
      } catch (error) {
        if (!(error instanceof NotFoundError)) {
          throw error;
        }
      }
    }
    return there;
  }

  /** Reads all pages once; whether sessions went meanwhile. */
  async #pass(tell: (items: readonly SessionSummary[]) => void): Promise<boolean> {
    let most = 0;
    let hasShrunk = false;
    const take = async (index: number): Promise<SessionPage> => {
      const asked = this.#sessions.now();
      const page = await this.#page(index);
      hasShrunk ||= page.total < most;
      most = Math.max(most, page.total);
      tell(page.items);
      this.#sessions.take(page.items, asked);
      return page;
    };
    const first = await take(0);
    await this.#waitForRest;
    const rows = Math.max(first.items.length, 1); // a server may give less than it was asked for
    let next = 1;
    const more = async (): Promise<void> => {
      while (first.items.length > 0 && next * rows < most && next < mostPages) {
        const index = next;
        next += 1;
        await take(index * rows);
      }
    };
    await Promise.all(Array.from({ length: pagesAtOnce }, more));
    return hasShrunk;
  }

  async #page(offset: number): Promise<SessionPage> {
    const { client, accessKey, signal } = this.#sessions;
    const status = liveStatusesOf(client.dialect.manager);
    return client.sessions.page({ status, accessKey, offset, limit: pageRows }, { signal });
  }
}
