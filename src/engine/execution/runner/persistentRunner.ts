import type { CompleteOptions } from "../contract.js";
import type { ProcessHost } from "../process/processHost.js";
import type { Command } from "../process/sessionProcess.js";
import type { Run } from "../run/run.js";
import type { DirectEvent, OrderedEvent } from "./runnerMessages.js";
import { RunnerProcess, type RunnerSink } from "./runnerProcess.js";

const completeTimeoutMs = 5000;

interface ActiveRun {
  readonly run: Run;
  readonly runner: RunnerProcess;
  readonly end: (outcome: Outcome) => void;
  /** The runner has begun: from here on it hears a signal. Before, a signal would end it or be lost. */
  hasStarted: boolean;
  isInterruptWanted: boolean;
  /** Will send the signal of an interrupt that was told to the runner and has not ended the run yet. */
  signalTimer: NodeJS.Timeout | undefined;
}

/** A question for words that waits for its answer. */
interface Completion {
  readonly runner: RunnerProcess;
  readonly settle: (words: readonly string[]) => void;
}

/** How an attempt to run code ended. */
interface Outcome {
  readonly exitCode: number;
  readonly hasStarted: boolean;
  /** The runner's process ended; the exit code is its. */
  readonly isDead: boolean;
}

/** The query mode of a language that keeps its state: one process for many runs, replaced when it dies. */
export class PersistentRunner implements RunnerSink {
  readonly #host: ProcessHost;
  readonly #command: () => Promise<Command>;
  readonly #signalAfterMs: number;
  readonly #completions = new Map<number, Completion>();
  #process: Promise<RunnerProcess> | undefined;
  #active: ActiveRun | undefined;
  #lastRun: Run | undefined;
  #nextCompletion = 1;

  /** `signalAfterMs` is how long a runner has for hearing the message of an interrupt before it gets the signal. */
  constructor(host: ProcessHost, command: () => Promise<Command>, signalAfterMs: number) {
    this.#host = host;
    this.#command = command;
    this.#signalAfterMs = signalAfterMs;
  }

  /**
   * Runs code to its end. A runner that turns out to have died since the run before it is replaced: the code has not begun.
   *
   * @throws ProcessStartError, RuntimeMissingError
   */
  async run(run: Run, code: string): Promise<number> {
    const first = await this.#attempt(run, code);
    const outcome = first.hasStarted || run.isStopping ? first : await this.#attempt(run, code);
    if (outcome.isDead) {
      run.text(
        "stderr",
        `\nThe interpreter ended (${describeExit(outcome.exitCode)}); its variables are gone.\n`,
      );
    }
    return outcome.exitCode;
  }

  async #attempt(run: Run, code: string): Promise<Outcome> {
    const starting = this.#ensure();
    const runner = await starting;
    if (runner.exitCode !== undefined) {
      this.#forget(starting);
      return { exitCode: runner.exitCode, hasStarted: false, isDead: true };
    }
    const flow = runner.joinFlow(run.flow);
    let end: ActiveRun["end"] = () => undefined;
    const ended = new Promise<Outcome>((resolve) => {
      end = resolve;
    });
    const active: ActiveRun = {
      ...{ run, runner, end },
      hasStarted: false,
      isInterruptWanted: false,
      signalTimer: undefined,
    };
    this.#active = active;
    this.#lastRun = run;
    const interrupts = run.onDidInterrupt((count) => this.#interrupt(runner, count));
    if (run.interruptCount > 0) {
      this.#interrupt(runner, run.interruptCount);
    }
    runner.send({ op: "run", code });
    try {
      return await ended;
    } finally {
      this.#active = undefined;
      clearTimeout(active.signalTimer);
      interrupts.dispose();
      flow.dispose();
    }
  }

