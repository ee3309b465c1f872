import * as l10n from "@vscode/l10n";
import { BackendAIError, ProtocolError } from "../../base/errors.js";
import { shorten } from "../../base/text.js";
import { type ProgramOutput, programOutput } from "../../tunnel/programOutput.js";
import type { SessionSsh } from "../../tunnel/sessionSsh.js";
import {
  type JobStart,
  listCommand,
  noSuchJob,
  removeCommand,
  resizeCommand,
  signalCommand,
  startCommand,
  statusCommand,
} from "./jobScripts.js";
import { type JobStatus, type ListedJob, parseJobs, parseStatus } from "./jobStatus.js";

/** How long a session may take to start a job, or to tell of one, in milliseconds. */
const answerMs = 20_000;

/** The list that is read, in bytes: notes are a few hundred each. */
const listLimitBytes = 1024 * 1024;

/** The job is not in its session any more. */
export class NoSuchJobError extends BackendAIError {
  readonly code = "NO_SUCH_JOB";

  constructor() {
    super(l10n.t("The session does not have the run any more: it was removed, or the session's files were."));
  }
}

/** The session could not start a job; the message has its words. */
export class JobNotStartedError extends BackendAIError {
  readonly code = "JOB_NOT_STARTED";
}

/**
 * The jobs of a session: programs that run in it by themselves, with their output, exit code and input in files of a folder
 * (`~/.backendai/runs/<id>`). So they outlive every connection, and whoever has the session's key can follow them. Each call is
 * a program over ssh and throws what `programOutput` does.
 */
export class SessionJobs {
  readonly ssh: SessionSsh;

  constructor(ssh: SessionSsh) {
    this.ssh = ssh;
  }

  /**
   * Starts `script`, of `sh`, in `/home/work`. Started again under the same id, it is started once.
   * @returns Its kind: pipes where the session can make no terminal.
   * @throws {JobNotStartedError}
   */
  async start(job: JobStart, script: string, signal?: AbortSignal): Promise<JobStatus["kind"]> {
    const command = startCommand(job, Buffer.byteLength(script));
    const { exitCode, text, errorText } = await this.#call(command, { signal, input: script });
    if (exitCode !== 0) {
      const words =
        shorten(errorText.trim(), 500) || l10n.t("its shell ended with exit code {0}", String(exitCode));
      throw new JobNotStartedError(l10n.t("The session could not start the program: {0}", words));
    }
    return text.trim() === "pipes" ? "pipes" : "terminal";
  }

  /** @throws {NoSuchJobError} */
  async status(id: string, signal?: AbortSignal): Promise<JobStatus> {
    const { text } = await this.#ask(statusCommand(id), signal);
    const status = parseStatus(text);
    if (status === undefined) {
      // for programs
      throw new ProtocolError("the status of a job", shorten(text, 200), "could not be read");
    }
    return status;
  }

  /** Those the session keeps, the newest first. */
  async list(signal?: AbortSignal): Promise<readonly ListedJob[]> {
    const { text } = await this.#call(listCommand(), { signal });
    return parseJobs(text);
  }

  /**
   * Signals every process of a job that runs; one that is over is left as it is.
   * @throws {NoSuchJobError}
   */
  async signal(id: string, name: "INT" | "TERM" | "KILL", signal?: AbortSignal): Promise<void> {
    await this.#ask(signalCommand(id, name), signal);
  }

  /** Gives a job's terminal another size; one with pipes has none to change. */
  async resize(id: string, size: { readonly rows: number; readonly cols: number }): Promise<void> {
    await this.#ask(resizeCommand(id, size.rows, size.cols), undefined);
  }

  /** Forgets a job that is over, and its output. */
  async remove(id: string, signal?: AbortSignal): Promise<void> {
    await this.#call(removeCommand(id), { signal });
  }

  async #ask(command: string, signal: AbortSignal | undefined): Promise<ProgramOutput> {
    const output = await this.#call(command, { signal });
    if (output.exitCode === noSuchJob) {
      throw new NoSuchJobError();
    }
    return output;
  }

  async #call(
    command: string,
    options: { readonly signal?: AbortSignal | undefined; readonly input?: string },
  ): Promise<ProgramOutput> {
    return programOutput(this.ssh, command, {
      ...options,
      limitBytes: listLimitBytes,
      timeoutMs: answerMs,
    });
  }
}
