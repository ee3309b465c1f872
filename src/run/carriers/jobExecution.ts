import * as l10n from "@vscode/l10n";
import type { TurnQueue } from "../../base/turnQueue.js";
import { delay } from "../../base/abort.js";
import { ConfigurationError, messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { TextStream } from "../../base/textStream.js";
import { JobFollower } from "../jobs/jobFollower.js";
import type { JobStatus } from "../jobs/jobStatus.js";
import { isPassing } from "../jobs/passing.js";
import type { SessionJobs } from "../jobs/sessionJobs.js";
import type { Execution, ExecutionEvent, InputKind, ScreenSize } from "./execution.js";

/** How long a program may take to end after it was asked to, before it is killed; milliseconds. */
const termMs = 2000;

/** How long after a start that failed it is tried again, in milliseconds. */
const repeatMs = 250;

/** What a job is run and followed with. */
export interface JobExecutionParts {
  readonly jobs: SessionJobs;
  readonly id: string;
  /** What to start; absent for a job that runs already. */
  readonly start?: JobStartParts;
  readonly logger: Logger;
  /** Throws when the session is over. */
  readonly expectSession: (signal: AbortSignal) => Promise<void>;
}

/** What starting a job takes. */
export interface JobStartParts {
  readonly script: string;
  readonly kind: "terminal" | "pipes";
  readonly size: ScreenSize;
  readonly note: string;
  /** Runs of one session follow one another, those in the background excepted. */
  readonly queue: TurnQueue;
  readonly sessionId: string;
}

/** A program that runs in the session by itself, followed over ssh: it outlives the connection and the window. */
export class JobExecution implements Execution {
  readonly jobId: string;
  readonly #parts: JobExecutionParts;
  readonly #follower: JobFollower;
  readonly #abort = new AbortController();
  readonly #texts = { out: new TextStream(), err: new TextStream() };
  #kind: "terminal" | "pipes" = "terminal";
  /** Bytes that a job which ran already had written by then, and those that have come, by stream. */
  #before = { out: 0, err: 0 };
  readonly #come = { out: 0, err: 0 };
  /** The job on its way up, from the moment it may run; `undefined` while it waits its turn. */
  #starting: Promise<void> | undefined;
  #kill: NodeJS.Timeout | undefined;

  constructor(parts: JobExecutionParts) {
    this.jobId = parts.id;
    this.#parts = parts;
    const { jobs, id, logger, expectSession } = parts;
    this.#follower = new JobFollower({ jobs, id, logger, expectSession, signal: this.#abort.signal });
  }

  get input(): InputKind {
    return this.#kind === "terminal" ? "keys" : "lines";
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ExecutionEvent, void, undefined> {
    const { start } = this.#parts;
    const isQueued = start?.queue.isBusy(start.sessionId) ?? false;
    if (isQueued) {
      yield { type: "queued" };
    }
    const leave = await start?.queue.enter(start.sessionId, this.#abort.signal);
    try {
      this.#starting = this.#begin();
      await this.#starting;
      yield { type: "started", jobId: this.jobId };
      for await (const event of this.#follower) {
        switch (event.type) {
          case "output": {
            yield this.#output(event.stream, event.bytes);
            break;
          }
          case "lost":
            yield { type: "connectionLost", reason: event.reason };
            break;
          case "resumed":
            yield { type: "connectionBack" };
            break;
          case "ended":
            yield* this.#end(event.status);
        }
      }
    } finally {
      clearTimeout(this.#kill);
      leave?.();
    }
  }

  send(text: string): Promise<void> {
    // A program on pipes reads lines; one on a terminal gets the keys as they are.
    return this.#follower.write(this.#kind === "terminal" ? text : `${text}\n`)
      ? Promise.resolve()
      : Promise.reject(
          new ConfigurationError("answer", l10n.t("Too much was typed while there is no connection.")),
        );
  }

  async interrupt(): Promise<void> {
    if (this.#starting === undefined) {
      this.#abort.abort();
      return;
    }
    await this.#starting;
    await this.#parts.jobs.signal(this.jobId, "INT");
  }

  /** Asks it to end, and kills it when it has not ended soon; one that waits its turn does not begin. */
  async kill(): Promise<boolean> {
    const { jobs, logger } = this.#parts;
    if (this.#starting === undefined) {
      this.#abort.abort();
      return true;
    }
    await this.#starting;
    await jobs.signal(this.jobId, "TERM");
    this.#kill = setTimeout(() => {
      jobs
        .signal(this.jobId, "KILL")
        .catch((error: unknown) => logger.warn(`kill of ${this.jobId}: ${String(error)}`));
    }, termMs);
    return true;
  }

  resize(size: ScreenSize): void {
    if (this.#starting !== undefined && this.#kind === "terminal") {
      this.#parts.jobs.resize(this.jobId, size).catch(() => undefined); // the next one may do
    }
  }

  leave(): void {
    this.#abort.abort();
  }

  async #begin(): Promise<void> {
    const { jobs, id, start } = this.#parts;
    const { signal } = this.#abort;
    if (start === undefined) {
      const { kind, sizes } = await jobs.status(id, signal);
      this.#kind = kind;
      this.#before = sizes;
    } else {
      this.#kind = await this.#start(start);
    }
  }

  /** Once more where its answer was lost, as it may run: the session starts it once. */
  async #start({ kind, size, note, script }: JobStartParts): Promise<"terminal" | "pipes"> {
    const { jobs, id, expectSession, logger } = this.#parts;
    const { signal } = this.#abort;
    const job = { id, kind, ...size, note };
    try {
      return await jobs.start(job, script, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) {
        throw error;
      }
      logger.debug(`job ${id} is started once more: ${messageOf(error)}`);
      await delay(repeatMs, signal);
      await expectSession(signal);
      return jobs.start(job, script, signal);
    }
  }

  #output(stream: "out" | "err", bytes: Uint8Array): ExecutionEvent {
    const text = this.#texts[stream].take(bytes);
    const isReplay = this.#come[stream] < this.#before[stream];
    this.#come[stream] += bytes.length;
    return { type: "output", stream: stream === "out" ? "stdout" : "stderr", text, bytes, isReplay };
  }

  *#end({ state, exitCode }: JobStatus): Generator<ExecutionEvent, void, undefined> {
    for (const stream of ["out", "err"] as const) {
      const text = this.#texts[stream].end(); // half a character at the very end
      if (text !== "") {
        yield {
          type: "output",
          stream: stream === "out" ? "stdout" : "stderr",
          text,
          bytes: new Uint8Array(),
        };
      }
    }
    if (state === "full") {
      yield { type: "remark", text: l10n.t("its output passed 4 GB, so the session ended it") };
    } else if (state === "lost") {
      yield { type: "remark", text: l10n.t("the session lost it: its processes were ended from outside") };
    }
    if (state === "unbuilt") {
      yield { type: "buildFinished", exitCode };
    }
    yield { type: "finished", exitCode };
  }
}
