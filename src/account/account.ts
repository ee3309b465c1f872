import type { BackendAIClient } from "../api/index.js";
import type { ConnectionStore } from "./connectionStore.js";
import { environmentTarget, hasEnvironmentTarget } from "./environment.js";
import type { ConnectionTarget } from "./target.js";

/** What other features ask of the account: a client, for the server in use or else for the one to start with. */
export class Account {
  readonly connection: ConnectionStore;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(connection: ConnectionStore, environment: NodeJS.ProcessEnv) {
    this.connection = connection;
    this.#environment = environment;
  }

  /** Whether `BACKEND_*` variables name a server. */
  get hasEnvironment(): boolean {
    return hasEnvironmentTarget(this.#environment);
  }

  /** The server in use or last tried; else the one that the environment names; else the local engine. */
  defaultTarget(): ConnectionTarget {
    const { state } = this.connection;
    if (state.phase !== "disconnected") {
      return state.target;
    }
    return this.hasEnvironment ? environmentTarget(this.#environment) : { kind: "local" };
  }

  /** Connects where there is no connection. */
  async client(signal?: AbortSignal): Promise<BackendAIClient> {
    return this.connection.connect(this.defaultTarget(), signal);
  }
}
