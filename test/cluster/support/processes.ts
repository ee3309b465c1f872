import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, closeSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ClusterPaths } from "./paths.js";
import { waitUntil } from "./waiting.js";

/** The account of the folders and files of sessions. */
export const sessionsUid = 1000;

/** A program that goes on when the command that started it has ended. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** An account other than root. */
  readonly user?: string;
}

/** How a program is asked to end, and how long it may take before it is killed. */
export interface StopOptions {
  readonly signal: NodeJS.Signals;
  readonly seconds: number;
}

/** Which process it was: the number of one that ended may be given to another program, so its start counts as well. */
interface ProcessRecord {
  readonly pid: number;
  readonly startedAt: string;
}

/** Programs that were started, each recorded in a file, so that exactly those are ended later. */
export class Processes {
  readonly #records: string;
  readonly #logs: string;

  constructor(records: string, logs: string) {
    this.#records = records;
    this.#logs = logs;
  }

  /** Starts a program in a process group of its own; its output goes to its log. */
  async start({ name, command, cwd, env = {}, user }: Program): Promise<void> {
    await mkdir(this.#records, { recursive: true });
    mkdirSync(this.#logs, { recursive: true });
    const [program = "", ...args] = user === undefined ? command : asUser(user, command);
    const log = openSync(this.logFile(name), "a");
    const child = spawn(program, args, {
      cwd,
      env: { ...ownEnvironment(), ...env },
      detached: true,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    const { pid = 0 } = child;
    const record: ProcessRecord = { pid, startedAt: startOf(pid) ?? "" };
    await writeFile(this.#recordFile(name), JSON.stringify(record));
  }

  /** Whether the program that was started still runs. */
  async isRunning(name: string): Promise<boolean> {
    return (await this.#find(name)) !== undefined;
  }

  /** Names of the programs that run. */
  async running(): Promise<string[]> {
    const files = await readdir(this.#records).catch(() => []);
    const names = files.map((file) => path.basename(file, ".json"));
    const found = await Promise.all(names.map(async (name) => ((await this.isRunning(name)) ? [name] : [])));
    return found.flat();
  }

  /** Ends a program and what it started. Does nothing when it does not run. */
  async stop(name: string, { signal, seconds }: StopOptions): Promise<void> {
    const pid = await this.#find(name);
    if (pid !== undefined) {
      process.kill(pid, signal);
      const isGone = async (): Promise<boolean> => (await this.#find(name)) === undefined;
      await waitUntil(`The end of ${name}`, seconds, isGone).catch(() => {
        console.error(`  ${name} did not end within ${seconds} s and is killed`);
      });
      signalGroup(pid, "SIGKILL");
      await waitUntil(`The end of ${name}`, 5, isGone);
    }
    await rm(this.#recordFile(name), { force: true });
  }

  /** Sends a signal to a program and to what it started, such as `SIGSTOP`. Does nothing when it does not run. */
  async signal(name: string, signal: NodeJS.Signals): Promise<void> {
    const pid = await this.#find(name);
    if (pid !== undefined) {
      signalGroup(pid, signal);
    }
  }

  /** Where the output of a program goes. */
  logFile(name: string): string {
    return path.join(this.#logs, `${name}.log`);
  }

  /** Throws with the last lines of a program's log when it has ended by itself. */
  async assertRunning(name: string): Promise<void> {
    if (!(await this.isRunning(name))) {
      const log = await readFile(this.logFile(name), "utf8").catch(() => "");
      const last = log.trim().split("\n").slice(-20).join("\n");
      throw new Error(`${name} has ended. The end of ${this.logFile(name)}:\n${last}`);
    }
  }

  async #find(name: string): Promise<number | undefined> {
    const text = await readFile(this.#recordFile(name), "utf8").catch(() => undefined);
    if (text === undefined) {
      return undefined;
    }
    const { pid, startedAt } = JSON.parse(text) as ProcessRecord;
    return startOf(pid) === startedAt ? pid : undefined;
  }

  #recordFile(name: string): string {
    return path.join(this.#records, `${name}.json`);
  }
}

/** The programs of a cluster. */
export function processesOf({ run, logs }: ClusterPaths): Processes {
  return new Processes(path.join(run, "processes"), logs);
}

/**
 * Runs a command as another account that may still pass through closed folders, as a home directory often is. The
 * process stays the same one, so its number can be recorded.
 */
export function asUser(user: string, command: readonly string[]): string[] {
  const capability = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];
  return ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", ...capability, "--", ...command];
}

/** The environment without the variables that name a server: what is started here is the server. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BACKEND")));
}

/** When a live process started, in ticks of the system's clock. */
function startOf(pid: number): string | undefined {
  try {
    // The name in parentheses may hold spaces; the fields after it begin with the state.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // nothing is left of it
  }
}
