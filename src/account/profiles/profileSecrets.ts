import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { SecretStore } from "../../base/secretStore.js";
import type { Profile } from "./profile.js";

/** What proves who calls, as it is kept. */
export type KeptSecret =
  | { readonly type: "keypair"; readonly accessKey: string; readonly secretKey: string }
  | { readonly type: "cookie"; readonly cookie: string; readonly accessKey: string | undefined };

/** A sign-in. */
export interface SignIn {
  readonly secret: KeptSecret;
  /** Who: an e-mail address or an access key; shown to people. */
  readonly user: string;
}

/** A sign-in with the addresses that it is for: a changed setting must not send it elsewhere. */
interface KeptSignIn extends SignIn {
  readonly endpoints: readonly string[];
}

const prefix = "backendai.signIn.";

/** Sign-ins, in the system's keychain alone. Who makes it disposes it. */
export class ProfileSecrets implements Disposable {
  readonly #store: SecretStore;
  readonly #didChange = new Emitter<string>();
  readonly #hook: Disposable;

  /** Fired with the id of a profile that was signed in to or out of, in any window. */
  readonly onDidChange = this.#didChange.event;

  constructor(store: SecretStore) {
    this.#store = store;
    this.#hook = store.onDidChange(({ key }) => {
      if (key.startsWith(prefix)) {
        this.#didChange.fire(key.slice(prefix.length));
      }
    });
  }

  /** The sign-in of a profile; `undefined` when there is none, or when it was made for other addresses. */
  async get({ id, endpoints, login }: Profile): Promise<SignIn | undefined> {
    const kept = parse(await this.#store.get(prefix + id));
    const isSame =
      kept?.endpoints.join() === endpoints.join() &&
      (kept.secret.type === "cookie") === (login === "password");
    return isSame ? { secret: kept.secret, user: kept.user } : undefined;
  }

  async set({ id, endpoints }: Profile, signIn: SignIn): Promise<void> {
    const kept: KeptSignIn = { ...signIn, endpoints };
    await this.#store.store(prefix + id, JSON.stringify(kept));
  }

  async delete(id: string): Promise<void> {
    await this.#store.delete(prefix + id);
  }

  dispose(): void {
    this.#hook.dispose();
    this.#didChange.dispose();
  }
}

/** Another version of the extension may have written it, so that nothing is taken for granted. */
function parse(text: string | undefined): KeptSignIn | undefined {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<KeptSignIn> | null;
    const { secret, user, endpoints } = kept ?? {};
    const isWhole =
      typeof user === "string" &&
      Array.isArray(endpoints) &&
      ((secret?.type === "keypair" &&
        typeof secret.accessKey === "string" &&
        typeof secret.secretKey === "string") ||
        (secret?.type === "cookie" && typeof secret.cookie === "string"));
    return isWhole ? { secret: secret, user, endpoints } : undefined;
  } catch {
    return undefined;
  }
}
