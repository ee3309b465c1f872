import type { ConnectionStore } from "../../account/connectionStore.js";
import type { BackendAIClient } from "../../api/index.js";
import { NotFoundError } from "../../api/errors.js";
import { BackendAIError, messageOf } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { expectRunning } from "../../sessions/sessionPresence.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import type { RunHistory } from "../history/runHistory.js";
import type { RunRecord } from "../history/runRecord.js";
import type { ListedJob } from "../jobs/jobStatus.js";
import { SessionJobs } from "../jobs/sessionJobs.js";
import type { FoundJob } from "./foundJob.js";

/** Between two looks at runs that go on by themselves, in milliseconds: soon after a start, and later. */
const pauses = { firstMs: 3000, longestMs: 30_000, growth: 1.2 };

/** Sessions that are asked at once. */
const sessionsAtOnce = 4;

/** A record without an end, older than that, is not looked for any more; milliseconds. */
const forgetMs = 30 * 24 * 3600 * 1000;

/** What background runs work with. */
export interface BackgroundRunsDeps {
  readonly connection: ConnectionStore;
  readonly tunnels: SessionTunnels;
  readonly history: RunHistory;
  /** The connected server, as records name it. */
  readonly server: () => string;
  /** Whether this window follows that job. */
  readonly isFollowed: (jobId: string) => boolean;
  readonly logger: Logger;
}

/** A run that ended while nobody followed it. */
export interface EndedRun {
  readonly record: RunRecord;
  readonly exitCode: number | undefined;
}

/**
 * Runs that go on in their sessions by themselves: finds them again by the records of this computer, tells when they end, and finds
 * those of other computers when asked. While there is none, nothing is asked.
 */
export class BackgroundRuns implements Disposable {
  readonly #deps: BackgroundRunsDeps;
  readonly #owned = new DisposableStore();
  readonly #didChange = new Emitter<void>();
  readonly #didEnd = new Emitter<EndedRun>();
  readonly #found = new Map<string, FoundJob>();
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = pauses.firstMs;
  #looking: AbortController | undefined;

  /** Fired when what {@link found} gives has changed. */
  readonly onDidChange = this.#didChange.event;
  readonly onDidEnd = this.#didEnd.event;

