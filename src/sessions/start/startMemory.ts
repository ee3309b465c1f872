import type { KeyValueStore } from "../../base/keyValueStore.js";
import type { StartRequest } from "./startRequest.js";

const key = "backendai.startedSessions";

/** Requests that are remembered for a server. */
const requestLimit = 10;

/** Servers that are remembered. */
const serverLimit = 30;

type Remembered = Readonly<Record<string, readonly StartRequest[]>>;

/** What was started on each server, the latest first: for “Start Like Last Time”, and for images used lately. */
export class StartMemory {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  last(server: string): StartRequest | undefined {
    return this.#all()[server]?.[0];
  }

  /** References of images, the one used last first. */
  recentImages(server: string): readonly string[] {
    return [...new Set((this.#all()[server] ?? []).map(({ image }) => image))];
  }

  async add(server: string, request: StartRequest): Promise<void> {
    const { [server]: known = [], ...others } = this.#all();
    const kept = Object.entries(others).slice(-(serverLimit - 1));
    await this.#store.update(key, {
      ...Object.fromEntries(kept),
      [server]: [request, ...known].slice(0, requestLimit),
    });
  }

  /** Another version of the extension may have written it, so that nothing is taken for granted. */
  #all(): Remembered {
    const value = this.#store.get(key);
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(
      entries.map(([server, requests]) => [
        server,
        Array.isArray(requests) ? requests.filter(isRequest) : [],
      ]),
    );
  }
}

function isRequest(value: unknown): value is StartRequest {
  return typeof value === "object" && value !== null && "image" in value && typeof value.image === "string";
}
