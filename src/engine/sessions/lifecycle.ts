import { mkdir } from "node:fs/promises";
import path from "node:path";
import { delay } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import type { LifecycleEvent } from "../../wire/lifecycle.js";
import { SessionApps } from "../apps/sessionApps.js";
import type { PlayedDefects } from "../defects/playedDefects.js";
import type { Era } from "../era.js";
import type { EventBus } from "../events/eventBus.js";
import type { FolderStore } from "../folders/folderStore.js";
import { SessionEndedError } from "../execution/index.js";
import { clearTree } from "../removeTree.js";
import { bootstrap, runStartupCommand } from "./startup/startup.js";
import { sessionVariables } from "./startup/sessionVariables.js";
import type { ExecutionFactory } from "./execution.js";
import type { Service, Session } from "./session.js";

/** What moves sessions needs. */
export interface LifecycleParts {
  readonly era: Era;
  readonly defects: PlayedDefects;
  readonly events: EventBus;
  readonly folders: FolderStore;
  readonly makeExecution: ExecutionFactory;
  readonly logger: Logger;
  readonly accessKey: string;
  readonly runnersDir: string;
  /** How long a session stays in each status on its way up, so that watchers can see it; milliseconds. */
  readonly stepMs: number;
  readonly logLimitBytes: number | undefined;
  readonly execTimeoutMs: number | undefined;
  /** Whether the files of ended sessions stay. */
  readonly keepsFiles: boolean;
}

/** Moves sessions through their statuses, tells everybody, and owns what runs in them. The only writer of `status`. */
export class SessionLifecycle {
  /** Ends what is under way in a session when the session ends. */
  readonly #ends = new WeakMap<Session, AbortController>();
  readonly #apps = new WeakMap<Session, SessionApps>();

  constructor(readonly parts: LifecycleParts) {}

  /** Puts a new session into the queue. */
  enqueue(session: Session): void {
    this.#ends.set(session, new AbortController());
    const [first] = this.parts.era.lifecycle.creation;
    this.#enter(session, first?.status ?? "PENDING", first?.events ?? [], "");
  }

  /** Takes a queued session up to `RUNNING`. Never throws: a session that cannot start is cancelled. */
  async start(session: Session): Promise<void> {
    const ended = this.#endOf(session);
    try {
      for (const step of this.parts.era.lifecycle.creation.slice(1)) {
        await delay(this.parts.stepMs, ended);
        if (step.status === "RUNNING") {
          await this.#prepare(session, ended);
        }
        ended.throwIfAborted();
        this.#enter(session, step.status, step.events, "");
      }
      session.startedAt = new Date();
      session.touch();
      if (session.spec.type === "batch") {
        void this.#runBatch(session, ended);
      }
    } catch (error) {
      if (!ended.aborted) {
        this.parts.logger.warn(`session ${session.name} could not start: ${messageOf(error)}`);
        session.statusData = { error: { src: "agent", name: "failed-to-start", repr: messageOf(error) } };
        await this.cancel(session, "failed-to-start");
      }
    }
  }

  /** Ends a session that runs; does nothing to one that ends already. */
  async terminate(session: Session, reason: string): Promise<void> {
    if (session.isDead || session.status === "TERMINATING") {
      return;
    }
    const [leaving, ...rest] = this.parts.era.lifecycle.destruction;
    session.statusInfo = reason;
    this.#enter(session, leaving?.status ?? "TERMINATING", leaving?.events ?? [], reason);
    await this.#release(session, reason);
    const finish = (): void => {
      for (const step of rest) {
        session.terminatedAt = new Date();
        session.exitCode ??= -1;
        this.#enter(session, step.status, step.events, reason);
      }
    };
    const { defects } = this.parts;
    if (defects.has("slowEnd")) {
      setTimeout(finish, defects.endMs).unref();
    } else {
      finish();
    }
  }

  /** Ends a session that has never run. */
  async cancel(session: Session, reason: string): Promise<void> {
    if (session.isDead) {
      return;
    }
    session.statusInfo = reason;
    session.terminatedAt = new Date();
    this.#enter(session, "CANCELLED", this.parts.era.lifecycle.cancellation, reason);
    await this.#release(session, reason);
  }

  /** New processes for a running session; its files stay. */
  async restart(session: Session): Promise<void> {
    await this.#apps.get(session)?.restart();
    await session.execution?.restart();
    session.touch();
    this.#tell(session, this.parts.era.lifecycle.restart, "");
  }

