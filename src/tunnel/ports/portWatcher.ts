import type { ConnectionStore } from "../../account/connectionStore.js";
import type { BackendAIClient } from "../../api/index.js";
import { NotFoundError } from "../../api/errors.js";
import { delay, isAbort } from "../../base/abort.js";
import { backoffMs } from "../../base/backoff.js";
import { BackendAIError, messageOf } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import { type Disposable, toDisposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { SessionRef } from "../forwards/forwardTarget.js";
import type { SessionTunnels } from "../sessionTunnels.js";
import { PortNews, worthTelling } from "./listeningPorts.js";
import { followPorts, PortsUnknownError, portsOfSession } from "./portQueries.js";

/** Waits before a broken watch begins again. */
const reconnection = { firstMs: 2000, longestMs: 60_000 };

/** Failures in a row after which a watch is given up: nobody asked for it. */
const attemptLimit = 6;

/** Seconds between looks. */
const defaultPauseSeconds = 3;

/** Ports that every container of Backend.AI listens on for itself. */
const ownPorts: ReadonlySet<number> = new Set([2000, 2001, 2200, 7681]);

/** A port of a session started to listen. */
export interface FoundPort {
  readonly client: BackendAIClient;
  readonly session: SessionRef;
  readonly port: number;
  /** Whether the session has this computer's network: the port is reached without a forward. */
  readonly isOfThisComputer: boolean;
}

/** What watching works with. */
export interface PortWatcherDeps {
  readonly connection: ConnectionStore;
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
  readonly pauseSeconds?: number;
}

interface Watch {
  readonly client: BackendAIClient;
  readonly session: SessionRef;
  users: number;
  controller: AbortController | undefined;
}

/** Tells when programs in sessions start to listen on ports, while somebody uses those sessions in this window. */
export class PortWatcher implements Disposable {
  readonly #deps: PortWatcherDeps;
  readonly #watches = new Set<Watch>();
  readonly #didFind = new Emitter<FoundPort>();
  #isEnabled = true;

  /** Fired for each port that started to listen, once until it was closed for half a minute. */
  readonly onDidFind = this.#didFind.event;

  constructor(deps: PortWatcherDeps) {
    this.#deps = deps;
  }

  /** Whether watches look; where nobody wants to know, nothing is asked. */
  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
    for (const watch of this.#watches) {
      this.#follow(watch);
    }
  }

  /** Watches a session until the result is disposed; many who watch the same one share one look. */
  watch(client: BackendAIClient, { id, name }: SessionRef): Disposable {
    const known = [...this.#watches].find((w) => w.client === client && w.session.id === id);
    const watch = known ?? { client, session: { id, name }, users: 0, controller: undefined };
    watch.users += 1;
    this.#watches.add(watch);
    this.#follow(watch);
    return toDisposable(() => {
      watch.users -= 1;
      if (watch.users === 0) {
        this.#watches.delete(watch);
        watch.controller?.abort();
      }
    });
  }

  dispose(): void {
    for (const { controller } of this.#watches) {
      controller?.abort();
    }
    this.#watches.clear();
    this.#didFind.dispose();
  }

  #follow(watch: Watch): void {
    if (!this.#isEnabled) {
      watch.controller?.abort();
      watch.controller = undefined;
    } else if (watch.controller === undefined) {
      const controller = new AbortController();
      watch.controller = controller;
      this.#run(watch, controller.signal)
        .catch((error: unknown) => {
          if (!isAbort(error)) {
            this.#deps.logger.error(`watching the ports of ${watch.session.name}: ${messageOf(error)}`);
          }
        })
        .finally(() => this.#ended(watch, controller));
    }
  }

  /** Who uses the session next has it watched again. */
  #ended(watch: Watch, controller: AbortController): void {
    if (watch.controller === controller) {
      watch.controller = undefined;
    }
  }

  async #run(watch: Watch, signal: AbortSignal): Promise<void> {
    const { client, session } = watch;
    const { connection, logger } = this.#deps;
    const own = await appPorts(client, session, signal);
    const news = new PortNews((port) => ownPorts.has(port) || own.has(port));
    for (let attempt = 0; attempt < attemptLimit && connection.current === client; attempt += 1) {
      try {
        await this.#look(watch, news, signal, () => (attempt = 0));
      } catch (error) {
        signal.throwIfAborted();
        logger.debug(`the ports of ${session.name} are not watched: ${messageOf(error)}`);
        if (isLasting(error)) {
          return;
        }
      }
      await delay(backoffMs(attempt, reconnection, Math.random()), signal);
    }
  }

  async #look(watch: Watch, news: PortNews, signal: AbortSignal, onLook: () => void): Promise<void> {
    const { client, session } = watch;
    const { tunnels, pauseSeconds = defaultPauseSeconds } = this.#deps;
    const lease = await tunnels.ssh(client, session.id).acquire(signal);
    try {
      const { connection } = lease;
      for await (const { ports, isOfThisComputer } of followPorts(connection, { pauseSeconds, signal })) {
        onLook();
        const fresh = news.update(ports, performance.now());
        const ours = isOfThisComputer ? await portsOfSession(connection, fresh, signal) : fresh;
        for (const { port } of worthTelling(ours)) {
          this.#didFind.fire({ client, session, port, isOfThisComputer });
        }
      }
    } finally {
      lease.dispose();
    }
  }
}

/** The ports of the apps that come with the session. Ports that were opened for one's own programs are not among them. */
async function appPorts(
  client: BackendAIClient,
  { id }: SessionRef,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  try {
    const apps = await client.apps.list(id, { signal });
    return new Set(apps.filter(({ protocol }) => protocol !== "preopen").flatMap(({ ports }) => ports));
  } catch {
    signal.throwIfAborted();
    return new Set();
  }
}

/** Whether trying again is in vain: no ssh, no such session, another host key, or a system that does not tell. */
function isLasting(error: unknown): boolean {
  const lasting = ["NO_SESSION_KEY", "SSH_UNAVAILABLE", "HOST_KEY_CHANGED", "SERVER_DEFECT"];
  return (
    error instanceof PortsUnknownError ||
    error instanceof NotFoundError ||
    (error instanceof BackendAIError && lasting.includes(error.code))
  );
}
