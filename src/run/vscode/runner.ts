import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import type { Account } from "../../account/account.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { BackendAIError, messageOf } from "../../base/errors.js";
import type { Tally } from "../../base/tally.js";
import type { Logger } from "../../base/logger.js";
import { TurnQueue } from "../../base/turnQueue.js";
import { settings } from "../../platform/settings.js";
import { expectRunning } from "../../sessions/sessionPresence.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import { ApiExecution } from "../carriers/apiExecution.js";
import { carrierFor } from "../carriers/carrierChoice.js";
import type { Execution, ExecutionEvent, ScreenSize } from "../carriers/execution.js";
import { JobExecution } from "../carriers/jobExecution.js";
import { FileRun, type FileRunOptions, type RunState } from "../fileRun.js";
import { jobNote } from "../jobs/jobNote.js";
import { SessionJobs } from "../jobs/sessionJobs.js";
import type { ProjectSender } from "../project/projectSender.js";
import { batchOf, type RunPlan, scriptOf } from "../plan/runPlan.js";
import type { RunOutcome } from "../screen/runScreen.js";
import type { RunDocument, RunSubject } from "./runDocument.js";
import { placeWords } from "./runPlace.js";
import type { RunPty } from "./runPty.js";
import { wordsFor } from "../../platform/describeError.js";

/** What running works with. */
export interface RunnerDeps {
  readonly account: Account;
  readonly tunnels: SessionTunnels;
  readonly project: ProjectSender;
  readonly observers: readonly RunObserver[];
  readonly tally: Tally;
  readonly logger: Logger;
}

/** Where a run goes. */
export interface RunPlace {
  readonly client: BackendAIClient;
  readonly session: SessionSummary;
}

/** What is known of a run when it begins. */
export interface RunInfo extends RunPlace {
  readonly id: string;
  readonly subject: RunSubject;
  /** Session and server, in words. */
  readonly where: string;
  readonly startedAt: Date;
  /** The job that is followed, where it runs already, and when it ended. */
  readonly job?: { readonly id: string; readonly endedAt: Date | undefined };
}

/** Hears of one run; what fails there is logged, and the run goes on. */
export interface RunWatch {
  event(event: ExecutionEvent): Promise<void> | void;
  end(outcome: RunOutcome, jobId: string | undefined): Promise<void> | void;
}

/** Hears of runs that begin. */
export type RunObserver = (run: RunInfo) => Promise<RunWatch | undefined> | RunWatch | undefined;

/** A run under way. */
export interface ActiveRun {
  readonly run: FileRun;
  readonly info: RunInfo;
  readonly end: Promise<RunOutcome>;
}

/** Errors of ssh for which a run goes by the API instead, where nobody asked for ssh alone. */
const noSsh = ["NO_SESSION_KEY", "SSH_UNAVAILABLE"];