  constructor(deps: BackgroundRunsDeps) {
    this.#deps = deps;
    this.#owned.add(
      deps.connection.onDidChange(() => {
        this.#stop();
        this.#found.clear();
        this.#didChange.fire();
        this.watch();
      }),
    );
  }

  /** Jobs of the connected server that were seen last, the newest first. */
  get found(): readonly FoundJob[] {
    return [...this.#found.values()].sort((a, b) => b.job.startedAt.getTime() - a.job.startedAt.getTime());
  }

  /** Looks soon, and again as long as a run of this computer goes on by itself. */
  watch(): void {
    this.#pauseMs = pauses.firstMs;
    this.#schedule(0);
  }

  /** Looks for the jobs of these sessions, whoever started them. A session that has no ssh has none. */
  async findIn(sessions: readonly FoundJob["session"][], signal: AbortSignal): Promise<void> {
    const client = this.#deps.connection.current;
    if (client !== undefined) {
      await this.#eachOf(sessions, async (session) => this.#jobsOf(client, session, signal));
      this.#didChange.fire();
    }
  }

  /** Ends a job that nobody follows. */
  async stop({ session, job }: FoundJob, signal: AbortSignal): Promise<void> {
    await this.#jobs(session.id)?.signal(job.id, "INT", signal);
    this.watch();
  }

  /** Forgets a job that is over, in its session too. */
  async remove({ session, job }: FoundJob, signal: AbortSignal): Promise<void> {
    await this.#jobs(session.id)?.remove(job.id, signal);
    this.#found.delete(job.id);
    this.#didChange.fire();
  }

  dispose(): void {
    this.#stop();
    this.#owned.dispose();
  }

  #jobs(sessionId: string): SessionJobs | undefined {
    const { connection, tunnels } = this.#deps;
    const client = connection.current;
    return client && new SessionJobs(tunnels.ssh(client, sessionId));
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#looking?.abort();
    this.#looking = undefined;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#deps.connection.current !== undefined) {
      this.#timer = setTimeout(() => {
        this.#look().catch((error: unknown) => {
          this.#deps.logger.debug(`runs in the background: ${messageOf(error)}`);
        });
      }, ms);
    }
  }

  /** One at a time, as each tells of the ends that it sees: the newest one goes on. */
  async #look(): Promise<void> {
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    const client = this.#deps.connection.current;
    const open = await this.#openRecords();
    if (client === undefined || open.length === 0) {
      return;
    }
    const sessions = new Map(open.map(({ session }) => [session.id, session]));
    await this.#eachOf([...sessions.values()], async (session) => {
      const records = open.filter((record) => record.session.id === session.id);
      await this.#check(client, records, looking.signal);
    });
    if (!looking.signal.aborted) {
      this.#didChange.fire();
      this.#schedule(this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * pauses.growth, pauses.longestMs);
    }
  }

  /** Runs of the connected server whose end nobody knows. */
  async #openRecords(): Promise<readonly RunRecord[]> {
    const server = this.#deps.server();
    const oldest = new Date(Date.now() - forgetMs).toISOString();
    return (await this.#deps.history.list()).filter(
      (record) =>
        record.jobId !== undefined &&
        record.endedAt === undefined &&
        record.server === server &&
        record.startedAt > oldest &&
        !isFollowedElsewhere(record) &&
        !this.#deps.isFollowed(record.jobId),
    );
  }

  async #check(client: BackendAIClient, records: readonly RunRecord[], signal: AbortSignal): Promise<void> {
    const session = records[0]?.session;
    if (session === undefined) {
      return;
    }
    try {
      await expectRunning(client, session, signal);
      await this.#settle(records, await this.#jobsOf(client, session, signal), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isOver(error)) {
        throw error;
      }
      await this.#settle(records, [], signal);
    }
  }

  /** Tells of those that have ended, unless somebody has begun to follow them, or has told of it, since the session was asked. */
  async #settle(
    records: readonly RunRecord[],
    jobs: readonly ListedJob[],
    signal: AbortSignal,
  ): Promise<void> {
    const jobOf = ({ jobId }: RunRecord): ListedJob | undefined => jobs.find(({ id }) => id === jobId);
    const ended = records.filter((record) => jobOf(record)?.state !== "running");
    const open = new Set(ended.length === 0 ? [] : (await this.#openRecords()).map(({ id }) => id));
    for (const record of ended.filter(({ id }) => open.has(id))) {
      signal.throwIfAborted();
      await this.#finish(record, jobOf(record));
    }
  }

  /** Writes down how a run ended; one whose job is gone was lost with its session. */
  async #finish(record: RunRecord, job: ListedJob | undefined): Promise<void> {
    const outcome =
      job === undefined || job.state === "lost"
        ? "lost"
        : job.state === "unbuilt"
          ? "buildFailed"
          : "finished";
    const exitCode = job?.exitCode;
    await this.#deps.history.finish(record, { outcome, exitCode, endedAt: job?.endedAt });
    this.#didEnd.fire({ record, exitCode });
  }

  async #jobsOf(
    client: BackendAIClient,
    session: FoundJob["session"],
    signal: AbortSignal,
  ): Promise<readonly ListedJob[]> {
    const jobs = await new SessionJobs(this.#deps.tunnels.ssh(client, session.id)).list(signal);
    const { parseJobNote } = await import("../jobs/readJobNote.js");
    signal.throwIfAborted(); // of another server than the connected one there is nothing to show
    for (const [id, found] of this.#found) {
      if (found.session.id === session.id) {
        this.#found.delete(id);
      }
    }
    for (const job of jobs) {
      const note = parseJobNote(job.note);
      if (note !== undefined) {
        this.#found.set(job.id, { session, job, note });
      }
    }
    return jobs;
  }

  /** A session that fails is logged, and the others are asked all the same. */
  async #eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
    const waiting = [...items];
    const worker = async (): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        await work(item).catch((error: unknown) => {
          this.#deps.logger.debug(`runs of a session are not known: ${messageOf(error)}`);
        });
      }
    };
    await Promise.all(Array.from({ length: sessionsAtOnce }, worker));
  }
}

function isOver(error: unknown): boolean {
  return error instanceof NotFoundError || (error instanceof BackendAIError && error.code === "SESSION_OVER");
}

/** Whether another window of this computer follows it, and will tell of its end. */
function isFollowedElsewhere({ follower }: RunRecord): boolean {
  if (follower === undefined || follower === process.pid) {
    return false;
  }
  try {
    process.kill(follower, 0); // asks whether it is there
    return true;
  } catch {
    return false;
  }
}
