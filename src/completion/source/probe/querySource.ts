import * as l10n from "@vscode/l10n";
import type { BackendAIClient, Run } from "../../../api/index.js";
import { abortable, within } from "../../../base/abort.js";
import { messageOf, ProtocolError } from "../../../base/errors.js";
import { Emitter } from "../../../base/event.js";
import type { Logger } from "../../../base/logger.js";
import type {
  CallSignature,
  CandidateList,
  CodePoint,
  CompletionSource,
  Description,
  Suitability,
} from "../completionSource.js";
import { cursorText } from "../cursorText.js";
import { SessionBusyError } from "../sessionBusyError.js";
import { answerIn, candidatesIn, descriptionIn, signatureIn } from "./probeAnswer.js";
import { probeCode, type ProbeQuestion } from "./probeCode.js";

/** What a source works with. */
export interface QuerySourceOptions {
  readonly client: BackendAIClient;
  readonly sessionId: string;
  readonly logger: Logger;
}

/** The interpreter leaves off after `seconds`; nobody waits longer than `deadlineMs` for it, and a program that hangs is ended then. */
const seconds = 1;
const deadlineMs = 2000;
const hangMs = 4000;

/** Characters of code that are sent, before the cursor, and of output that are read. */
const codeLimit = 20_000;
const outputLimit = 1_000_000;

/**
 * A Python session's interpreter, asked in query mode by code of ours: it knows every live object. A question takes the
 * interpreter for 5–20 ms; a run of a person's that comes meanwhile waits that long.
 */
export class QuerySource implements CompletionSource {
  readonly name = "query";
  readonly #didDelay = new Emitter<void>();
  readonly onDidDelay = this.#didDelay.event;
  readonly #options: QuerySourceOptions;
  /** The question on its way, read to its end even where nobody waits: a query that is cut off would cost an interrupt. */
  #asking: Promise<unknown> = Promise.resolve();

  constructor(options: QuerySourceOptions) {
    this.#options = options;
  }

  suits(languageId: string): Suitability {
    return languageId === "python" ? "yes" : "no";
  }

  async complete(point: CodePoint, signal: AbortSignal): Promise<CandidateList> {
    const { before, typed } = cursorText(point);
    const question: ProbeQuestion = { op: "complete", code: (before + typed).slice(-codeLimit) };
    return candidatesIn(await this.#ask(question, signal));
  }

  async describe(name: string, _point: CodePoint, signal: AbortSignal): Promise<Description | undefined> {
    return descriptionIn(await this.#ask({ op: "describe", name }, signal));
  }

  async signature(name: string, _point: CodePoint, signal: AbortSignal): Promise<CallSignature | undefined> {
    return signatureIn(await this.#ask({ op: "signature", name }, signal));
  }

  /**
   * The interpreter's answer.
   * @throws {SessionBusyError} where another run is in the way: that nothing was asked is no answer, which would be kept.
   */
  async #ask(question: ProbeQuestion, signal: AbortSignal): Promise<unknown> {
    const { client, sessionId } = this.#options;
    await within(
      abortable(
        this.#asking.catch(() => undefined),
        signal,
      ),
      deadlineMs,
      "run",
      l10n.t("The question before"),
    );
    if (client.runs.activity(sessionId).isBusy) {
      throw new SessionBusyError();
    }
    const { code, mark } = probeCode(question, seconds);
    const reading = this.#read(code);
    this.#asking = reading;
    const output = await within(
      abortable(reading, signal),
      deadlineMs,
      "run",
      l10n.t("Completion in the session"),
    );
    return answerIn(output, mark, seconds);
  }

  /** What a query prints. One that has to wait for another run is withdrawn before anything was sent. */
  async #read(code: string): Promise<string> {
    const { client, sessionId, logger } = this.#options;
    const controller = new AbortController();
    const run = client.runs.query(sessionId, code, { signal: controller.signal, isHidden: true });
    const watch = new HangWatch(controller);
    try {
      return await outputOf(run, watch);
    } catch (error) {
      logger.debug(`a question to session ${sessionId} failed: ${messageOf(error)}`);
      throw error;
    } finally {
      watch.dispose();
      if (client.runs.activity(sessionId).isBusy) {
        this.#didDelay.fire();
      }
    }
  }
}

async function outputOf(run: Run, watch: HangWatch): Promise<string> {
  let output = "";
  for await (const event of run) {
    if (event.type === "queued") {
      throw new SessionBusyError();
    }
    watch.heard();
    output += event.type === "output" && event.stream === "stdout" ? event.text : "";
    if (output.length > outputLimit) {
      throw new ProtocolError(
        l10n.t("a query for completion"),
        "",
        l10n.t("more output than an answer can have"),
      );
    }
  }
  return output;
}

/**
 * Ends a question whose program hangs. Only one that was heard of: an interrupt names no run, so before that it would end what somebody
 * else runs in the session, and the question behind it is left to wait.
 */
class HangWatch {
  readonly #timer: NodeJS.Timeout;
  #isHeard = false;

  constructor(controller: AbortController) {
    this.#timer = setInterval(() => {
      if (this.#isHeard) {
        controller.abort(new DOMException("The question was given up.", "AbortError")); // for programs
      }
    }, hangMs);
  }

  heard(): void {
    this.#isHeard = true;
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