/** Puts runs together: files, carrier, terminal, and who else wants to hear of them. */
export class Runner {
  readonly #deps: RunnerDeps;
  readonly #turns = new TurnQueue();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** Runs a document in a terminal. */
  begin(document: RunDocument, place: RunPlace, pty: RunPty, onState?: (state: RunState) => void): ActiveRun {
    const info = this.infoOf(document, place, new Date());
    return this.#begin(info, pty, {
      prepare: async (signal, say) => this.#prepare(document, info, { pty, signal, say }),
      onState,
    });
  }

  /** What is known of a run when it begins. */
  infoOf(subject: RunSubject, place: RunPlace, startedAt: Date): RunInfo {
    const stamp = startedAt.toISOString().replaceAll(/\D/g, "").slice(0, 14);
    return {
      ...place,
      id: `${stamp}-${randomBytes(4).toString("hex")}`,
      subject,
      where: placeWords(this.#deps.account, place.session),
      startedAt,
    };
  }

  /** Follows a job of the session, from its first byte. */
  follow(info: RunInfo, jobId: string, pty: RunPty): ActiveRun {
    return this.#begin(info, pty, { prepare: async () => Promise.resolve(this.#job(info, jobId)) });
  }

  /** Starts a document as a job that nobody follows; it is written down as one that was left. */
  async detach(document: RunDocument, place: RunPlace, signal: AbortSignal): Promise<RunInfo> {
    const { tunnels, project } = this.#deps;
    const info = this.infoOf(document, place, new Date());
    const id = newJobId();
    await project.send(place.client, place.session.id, document.files, { signal });
    const jobs = new SessionJobs(tunnels.ssh(place.client, place.session.id));
    const start = {
      id,
      kind: settings.runConsole(),
      rows: 40,
      cols: 120,
      note: jobNote(document, info.startedAt),
    };
    await jobs.start(start, scriptOf(document.plan), signal);
    for (const watch of await this.#watchesOf(info)) {
      await this.#heard(watch.end({ kind: "left" }, id));
    }
    return info;
  }

  #begin(
    info: RunInfo,
    pty: RunPty,
    {
      prepare,
      onState,
    }: Pick<FileRunOptions, "prepare"> & { readonly onState?: ((state: RunState) => void) | undefined },
  ): ActiveRun {
    const watches = this.#watchesOf(info);
    const run = new FileRun({
      commandLine: info.subject.commandLine,
      where: info.where,
      isLast: pty.isLast,
      prepare,
      print: (text) => pty.print(text),
      describe: wordsFor,
      onEvent: async (event) => {
        for (const watch of await watches) {
          await this.#heard(watch.event(event));
        }
      },
      onState: (state) => {
        pty.setState(state);
        onState?.(state);
      },
    });
    pty.attach(run);
    const counted = this.#deps.tally.begin("run");
    const end = run.start().then(async (outcome) => {
      counted(outcome.kind);
      this.#deps.logger.info(`run of ${info.subject.name}: ${outcome.kind}`);
      pty.attach(undefined);
      for (const watch of await watches) {
        await this.#heard(watch.end(outcome, run.jobId));
      }
      return outcome;
    });
    return { run, info, end };
  }

  async #prepare(
    { plan, files, warnings }: RunDocument,
    info: RunInfo,
    {
      pty,
      signal,
      say,
    }: { readonly pty: RunPty; readonly signal: AbortSignal; readonly say: (text: string) => void },
  ): Promise<Execution> {
    const { client, session } = info;
    for (const warning of warnings) {
      say(warning);
    }
    const { sent } = await this.#deps.project.send(client, session.id, files, { signal });
    if (files.length > 1) {
      say(
        sent === 0
          ? l10n.t("the session has all {0} files", files.length)
          : l10n.t("{0} of {1} files were sent", sent, files.length),
      );
    }
    const preference = settings.runConnection();
    if (carrierFor(client.findings, preference) === "ssh") {
      const ssh = this.#deps.tunnels.ssh(client, session.id);
      try {
        (await ssh.acquire(signal)).dispose();
        return this.#job(info, newJobId(), { plan, size: pty.size });
      } catch (error) {
        if (preference === "ssh" || !(error instanceof BackendAIError && noSsh.includes(error.code))) {
          throw error;
        }
        say(l10n.t("the session has no ssh, so the server runs it; {0}", messageOf(error)));
      }
    }
    return new ApiExecution(client, session.id, batchOf(plan));
  }

  /** A job to start, or one that runs already. */
  #job(
    { client, session, subject, startedAt }: RunInfo,
    id: string,
    start?: { readonly plan: RunPlan; readonly size: ScreenSize },
  ): Execution {
    const { tunnels, logger } = this.#deps;
    return new JobExecution({
      jobs: new SessionJobs(tunnels.ssh(client, session.id)),
      id,
      logger,
      expectSession: async (signal) => expectRunning(client, session, signal),
      ...(start && {
        start: {
          script: scriptOf(start.plan),
          kind: settings.runConsole(),
          size: start.size,
          note: jobNote(subject, startedAt),
          queue: this.#turns,
          sessionId: session.id,
        },
      }),
    });
  }

  async #watchesOf(info: RunInfo): Promise<readonly RunWatch[]> {
    const watches: RunWatch[] = [];
    for (const observer of this.#deps.observers) {
      try {
        const watch = await observer(info);
        watches.push(...(watch ? [watch] : []));
      } catch (error) {
        this.#deps.logger.error(`a run is not watched: ${messageOf(error)}`);
      }
    }
    return watches;
  }

  async #heard(hearing: Promise<void> | void): Promise<void> {
    try {
      await hearing;
    } catch (error) {
      this.#deps.logger.error(`a run is not watched: ${messageOf(error)}`);
    }
  }
}

function newJobId(): string {
  return `${Date.now().toString(36)}-${randomBytes(4).toString("hex")}`;
}
