import { delay } from "../../base/abort.js";
import { type BackoffBounds, backoffMs } from "../../base/backoff.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { JobAttachment } from "./jobAttachment.js";
import type { JobStatus } from "./jobStatus.js";
import { isPassing } from "./passing.js";
import type { JobPiece } from "./pieceQueue.js";
import type { SessionJobs } from "./sessionJobs.js";
import { StatusHead } from "./statusHead.js";

/** Waits between attempts to follow again. */
const reconnection: BackoffBounds = { firstMs: 250, longestMs: 30_000 };

/** Characters typed while there is no connection that are kept. */
const heldLimit = 4096;

/** What following a job tells. */
export type JobEvent =
  | ({ readonly type: "output" } & JobPiece)
  /** The connection was lost; the job goes on, and it is tried again. */
  | { readonly type: "lost"; readonly reason: string }
  /** It is followed again, from the byte where it was lost. */
  | { readonly type: "resumed" }
  /** Last of all: every byte of its output came before. */
  | { readonly type: "ended"; readonly status: JobStatus };

/** What following a job works with. */
export interface JobFollowerParts {
  readonly jobs: SessionJobs;
  readonly id: string;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Throws when it makes no sense to try again, such as `SessionOverError`. */
  readonly expectSession: (signal: AbortSignal) => Promise<void>;
}

/**
 * Follows a job to its end, over as many connections as it takes: no byte of its output is missing or told twice. Iterated
 * once. Throws what `expectSession` does, `NoSuchJobError`, and errors that no repetition mends.
 */
export class JobFollower implements AsyncIterable<JobEvent> {
  readonly #parts: JobFollowerParts;
  readonly #offsets = { out: 0, err: 0 };
  #attachment: JobAttachment | undefined;
  #held = "";

  constructor(parts: JobFollowerParts) {
    this.#parts = parts;
  }

  /** Types for the job; while there is no connection it is kept. False when that is too much, and it is dropped. */
  write(text: string): boolean {
    if (this.#attachment !== undefined) {
      this.#attachment.write(text);
      return true;
    }
    if (this.#held.length + text.length > heldLimit) {
      return false;
    }
    this.#held += text;
    return true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JobEvent, void, undefined> {
    const { signal } = this.#parts;
    let failures = 0;
    for (;;) {
      let isLost = failures > 0;
      try {
        for await (const event of this.#once(isLost)) {
          isLost = false;
          failures = 0;
          yield event;
          if (event.type === "ended") {
            return;
          }
        }
        await delay(reconnection.firstMs, signal); // it ended, and the job did not
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error)) {
          throw error;
        }
        if (failures === 0) {
          yield { type: "lost", reason: messageOf(error) };
        }
        failures += 1;
        await this.#wait(failures, error);
      }
    }
  }

  /** Whatever failed, a session that is over is the better word for it. */
  async #wait(failures: number, error: unknown): Promise<void> {
    const { expectSession, id, logger, signal } = this.#parts;
    logger.debug(`job ${id} is not followed: ${messageOf(error)}`);
    await delay(backoffMs(failures - 1, reconnection, Math.random()), signal);
    try {
      await expectSession(signal);
    } catch (reason) {
      signal.throwIfAborted();
      if (!isPassing(reason)) {
        throw reason;
      }
    }
  }

  async *#once(wasLost: boolean): AsyncGenerator<JobEvent, void, undefined> {
    const { jobs, id, signal } = this.#parts;
    const from = { ...this.#offsets };
    const attachment = await JobAttachment.follow(jobs.ssh, id, { from, signal });
    const giveUp = (): void => attachment.close();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      this.#attach(attachment);
      if (wasLost) {
        yield { type: "resumed" };
      }
      for await (const piece of attachment.read()) {
        yield this.#counted(piece);
      }
      signal.throwIfAborted();
    } finally {
      this.#attachment = undefined;
      signal.removeEventListener("abort", giveUp);
      attachment.close();
    }
    yield* this.#end();
  }

  #attach(attachment: JobAttachment): void {
    this.#attachment = attachment;
    if (this.#held !== "") {
      attachment.write(this.#held);
      this.#held = "";
    }
  }

  #counted(piece: JobPiece): JobEvent {
    this.#offsets[piece.stream] += piece.bytes.length;
    return { type: "output", ...piece };
  }

  /** Whether nothing is missing: what told of the end may itself have been ended in the middle. */
  #hasAll({ sizes }: JobStatus): boolean {
    return this.#offsets.out >= sizes.out && this.#offsets.err >= sizes.err;
  }

  /** The job's end, and what was cut off of its output, in one question; nothing when it goes on. */
  async *#end(): AsyncGenerator<JobEvent, void, undefined> {
    const { jobs, id, signal } = this.#parts;
    const head = new StatusHead();
    const from = { ...this.#offsets };
    const ending = await JobAttachment.ending(jobs.ssh, id, { from, signal });
    const giveUp = (): void => ending.close();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      for await (const { stream, bytes } of ending.read()) {
        const output = stream === "out" ? head.take(bytes) : bytes;
        if (output.length > 0) {
          yield this.#counted({ stream, bytes: output });
        }
      }
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener("abort", giveUp);
      ending.close();
    }
    const { status } = head;
    if (status === undefined) {
      await jobs.status(id, signal); // says what is wrong
    } else if (status.state !== "running" && this.#hasAll(status)) {
      yield { type: "ended", status };
    }
  }
}
