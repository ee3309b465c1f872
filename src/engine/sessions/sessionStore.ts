import type { Era } from "../era.js";
import { Refusal } from "../http/refusal.js";
import type { Session } from "./session.js";

/** How many ended sessions are remembered. */
const deadLimit = 500;

/** Characters of their logs that are kept, the newest ones first: 500 of 1 MiB each would be more than everything else here. */
const deadLogsLimit = 4 * 1024 * 1024;

/** Every session of this start, newest last; the oldest ended ones are forgotten, and their logs sooner. */
export class SessionStore {
  readonly #sessions = new Map<string, Session>();

  constructor(readonly era: Era) {}

  add(session: Session): void {
    this.#sessions.set(session.id, session);
    const dead = [...this.#sessions.values()].filter((other) => other.isDead);
    for (const old of dead.splice(0, Math.max(0, dead.length - deadLimit))) {
      this.#sessions.delete(old.id);
    }
    let size = 0;
    for (const each of dead.reverse()) {
      size += each.log.length;
      if (size > deadLogsLimit) {
        each.forgetLog();
      }
    }
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  live(): Session[] {
    return this.all().filter((session) => !session.isDead);
  }

  byId(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  byKernelId(id: string): Session | undefined {
    return this.all().find((session) => session.kernelId === id);
  }

  liveByName(name: string): Session | undefined {
    return this.live().find((session) => session.name === name);
  }

  /** The live sessions that a reference means: an id or a name, or the beginning of one where the era allows. */
  match(reference: string): Session[] {
    return matchesOf(this.live(), reference, this.era.rules.session.lookup);
  }

  /**
   * The live session of an id or a name.
   * @throws {Refusal} 404 when there is none, or more than one.
   */
  get(reference: string): Session {
    return this.#one(this.match(reference), reference);
  }

  /**
   * Like `get`, ended sessions included; among namesakes servers refuse to choose (`docs/real-servers.md`).
   * @throws {Refusal} 404.
   */
  getAny(reference: string): Session {
    return this.#one(matchesOf(this.all().reverse(), reference, this.era.rules.session.lookup), reference);
  }

  #one(found: readonly Session[], reference: string): Session {
    const [session] = found;
    if (session === undefined) {
      throw new Refusal("session-not-found", { msg: `Session (id=${reference}) does not exist.` });
    }
    if (found.length > 1) {
      throw new Refusal("too-many-matches", {
        data: {
          matches: found.map(({ id, name, status, createdAt }) => ({
            id,
            name,
            status,
            created_at: createdAt.toISOString(),
          })),
        },
      });
    }
    return session;
  }
}

function matchesOf(sessions: readonly Session[], reference: string, lookup: "prefix" | "exact"): Session[] {
  const exact = sessions.filter(({ id }) => id === reference);
  const named = exact.length > 0 ? exact : sessions.filter(({ name }) => name === reference);
  if (named.length > 0 || lookup === "exact" || reference === "") {
    return named;
  }
  const byId = sessions.filter(({ id }) => id.startsWith(reference));
  const prefixed = byId.length > 0 ? byId : sessions.filter(({ name }) => name.startsWith(reference));
  return prefixed.slice(0, 10);
}