  /** Ends everything without telling: the engine stops. */
  async abandon(session: Session): Promise<void> {
    await this.#release(session, "engine-stops");
  }

  async #prepare(session: Session, ended: AbortSignal): Promise<void> {
    const { parts } = this;
    await mkdir(session.workDir, { recursive: true });
    await mkdir(session.stateDir, { recursive: true });
    await parts.folders.mount(session);
    const apps = await this.#makeApps(session, ended);
    session.execution = parts.makeExecution({
      workDir: session.workDir,
      stateDir: session.stateDir,
      runtime: session.spec.image.runtime,
      environment: { ...sessionVariables(session, parts.accessKey), ...apps.variables },
      runnersDir: parts.runnersDir,
      ...(parts.logLimitBytes !== undefined ? { logLimitBytes: parts.logLimitBytes } : {}),
      ...(parts.execTimeoutMs !== undefined ? { execTimeoutMs: parts.execTimeoutMs } : {}),
    });
    session.services = apps.services();
    await bootstrap(session, session.execution, ended);
  }

  /** Throws for a session that has ended meanwhile: nobody would end what is made now. */
  async #makeApps(session: Session, ended: AbortSignal): Promise<SessionApps> {
    const apps = await SessionApps.make(session, this.parts.logger);
    if (ended.aborted) {
      await apps.removeFiles();
    }
    ended.throwIfAborted();
    this.#apps.set(session, apps);
    return apps;
  }

  async #runBatch(session: Session, ended: AbortSignal): Promise<void> {
    const { success, failure } = this.parts.era.lifecycle;
    const exitCode = await this.#startupExitCode(session, ended);
    if (ended.aborted) {
      return;
    }
    const isSuccess = exitCode === 0;
    session.exitCode = exitCode;
    session.result = isSuccess ? "success" : "failure";
    const event = isSuccess ? success : failure;
    this.#tell(session, [event], event.reason ?? "");
    await this.terminate(session, event.reason ?? "task-finished");
  }

  async #startupExitCode(session: Session, ended: AbortSignal): Promise<number> {
    const { execution } = session;
    try {
      return execution === undefined ? 1 : await runStartupCommand(session, execution, ended);
    } catch (error) {
      this.parts.logger.warn(`the startup command of ${session.name} failed: ${messageOf(error)}`);
      return 1;
    }
  }

  /** Never rejects: a session ends also where its processes or files give trouble. */
  async #release(session: Session, reason: string): Promise<void> {
    this.#ends.get(session)?.abort(new DOMException(reason, "AbortError"));
    const { execution } = session;
    const apps = this.#apps.get(session);
    await apps?.end();
    if (execution !== undefined) {
      const before = session.lastLog;
      session.lastLog = before + execution.containerLog();
      session.execution = undefined;
      await execution.dispose().catch((error: unknown) => {
        this.parts.logger.error(`processes of session ${session.name} may be left: ${messageOf(error)}`);
      });
      session.lastLog = before + execution.containerLog(); // with what programs say when they are told to end
    }
    await apps?.removeFiles();
    this.#apps.delete(session);
    session.services = session.services.map(toClosed);
    if (!this.parts.keepsFiles) {
      await clearTree(path.dirname(session.workDir), this.parts.logger);
    }
  }

  #endOf(session: Session): AbortSignal {
    const end = this.#ends.get(session) ?? new AbortController();
    this.#ends.set(session, end);
    return end.signal;
  }

  /** Enters a status. The status is visible before its events are, so that who hears one and asks sees it. */
  #enter(session: Session, status: string, events: readonly LifecycleEvent[], reason: string): void {
    session.status = status;
    session.statusChanged = new Date();
    session.history.set(status, session.statusChanged);
    this.#tell(session, events, reason);
  }

  #tell(session: Session, events: readonly LifecycleEvent[], reason: string): void {
    for (const event of events) {
      this.parts.events.fire({
        name: event.name,
        reason: event.reason ?? reason,
        sessionId: session.id,
        sessionName: session.name,
        kernelId: session.kernelId,
        exitCode: session.exitCode,
      });
    }
  }
}

/** A service of a session that has ended: what is known of it, without the apps behind it, which would stay in memory. */
function toClosed({ name, protocol, containerPort, hostPort }: Service): Service {
  const connect = async (): Promise<never> => Promise.reject(new SessionEndedError());
  return { name, protocol, containerPort, hostPort, connect };
}
