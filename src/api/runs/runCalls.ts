import { randomBytes } from "node:crypto";
import { anySignal, deadline } from "../../base/abort.js";
import type { RunStep } from "../../wire/records/run.js";
import { isReleaseAtLeast } from "../../wire/version.js";
import type { Context } from "../context.js";
import { ApiError } from "../errors.js";
import type { SessionCallOptions } from "../options.js";
import { executeStep, type ExecuteOptions } from "./carriers/executeStep.js";
import { endAndFree } from "./carriers/freeSession.js";
import { PollCarrier } from "./carriers/pollCarrier.js";
import { StreamCarrier } from "./carriers/streamCarrier.js";
import { interruptSession } from "./interruptSession.js";
import { Run } from "./run.js";
import { explainRunFailure } from "./runDefects.js";
import type { RunPlan } from "./runPlan.js";
import { TurnQueue } from "../../base/turnQueue.js";

/** How to run. */
export interface StartOptions extends SessionCallOptions {
  /** `poll`, the default, frees a blocked session; `stream` reports every 0.2 s instead of every 2 s. */
  readonly carrier?: "poll" | "stream" | undefined;
  /**
   * Milliseconds without output after which the run counts as lost: `TimeoutError` (`run`). Without it a silent program is
   * waited for until `signal`; `maybeLost` tells of servers that lose the end of runs.
   */
  readonly idleMs?: number | undefined;
  /** A question of ours that nobody sees: `activity` does not count it, and runs behind it are not told that they wait. */
  readonly isHidden?: boolean | undefined;
}

/** What this client runs in a session, beside hidden runs. */
export interface RunActivity {
  /** Whether a run is under way, or waits for its turn. */
  readonly isBusy: boolean;
  /** How many there have been, with those: what code left in the interpreter is as before while it stays the same. */
  readonly runs: number;
}

/** Running code in sessions (`protocol.md` §4). */
export class RunCalls {
  readonly #context: Context;
  /** A server that is given a second run of a session keeps its request for up to 30 s and then fails both (`real-servers.md`). */
  readonly #queue = new TurnQueue();
  /**
   * Runs that may still keep their sessions busy, by session: each is ended before the next run there. `undefined` is one over
   * a websocket, whose id only the server knows.
   */
  readonly #lost = new Map<string, string | undefined>();
  readonly #activity = new Map<string, { active: number; runs: number }>();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * A run as events: `for await (const event of client.runs.start(id, { mode: "query", code }))`. Nothing is sent before
   * it is iterated. Runs of one session follow one another. Aborting the signal interrupts the program, reads to its end and
   * rejects with the reason. Any manager; over a websocket as well (§5.1).
   * While iterating: `NotFoundError`, `ServerError` and `ServerDefectError` (the session is freed before they are thrown),
   * `SessionBlockedError`, `RunFailedError`, and the errors of the transport.
   */
  start(id: string, plan: RunPlan, options: StartOptions = {}): Run {
    const { transport, findings, dialect } = this.#context;
    const isExplained = !isReleaseAtLeast(dialect.manager, "26.1");
    const runId = randomBytes(16).toString("hex");
    const { signal, ownerAccessKey, carrier = "poll", isHidden = false } = options;
    const call = { ownerAccessKey };
    return new Run({
      id: runId,
      plan,
      carrier:
        carrier === "stream"
          ? new StreamCarrier(this.#context, id, call)
          : new PollCarrier(this.#context, id, runId, call),
      isQueueBusy: () => (isHidden ? this.#queue.isBusy(id) : this.activity(id).isBusy),
      enter: async (waiting) =>
        isHidden ? this.#enter(id, call, waiting) : this.#counted(id, this.#enter(id, call, waiting)),
      interrupt: async () => interruptSession(this.#context, id, call),
      explain: (error, step) => explainRunFailure(error, step, { plan, findings, isExplained }),
      onAnswered: () => {
        findings.disproved("executeFails");
        this.#lost.delete(id);
      },
      onLost: () => this.#lost.set(id, carrier === "poll" ? runId : undefined),
      doubtMs:
        plan.mode === "batch" && findings.has("batchLoses") ? transport.timeouts.runDoubtMs : undefined,
      graceMs: transport.timeouts.runGraceMs,
      idleMs: options.idleMs,
      logger: transport.logger,
      signal,
    });
  }

  /**
   * Code in the interpreter of a session, whose variables stay. No other way reaches that interpreter. Polled where servers stay
   * blocked by a run that is lost: only a polled run has an id of ours, by which they are freed (`real-servers.md`).
   * Elsewhere by websocket, which tells output ten times as often. Otherwise as {@link start}.
   */
  query(id: string, code: string, options: Omit<StartOptions, "carrier"> = {}): Run {
    const carrier = this.#context.findings.has("runsBlock") ? "poll" : "stream";
    return this.start(id, { mode: "query", code }, { ...options, carrier });
  }

  /** What this client runs in a session. Sends nothing. */
  activity(id: string): RunActivity {
    const { active, runs } = this.#activity.get(id) ?? { active: 0, runs: 0 };
    return { isBusy: active > 0, runs };
  }

  /** Counts a run from its coming until it leaves, or does not get its turn. */
  async #counted(id: string, entering: Promise<() => void>): Promise<() => void> {
    const counts = this.#activity.get(id) ?? { active: 0, runs: 0 };
    this.#activity.set(id, counts);
    counts.active += 1;
    counts.runs += 1;
    try {
      const leave = await entering;
      return () => {
        counts.active -= 1;
        leave();
      };
    } catch (error) {
      counts.active -= 1;
      throw error;
    }
  }

  /** Waits for the session to be free, and frees it from a run that was cut off while the server did not answer. */
  async #enter(
    session: string,
    call: SessionCallOptions,
    waiting: () => AbortSignal | undefined,
  ): Promise<() => void> {
    const leave = await this.#queue.enter(session, this.#queue.isBusy(session) ? waiting() : undefined);
    if (!this.#lost.has(session)) {
      return leave;
    }
    const limit = deadline(this.#context.transport.timeouts.headersMs, "run", "The end of an earlier run");
    try {
      const signal = anySignal(waiting(), limit.signal);
      const runId = this.#lost.get(session);
      if (runId === undefined) {
        await interruptSession(this.#context, session, { ...call, signal }); // it stays lost until the next one is answered
      } else {
        await endAndFree(this.#context, { session, runId }, { ...call, signal });
        this.#lost.delete(session);
      }
      return leave;
    } catch (error) {
      if (error instanceof ApiError) {
        this.#lost.delete(session); // the server answers: the next run will tell
        return leave;
      }
      leave();
      throw error;
    } finally {
      limit.clear();
    }
  }

  /**
   * One bare step. `POST {prefix}/{id}`, any manager (§4.1). Prefer {@link start}: a `continue` with an id that is not alive
   * blocks the session, and so does a run that is left without its `finished`.
   */
  async execute(id: string, options: ExecuteOptions, call: SessionCallOptions = {}): Promise<RunStep> {
    return executeStep(this.#context, id, options, call);
  }
}
