import { abortable } from "../../../base/abort.js";
import { BackendAIError, messageOf } from "../../../base/errors.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import type { SessionSsh } from "../../../tunnel/sessionSsh.js";
import type {
  CallSignature,
  CandidateList,
  CodePoint,
  CompletionSource,
  Description,
  Suitability,
} from "../completionSource.js";
import { askedCode, candidatesOf, codePoints } from "./candidates.js";
import { SessionBusyError } from "../sessionBusyError.js";
import type { KernelAnswer, KernelQuestion, NotAsked } from "./helperLines.js";
import { callSignatureOf, descriptionOf } from "./inspection.js";
import { NoKernelError } from "./kernelErrors.js";
import { KernelHelper } from "./kernelHelper.js";

/** A helper that nobody asked for so long is ended, in milliseconds. */
const defaultIdleMs = 300_000;

/** After a start that failed, the next one is tried so much later, in milliseconds. */
const retryMs = 30_000;

/** The same for an interpreter that is starting. */
const startingRetryMs = 3_000;

/** Server's readers are helped no more often than this, in milliseconds. */
const catchUpMs = 60_000;

/** What is a dotted name, and short. */
const dottedName = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const nameLimit = 500;

/** VS Code's ids of the languages that images have kernels for. */
const languages = new Set(["python", "r", "julia"]);

/** What a source is made of. */
export interface KernelSourceParts {
  readonly ssh: SessionSsh;
  /**
   * Whether the server's sessions may have a kernel: those whose own `complete` call answers have none. Runners of real servers have one
   * since 2019, and never answered since.
   */
  readonly isExpected: () => boolean;
  /**
   * Has the server read what the kernel has published. It does so during its own runs alone, and about 500 questions without one
   * are all that it can hold; then nothing is asked until it has read. A run of no code does it.
   */
  readonly catchUp: () => Promise<void>;
  readonly logger: Logger;
  readonly idleMs?: number | undefined;
  /** What runs in the session. */
  readonly script?: string | undefined;
}

/**
 * The live objects of a session, from its kernel: a small program in the session asks it as Jupyter's own clients do, so that no
 * run, no history and no output comes of it. While anybody's code runs, the kernel is asked nothing.
 */
export class KernelSource implements CompletionSource, Disposable {
  readonly name = "kernel";
  readonly #parts: KernelSourceParts;
  #starting: Promise<KernelHelper> | undefined;
  #helper: KernelHelper | undefined;
  #ended = new AbortController();
  #idle: NodeJS.Timeout | undefined;
  #asking = 0;
  #failure: { readonly error: Error; readonly until: number } | undefined;
  #caughtUpAt = -catchUpMs;

  constructor(parts: KernelSourceParts) {
    this.#parts = parts;
  }

  /** Whether asking makes sense: `false` once it is known that the session has no kernel, until `restarted`. */
  get isAvailable(): boolean {
    return this.#failure?.until !== Infinity;
  }

  /** The session has another interpreter, or can be reached otherwise: what was known of it is forgotten. */
  restarted(): void {
    this.#end();
    this.#failure = undefined;
    this.#ended = new AbortController();
  }

  suits(languageId: string): Suitability {
    return languages.has(languageId) && this.isAvailable && this.#parts.isExpected() ? "yes" : "no";
  }

  async complete(point: CodePoint, signal: AbortSignal): Promise<CandidateList> {
    const asked = askedCode(point);
    const answer = asked && (await this.#ask({ ask: "complete", ...asked }, signal));
    return asked !== undefined && answer?.kind === "matches"
      ? candidatesOf(asked, answer.matches, answer.total)
      : { candidates: [], isIncomplete: asked !== undefined };
  }

  async describe(
    expression: string,
    _point: CodePoint,
    signal: AbortSignal,
  ): Promise<Description | undefined> {
    const text = await this.#inspect(expression, signal);
    return text === undefined ? undefined : descriptionOf(expression, text);
  }

  async signature(
    callee: string,
    _point: CodePoint,
    signal: AbortSignal,
  ): Promise<CallSignature | undefined> {
    const text = await this.#inspect(callee, signal);
    return text === undefined ? undefined : callSignatureOf(callee, text);
  }

  dispose(): void {
    this.#end();
  }

  async #inspect(expression: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    if (expression.length > nameLimit || !dottedName.test(expression)) {
      return undefined;
    }
    const question = { ask: "inspect", code: expression, at: codePoints(expression).length } as const;
    const answer = await this.#ask(question, signal);
    return answer.kind === "text" ? answer.text : undefined;
  }

  async #ask(question: KernelQuestion, signal: AbortSignal): Promise<KernelAnswer> {
    signal.throwIfAborted();
    if (this.#failure !== undefined && performance.now() < this.#failure.until) {
      throw this.#failure.error;
    }
    clearTimeout(this.#idle);
    this.#asking += 1;
    try {
      const helper = this.#open() ?? (await abortable((this.#starting ??= this.#start()), signal));
      const answer = await helper.ask(question, signal);
      if (answer.kind === "notAsked") {
        this.#notAsked(answer.why);
      }
      return answer;
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) {
        clearTimeout(this.#idle);
        this.#idle = setTimeout(() => this.#helper?.dispose(), this.#parts.idleMs ?? defaultIdleMs);
      }
    }
  }

  #open(): KernelHelper | undefined {
    return this.#helper?.isOpen === true ? this.#helper : undefined;
  }

  /** Shared by all who wait; none of them can give it up for the others. */
  async #start(): Promise<KernelHelper> {
    const { ssh, script, logger } = this.#parts;
    const { signal } = this.#ended;
    try {
      const startedAt = performance.now();
      const helper = await KernelHelper.start(ssh, { signal, script });
      this.#failure = undefined;
      this.#helper = helper;
      logger.debug(`the session's kernel can be asked after ${Math.round(performance.now() - startedAt)} ms`);
      return helper;
    } catch (error) {
      this.#remember(error, signal);
      throw error;
    } finally {
      if (this.#ended.signal === signal) {
        this.#starting = undefined;
      }
    }
  }

  #remember(error: unknown, signal: AbortSignal): void {
    if (!(error instanceof BackendAIError) || signal.aborted) {
      return;
    }
    const waitMs =
      error instanceof NoKernelError ? (error.reason === "starting" ? startingRetryMs : Infinity) : retryMs;
    this.#failure = { error, until: performance.now() + waitMs };
    this.#parts.logger.info(`completion can't ask the session's kernel: ${error.message}`);
  }

  /** @throws in any case. */
  #notAsked(why: NotAsked): never {
    if (why === "gone") {
      throw new NoKernelError("ended");
    }
    const now = performance.now();
    if (why === "full" && now - this.#caughtUpAt >= catchUpMs) {
      this.#caughtUpAt = now;
      this.#parts.catchUp().catch((error: unknown) => {
        this.#parts.logger.warn(`the server's end of the session's kernel is behind: ${messageOf(error)}`);
      });
    }
    throw new SessionBusyError();
  }

  #end(): void {
    clearTimeout(this.#idle);
    // for programs
    this.#ended.abort(new DOMException("The session's kernel is not asked any more.", "AbortError"));
    this.#starting = undefined;
    this.#helper?.dispose();
    this.#helper = undefined;
  }
}
