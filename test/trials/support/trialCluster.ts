import { availableParallelism } from "node:os";
import type { ConnectOptions, Timeouts } from "../../../src/api/index.js";
import { clientVariables } from "../../cluster/clientVariables.js";
import { type Release, releases } from "../../cluster/releases.js";
import {
  killServer,
  type ServerName,
  startServer,
  stopServer,
  waitForServer,
} from "../../cluster/steps/servers.js";
import { pauseStore } from "../../cluster/steps/stores.js";
import { clusterPaths } from "../../cluster/support/paths.js";
import { processesOf } from "../../cluster/support/processes.js";

/** Shorter than the client's own, so that a trial of a deadline takes less than a minute. */
export const trialTimeouts: Partial<Timeouts> = {
  connectMs: 5000,
  headersMs: 40_000,
  bodyMs: 40_000,
  handshakeMs: 20_000,
  idleMs: 24_000, // event streams ping every 15 s
  endMs: 60_000,
};

/** Longest a call may take to end in any way: a step of a run, the interrupt after it, and freeing the session. */
export const callLimitMs = 60_000;

/** A place for a session is a quarter of a core (`test/cluster/steps/servers.ts`). */
const placesPerCore = 4;
/** Enough to fill two cores; on larger computers each session takes more places. */
const fewSessions = 8;

/** The cluster that is tried, which must be up and have no other users. */
export class TrialCluster {
  readonly release: Release;
  readonly #processes;
  readonly #paths;

  /** @param name As in `test/cluster/releases.ts`. */
  constructor(name: string) {
    const release = releases.find((candidate) => candidate.name === name);
    if (release === undefined) {
      throw new Error(`TRIALS_RELEASE is ${name}; there are ${releases.map((one) => one.name).join(", ")}.`);
    }
    this.release = release;
    this.#paths = clusterPaths(release);
    this.#processes = processesOf(this.#paths);
  }

  /** For a client with a keypair. */
  get connection(): ConnectOptions {
    const { BACKEND_ACCESS_KEY, BACKEND_SECRET_KEY, BACKEND_ENDPOINT } = clientVariables(this.release);
    return {
      endpoint: BACKEND_ENDPOINT,
      credentials: { type: "keypair", accessKey: BACKEND_ACCESS_KEY, secretKey: BACKEND_SECRET_KEY },
      timeouts: trialTimeouts,
    };
  }

  /** Where users log in, and an account that can. */
  get login(): { readonly endpoint: string; readonly username: string; readonly password: string } {
    const { BACKEND_WEB_ENDPOINT, BACKEND_WEB_USER, BACKEND_WEB_PASSWORD } = clientVariables(this.release);
    return { endpoint: BACKEND_WEB_ENDPOINT, username: BACKEND_WEB_USER, password: BACKEND_WEB_PASSWORD };
  }

  get pythonImage(): string {
    return clientVariables(this.release).CONFORMANCE_PYTHON_IMAGE;
  }

  /** How many sessions fill the cluster, and how many places each of them takes. */
  get capacity(): { readonly sessions: number; readonly cpu: number } {
    const places = availableParallelism() * placesPerCore;
    const cpu = Math.max(1, Math.floor(places / fewSessions));
    return { sessions: Math.floor(places / cpu), cpu };
  }

  /** Ends a server, does something while it is gone, and starts it again; resolves when it works as before. */
  async without(
    name: ServerName,
    how: "killed" | "stopped",
    whileGone: () => Promise<unknown>,
  ): Promise<void> {
    await (how === "killed" ? killServer : stopServer)(name, this.#processes);
    try {
      await whileGone();
    } finally {
      await startServer(name, this.#paths, this.#processes);
      await waitForServer(name, this.release, this.#processes);
    }
  }

  /** Does something while redis stands still. */
  async withoutRedis<T>(whilePaused: () => Promise<T>): Promise<T> {
    const goOn = await pauseStore("redis", this.#processes);
    try {
      return await whilePaused();
    } finally {
      await goOn();
    }
  }
}
