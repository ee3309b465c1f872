import * as l10n from "@vscode/l10n";
import { createHash } from "node:crypto";
import { BackendAIError, messageOf } from "../base/errors.js";
import type { KeyValueStore } from "../base/keyValueStore.js";
import type { Logger } from "../base/logger.js";

const storeKey = "backendai.hostKeys";

/** Sessions whose key is remembered; the one pinned longest ago is forgotten first. */
const pinLimit = 500;

/** The session's sshd showed another key than before: somebody is in between, or the session was restarted. */
export class HostKeyChangedError extends BackendAIError {
  readonly code = "HOST_KEY_CHANGED";

  /**
   * @param pinned The fingerprint seen first.
   * @param shown The one seen now.
   */
  constructor(
    readonly sessionId: string,
    readonly pinned: string,
    readonly shown: string,
  ) {
    super(
      l10n.t(
        "The session shows another ssh host key than before ({0}, before {1}). Nothing was sent.",
        shown,
        pinned,
      ),
    );
  }
}

/** The fingerprint of a key as OpenSSH writes it: `SHA256:…`. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The host key of each session, pinned when it is first seen. A session's id is never used twice. */
export class HostKeys {
  readonly #store: KeyValueStore;
  readonly #logger: Logger;

  constructor(store: KeyValueStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /**
   * Pins a key, or compares it with the pinned one.
   * @throws {HostKeyChangedError}
   */
  check(sessionId: string, key: Buffer): void {
    const shown = fingerprintOf(key);
    const pinned = this.#all().find(([id]) => id === sessionId)?.[1];
    if (pinned === undefined) {
      this.#write([...this.#all(), [sessionId, shown]]);
    } else if (pinned !== shown) {
      throw new HostKeyChangedError(sessionId, pinned, shown);
    }
  }

  /** Has the next key pinned in place of the one known: a restarted session makes another one. */
  forget(sessionId: string): void {
    this.#write(this.#all().filter(([id]) => id !== sessionId));
  }

  #write(pins: readonly (readonly [string, string])[]): void {
    this.#store.update(storeKey, pins.slice(-pinLimit)).then(undefined, (error: unknown) => {
      this.#logger.warn(`a host key is not remembered: ${messageOf(error)}`);
    });
  }

  #all(): readonly (readonly [string, string])[] {
    const value = this.#store.get(storeKey);
    return Array.isArray(value) ? value.filter(isPin) : [];
  }
}

function isPin(value: unknown): value is [string, string] {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string";
}
