import type { BackendAIClient } from "../api/index.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { KeyValueStore } from "../base/keyValueStore.js";
import type { ConnectionStore } from "./connectionStore.js";
import { environmentTarget, hasEnvironmentTarget } from "./environment.js";
import type { ProfileStore } from "./profiles/profileStore.js";
import { type ConnectionTarget, serverIdOf } from "./target.js";

/** What the account works with. */
export interface AccountParts {
  readonly connection: ConnectionStore;
  readonly profiles: ProfileStore;
  readonly environment: NodeJS.ProcessEnv;
  /** Remembers for this workspace which server was used last. */
  readonly memory: KeyValueStore;
}

const lastServerKey = "backendai.lastServer";

/** What other features ask of the account: a client, for the server in use or else for the one to start with. */
export class Account implements Disposable {
  readonly connection: ConnectionStore;
  readonly profiles: ProfileStore;
  /** The variables of this window. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #memory: KeyValueStore;
  readonly #owned = new DisposableStore();

  constructor({ connection, profiles, environment, memory }: AccountParts) {
    this.connection = connection;
    this.profiles = profiles;
    this.environment = environment;
    this.#memory = memory;
    this.#owned.add(
      connection.onDidChange((state) => {
        if (state.phase === "connected" && serverIdOf(state.target) !== memory.get(lastServerKey)) {
          void memory.update(lastServerKey, serverIdOf(state.target));
        }
      }),
    );
  }

  /** Whether `BACKEND_*` variables name a server. */
  get hasEnvironment(): boolean {
    return hasEnvironmentTarget(this.environment);
  }

  /** Whether a server other than the local engine was chosen: by the environment, or earlier in this workspace. */
  get hasChosenServer(): boolean {
    return this.hasEnvironment || this.#lastProfile() !== undefined;
  }

  /** The server in use or last tried; else the one used last in this workspace; else the environment's; else the local engine. */
  defaultTarget(): ConnectionTarget {
    const { state } = this.connection;
    if (state.phase !== "disconnected") {
      return state.target;
    }
    const last = this.#lastProfile();
    if (last !== undefined) {
      return last;
    }
    const isLocal = this.#memory.get(lastServerKey) === "local";
    return this.hasEnvironment && !isLocal ? environmentTarget(this.environment) : { kind: "local" };
  }

  /**
   * The server that the environment names.
   * @throws {ConfigurationError} naming the variable that is missing or wrong.
   */
  environmentTarget(): ConnectionTarget {
    return environmentTarget(this.environment);
  }

  /** Connects where there is no connection. */
  async client(signal?: AbortSignal): Promise<BackendAIClient> {
    return this.connection.connect(this.defaultTarget(), signal);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #lastProfile(): ConnectionTarget | undefined {
    const id = this.#memory.get(lastServerKey);
    const profile = typeof id === "string" ? this.profiles.find(id) : undefined;
    return profile && { kind: "profile", profile };
  }
}
