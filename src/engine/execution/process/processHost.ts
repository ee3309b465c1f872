import { randomBytes } from "node:crypto";
import { processEnvironment } from "./processEnvironment.js";
import { Guardian } from "./guardian.js";
import { PipeStock } from "./pipeStock.js";
import { ProcessGroups } from "./processGroups.js";
import { ProcessMeter, type ProcessUsage } from "./processMeter.js";
import { type Command, SessionProcess } from "./sessionProcess.js";

/** What a session's processes share. */
export interface ProcessHostOptions {
  readonly workDir: string;
  readonly stateDir: string;
  readonly runnersDir: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the processes of one session and ends them all. */
export class ProcessHost {
  readonly workDir: string;
  readonly stateDir: string;
  readonly runnersDir: string;
  /** The environment of every process of the session. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #marker = randomBytes(12).toString("hex");
  readonly #pipes: PipeStock;
  readonly #meter = new ProcessMeter(() => this.#groups?.members ?? new Set());
  #guardian: Guardian | undefined;
  #groups: ProcessGroups | undefined;
  /** Counts the ends, so that a process whose start took longer than its session does not stay. */
  #ends = 0;

  constructor(options: ProcessHostOptions) {
    this.workDir = options.workDir;
    this.stateDir = options.stateDir;
    this.runnersDir = options.runnersDir;
    this.#pipes = new PipeStock(options.stateDir);
    this.environment = processEnvironment(
      { workDir: options.workDir, marker: this.#marker, extra: options.environment },
      process.env,
    );
  }

  /**
   * Starts a command in the session's home.
   *
   * @throws ProcessStartError
   */
  async start(
    command: Command,
    options: { readonly withControl?: boolean; readonly withInput?: boolean } = {},
  ): Promise<SessionProcess> {
    const groups = this.#ensureGroups();
    const ends = this.#ends;
    const child = await SessionProcess.start({
      ...command,
      cwd: this.workDir,
      pipes: this.#pipes,
      baseEnvironment: this.environment,
      withControl: options.withControl ?? false,
      withInput: options.withInput ?? false,
    });
    groups.add(child.pid);
    if (ends !== this.#ends) {
      child.signal("SIGKILL");
    }
    void child.exited.then(() => groups.leaderExited());
    return child;
  }

  /** Takes charge of a process group that was started elsewhere, whose leader ends with `exited`. */
  adopt(group: number, exited: Promise<unknown>): void {
    const groups = this.#ensureGroups();
    groups.add(group);
    void exited.then(() => groups.leaderExited());
  }

  /** What the session's processes use, measured now. */
  async usage(): Promise<ProcessUsage> {
    return this.#meter.measure();
  }

  /** Ends every process of the session; more can be started afterwards. */
  async endAll(): Promise<void> {
    this.#ends += 1;
    await this.#groups?.endAll();
  }

  /** Ends every process of the session, for good. */
  async dispose(): Promise<void> {
    await this.endAll();
    this.#guardian?.dispose();
    await this.#pipes.end();
  }

  #ensureGroups(): ProcessGroups {
    this.#guardian ??= new Guardian(this.runnersDir, this.#marker);
    this.#groups ??= new ProcessGroups(this.#guardian, this.#marker);
    return this.#groups;
  }
}
