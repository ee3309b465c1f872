import type { KeyValueStore } from "../base/keyValueStore.js";
import type { Logger } from "../base/logger.js";
import { messageOf } from "../base/errors.js";

const storeKey = "backendai.terminals";

/** Terminals that are remembered; more than anybody has open at once. */
const savedLimit = 50;

/** A terminal to be opened again with the window. */
export interface SavedTerminal {
  /** The server's address. */
  readonly endpoint: string;
  readonly sessionId: string;
  readonly sessionName: string;
  /** Its tmux session. */
  readonly shellName: string;
}

/**
 * The terminals of a window whose shells outlive it. VS Code can't bring an extension's terminal back, so this list does:
 * a terminal is on it from when it is open until its shell ends or a person closes it.
 */
export class SavedTerminals {
  readonly #store: KeyValueStore;
  readonly #logger: Logger;

  constructor(store: KeyValueStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Another version of the extension may have written it, so that nothing is taken for granted. */
  all(): readonly SavedTerminal[] {
    const value = this.#store.get(storeKey);
    return Array.isArray(value) ? value.filter(isSaved) : [];
  }

  keep(terminal: SavedTerminal): void {
    this.#write([...this.#without(terminal.shellName), terminal].slice(-savedLimit));
  }

  forget(shellName: string): void {
    if (this.all().some((saved) => saved.shellName === shellName)) {
      this.#write(this.#without(shellName));
    }
  }

  #without(shellName: string): readonly SavedTerminal[] {
    return this.all().filter((saved) => saved.shellName !== shellName);
  }

  #write(terminals: readonly SavedTerminal[]): void {
    this.#store.update(storeKey, terminals).then(undefined, (error: unknown) => {
      this.#logger.warn(`open terminals are not remembered: ${messageOf(error)}`);
    });
  }
}

const fields = ["endpoint", "sessionId", "sessionName", "shellName"] as const;

function isSaved(value: unknown): value is SavedTerminal {
  return (
    typeof value === "object" &&
    value !== null &&
    fields.every((field) => typeof Object.entries(value).find(([key]) => key === field)?.[1] === "string")
  );
}
