import type { KeyValueStore } from "../../base/keyValueStore.js";
import { withholdSecrets } from "../../base/secrets/withheld.js";
import type { StartRequest } from "./startRequest.js";

const key = "backendai.startedSessions";

/** Requests that are remembered for a server. */
const requestLimit = 10;

/** Servers that are remembered. */
const serverLimit = 30;

/** A request as it is written down. */
interface KeptRequest extends StartRequest {
  /** Names of variables that were given values, which are secrets and not written down. */
  readonly withheld?: readonly string[];
}

type Remembered = Readonly<Record<string, readonly KeptRequest[]>>;

/** What was started last. */
export interface LastStart {
  readonly request: StartRequest;
  /** Names of variables that it had and that are to be asked for: secrets are forgotten with the window. */
  readonly withheld: readonly string[];
}

/** What was started on each server, the latest first: for “Start Like Last Time”, and for images used lately. */
export class StartMemory {
  readonly #store: KeyValueStore;
  /** Server → what this window started there last, whole, and as it is written down. */
  readonly #whole = new Map<string, { readonly request: StartRequest; readonly kept: string }>();

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  last(server: string): LastStart | undefined {
    const [latest] = this.#all()[server] ?? [];
    if (latest === undefined) {
      return undefined;
    }
    const whole = this.#whole.get(server);
    if (whole?.kept === JSON.stringify(latest)) {
      return { request: whole.request, withheld: [] };
    }
    const { withheld = [], ...request } = latest;
    return { request, withheld };
  }

  /** References of images, the one used last first. */
  recentImages(server: string): readonly string[] {
    return [...new Set((this.#all()[server] ?? []).map(({ image }) => image))];
  }

  async add(server: string, request: StartRequest): Promise<void> {
    const { [server]: known = [], ...others } = this.#all();
    const kept = Object.entries(others).slice(-(serverLimit - 1));
    const latest = keptOf(request);
    this.#whole.set(server, { request, kept: JSON.stringify(latest) });
    await this.#store.update(key, {
      ...Object.fromEntries(kept),
      [server]: [latest, ...known].slice(0, requestLimit),
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

function keptOf(request: StartRequest): KeptRequest {
  const { kept, withheld } = withholdSecrets(request.environment ?? {});
  return withheld.length === 0 ? request : { ...request, environment: kept, withheld };
}

function isRequest(value: unknown): value is KeptRequest {
  return typeof value === "object" && value !== null && "image" in value && typeof value.image === "string";
}