  /** Words for the place before the cursor; none while a run is going on or when the runner takes too long. */
  async complete(code: string, options: CompleteOptions): Promise<string[]> {
    if (this.#active !== undefined) {
      return [];
    }
    const runner = await this.#ensure();
    if (runner.exitCode !== undefined) {
      return [];
    }
    const id = this.#nextCompletion++;
    return new Promise((resolve) => {
      const settle = (words: readonly string[]): void => {
        clearTimeout(timer);
        this.#completions.delete(id);
        resolve([...words]);
      };
      const timer = setTimeout(() => {
        // A run that came meanwhile waits behind it, and has to.
        if (this.#active?.hasStarted !== true) {
          runner.signal("SIGINT");
        }
        settle([]);
      }, completeTimeoutMs);
      this.#completions.set(id, { runner, settle });
      runner.send({ op: "complete", id, code, options });
    });
  }

  text(stream: "stdout" | "stderr", text: string): void {
    // Between runs, what a background thread prints belongs to the log; a finished run passes it on.
    (this.#active?.run ?? this.#lastRun)?.text(stream, text);
  }

  event(event: OrderedEvent): void {
    const active = this.#active;
    if (active === undefined) {
      return;
    }
    switch (event.op) {
      case "media":
        active.run.item(["media", [event.mime, event.data]]);
        break;
      case "html":
        active.run.item(["html", event.data]);
        break;
      case "input":
        void this.#ask(active.run, event.password);
        break;
      case "done":
        active.end({
          exitCode: active.run.exceptionExitCode === 0 ? 0 : event.exit,
          hasStarted: true,
          isDead: false,
        });
        break;
      case "sync":
        break;
    }
  }

  direct(event: DirectEvent): void {
    if (event.op === "completions") {
      this.#completions.get(event.id)?.settle(event.words);
    } else if (event.op === "started" && this.#active !== undefined) {
      const active = this.#active;
      active.hasStarted = true;
      if (active.isInterruptWanted) {
        void this.#process?.then((runner) => this.#tellInterrupt(runner, active));
      }
    }
  }

  #ensure(): Promise<RunnerProcess> {
    if (this.#process === undefined) {
      const starting = this.#start();
      this.#process = starting;
      starting.then(
        async (runner) => this.#watchEnd(starting, runner),
        () => this.#forget(starting),
      );
    }
    return this.#process;
  }

  /** Once for a runner: each run and each completion that waited for its end itself would be kept as long as it lives. */
  async #watchEnd(starting: Promise<RunnerProcess>, runner: RunnerProcess): Promise<void> {
    const exitCode = await runner.ended;
    this.#forget(starting);
    for (const completion of this.#completions.values()) {
      if (completion.runner === runner) {
        completion.settle([]);
      }
    }
    if (this.#active?.runner === runner) {
      this.#active.end({ exitCode, hasStarted: this.#active.hasStarted, isDead: true });
    }
  }

  #forget(starting: Promise<RunnerProcess>): void {
    if (this.#process === starting) {
      this.#process = undefined;
    }
  }

  async #start(): Promise<RunnerProcess> {
    return RunnerProcess.start(this.#host, await this.#command(), this);
  }

  async #ask(run: Run, isPassword: boolean): Promise<void> {
    const text = await run.ask({ is_password: isPassword });
    if (text !== undefined) {
      const runner = await this.#process;
      runner?.send({ op: "input", text });
    }
  }

  #interrupt(runner: RunnerProcess, count: number): void {
    const active = this.#active;
    if (active === undefined) {
      return;
    }
    active.run.answer(undefined);
    if (!active.hasStarted && count < 3) {
      active.isInterruptWanted = true;
    } else if (active.signalTimer !== undefined) {
      return; // The one before is still on its way: an impatient person does not mean force.
    } else if (count < 3) {
      this.#tellInterrupt(runner, active);
    } else {
      runner.signal("SIGKILL");
    }
  }

  /** First by a message, then by the signal, unless the run has ended. */
  #tellInterrupt(runner: RunnerProcess, active: ActiveRun): void {
    if (this.#active !== active || active.signalTimer !== undefined) {
      return; // it has ended, or was told meanwhile
    }
    runner.send({ op: "interrupt" });
    active.signalTimer = setTimeout(() => {
      active.signalTimer = undefined;
      runner.signal("SIGINT");
    }, this.#signalAfterMs);
  }
}

function describeExit(exitCode: number): string {
  return exitCode < 0 ? `signal ${String(-exitCode)}` : `exit code ${String(exitCode)}`;
}
