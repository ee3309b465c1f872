import type { KeyValueStore } from "../../base/keyValueStore.js";

const key = "backendai.formerSessionNames";

/** Names that are remembered; the oldest are forgotten first. */
const nameLimit = 100;

type Names = Readonly<Record<string, string>>;

/**
 * The names that sessions had before they were renamed here. Addresses of files have the name of their session in them, so that open
 * editors and folders would lose it otherwise.
 */
export class FormerNames {
  readonly #memory: KeyValueStore;

  /** @param memory Of the workspace: its editors come back with it. */
  constructor(memory: KeyValueStore) {
    this.#memory = memory;
  }

  /** The id of the session that once had that name. */
  idOf(name: string): string | undefined {
    const names = this.#names();
    return Object.hasOwn(names, name) ? names[name] : undefined;
  }

  /** A session has another name. */
  async add(name: string, id: string): Promise<void> {
    const others = Object.entries(this.#names()).filter(([other]) => other !== name);
    const kept = others.slice(-(nameLimit - 1));
    await this.#memory.update(key, { ...Object.fromEntries(kept), [name]: id });
  }

  /** Another version may have written it. */
  #names(): Names {
    const value = this.#memory.get(key);
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  }
}
