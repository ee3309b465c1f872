import type { Evidence } from "../api/index.js";
import type { Logger } from "../base/logger.js";
import { messageOf } from "../base/errors.js";
import type { KeyValueStore } from "../base/keyValueStore.js";

const key = "backendai.serverEvidence";

/** Servers that are remembered; the one learned about longest ago is forgotten first. */
const serverLimit = 50;

/** What was learned of servers, by their address, for the next connection and for other windows. Holds no secret. */
export class ServerMemory {
  readonly #store: KeyValueStore;
  readonly #logger: Logger;

  constructor(store: KeyValueStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** What is remembered of the server at `endpoint`. */
  recall(endpoint: string): Evidence | undefined {
    return this.#all().find(([known]) => known === endpoint)?.[1];
  }

  /** Remembers, in place of what was known of the server. */
  keep(endpoint: string, evidence: Evidence): void {
    const others = this.#all().filter(([known]) => known !== endpoint);
    this.#store
      .update(key, [...others, [endpoint, evidence]].slice(-serverLimit))
      .then(undefined, (error: unknown) => {
        this.#logger.warn(`what was learned of ${endpoint} is not remembered: ${messageOf(error)}`);
      });
  }

  /** Another version of the extension may have written it, so that nothing is taken for granted. */
  #all(): [string, Evidence][] {
    const value = this.#store.get(key);
    return Array.isArray(value) ? value.filter(isEntry) : [];
  }
}

function isEntry(value: unknown): value is [string, Evidence] {
  if (!Array.isArray(value) || typeof value[0] !== "string") {
    return false;
  }
  const evidence: unknown = value[1];
  return (
    typeof evidence === "object" &&
    evidence !== null &&
    "manager" in evidence &&
    typeof evidence.manager === "string" &&
    "findings" in evidence &&
    typeof evidence.findings === "object" &&
    evidence.findings !== null &&
    Object.values(evidence.findings).every((finding) => finding === "seen" || finding === "absent")
  );
}
