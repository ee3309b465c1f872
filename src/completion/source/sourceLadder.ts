import * as l10n from "@vscode/l10n";
import { abortable, isAbort } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import { DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { shownMessage } from "../../platform/errors/shownMessage.js";
import { AnswerCache, narrowed } from "./answerCache.js";
import { Breaker } from "./breaker.js";
import type {
  CallSignature,
  CandidateList,
  CodePoint,
  CompletionSource,
  Description,
  QuestionKind,
  Suitability,
} from "./completionSource.js";
import { cursorText } from "./cursorText.js";
import { LatestOnly } from "./latestOnly.js";
import { SessionBusyError } from "./sessionBusyError.js";
import { knownOf, named, type Question, soon } from "./question.js";

/** What a ladder works with. */
export interface SourceLadderOptions {
  /** Best first. */
  readonly sources: readonly CompletionSource[];
  /** What a person's code does in the session (`RunCalls.activity`): nothing is asked while it runs, answers hold until it has. */
  readonly activity: () => { readonly isBusy: boolean; readonly runs: number };
  readonly logger: Logger;
  /** What counts as slow, in milliseconds; a source that is slow again and again rests. By default 300. */
  readonly budgetMs?: number | undefined;
  /** How long a question is waited for, in milliseconds; its answer may still serve the next one. By default `budgetMs`. */
  readonly patienceMs?: number | undefined;
  /** Milliseconds since 1970; a double in tests. */
  readonly now?: (() => number) | undefined;
}

/** Whether completion from a session works, for people: `reason` is a sentence, `until` milliseconds since 1970. */
export interface LadderState {
  readonly phase: "on" | "resting" | "off";
  /** The source that is asked first, or rests. */
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
  readonly until?: number | undefined;
}

interface Rung {
  readonly source: CompletionSource;
  readonly breaker: Breaker;
}

/** That a source could answer, and what: nothing is an answer as well. */
interface Found<T> {
  readonly answer: T | undefined;
  /** Whether no other source might say more once it can be asked again. */
  readonly isSure: boolean;
}

/** How long the same word is not asked for again after nobody could answer, or not all who might have known. */
const failedMs = 2000;

const defaultBudgetMs = 300;

const missing: CandidateList = { candidates: [], isIncomplete: true };

/**
 * What the live objects of one session tell, from the first source that answers. It never throws but for its caller's own signal,
 * keeps nobody waiting longer than its budget, and asks as little as can be: one question at a time, none while the session is busy,
 * none that an earlier answer covers. A source that fails is passed over, and rests (`Breaker`). Answers are not merged: a second source
 * would be a second question in the session for each word, to learn its kinds alone. Who makes it, disposes it.
 */
export class SourceLadder {
  readonly #options: SourceLadderOptions;
  readonly #rungs: readonly Rung[];
  readonly #latest = new LatestOnly();
  readonly #lists: AnswerCache<CandidateList | undefined>;
  readonly #descriptions: AnswerCache<Description | undefined>;
  readonly #signatures: AnswerCache<CallSignature | undefined>;
  readonly #didChange = new Emitter<void>();
  readonly #store = new DisposableStore();

  /** Fired when `state` may have changed. */
  readonly onDidChange = this.#didChange.event;

  constructor(options: SourceLadderOptions) {
    this.#options = options;
    const { now = Date.now, budgetMs = defaultBudgetMs, activity } = options;
    const runs = (): number => activity().runs;
    this.#lists = new AnswerCache(now, runs);
    this.#descriptions = new AnswerCache(now, runs);
    this.#signatures = new AnswerCache(now, runs);
    this.#rungs = options.sources.map((source) => {
      const breaker = new Breaker({ budgetMs, now });
      this.#store.add(breaker);
      this.#store.add(breaker.onDidChange(() => this.#tell({ source, breaker })));
      const delays = source.onDidDelay?.(() => breaker.failed(l10n.t("a run had to wait for it")));
      if (delays) {
        this.#store.add(delays);
      }
      return { source, breaker };
    });
    this.#store.add(this.#latest);
    this.#store.add(this.#didChange);
  }

  /** What may stand at the cursor. Nothing, and incomplete, when it is not known in time. */
  async complete(point: CodePoint, signal: AbortSignal): Promise<CandidateList> {
    const { before, typed } = cursorText(point);
    const { languageId } = point;
    const key = `${languageId}\n${before}`;
    const answer = await this.#ask(
      {
        kind: "complete",
        key,
        typed,
        languageId,
        cache: this.#lists,
        narrow: (list, then) => narrowed(list, then, typed),
        call: async (source, wire) => source.complete(point, wire),
        isAnswer: (list) => list !== undefined && list.candidates.length > 0,
      },
      signal,
    );
    return answer ?? missing;
  }

  /** What is known of a dotted name. */
  async describe(name: string, point: CodePoint, signal: AbortSignal): Promise<Description | undefined> {
    const call: Question<Description>["call"] = async (source, wire) => source.describe(name, point, wire);
    const { languageId } = point;
    return this.#ask(
      { kind: "describe", ...named(name, languageId), cache: this.#descriptions, call },
      signal,
    );
  }

  /** How a dotted name is called. */
  async signature(name: string, point: CodePoint, signal: AbortSignal): Promise<CallSignature | undefined> {
    const call: Question<CallSignature>["call"] = async (source, wire) => source.signature(name, point, wire);
    const { languageId } = point;
    return this.#ask(
      { kind: "signature", ...named(name, languageId), cache: this.#signatures, call },
      signal,
    );
  }

  /** What completion of a language in this session is like. */
  state(languageId: string): LadderState {
    const rungs = this.#suiting(languageId, "complete");
    const [first] = rungs;
    if (first === undefined) {
      return { phase: "off", reason: l10n.t("Nothing on this server completes this language in a session.") };
    }
    const working = rungs.find(({ breaker }) => breaker.state.phase === "on");
    if (working) {
      return { phase: "on", source: working.source.name };
    }
    const { state } = first.breaker;
    return state.phase === "on"
      ? { phase: "on", source: first.source.name }
      : { phase: "resting", source: first.source.name, reason: state.reason, until: state.until };
  }

  /** Asks sources that rest again at once, and forgets what was answered. */
  retry(): void {
    this.#lists.clear();
    this.#descriptions.clear();
    this.#signatures.clear();
    for (const { breaker } of this.#rungs) {
      breaker.reset();
    }
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The answer within the budget; `undefined` where there is none. */
  async #ask<T>(question: Question<T>, signal: AbortSignal): Promise<T | undefined> {
    signal.throwIfAborted();
    if (this.#options.activity().isBusy) {
      return undefined;
    }
    const known = knownOf(question);
    if (known) {
      return known.answer;
    }
    const { kind, key } = question;
    const asking = this.#latest.ask(kind, key, async (wire) => this.#answer(question, wire));
    const { budgetMs = defaultBudgetMs, patienceMs = budgetMs } = this.#options;
    return abortable(soon(asking, patienceMs), signal);
  }

  /** What is known by now, else what the sources say. */
  async #answer<T>(question: Question<T>, wire: AbortSignal): Promise<T | undefined> {
    const known = knownOf(question);
    if (known) {
      return known.answer;
    }
    const { activity } = this.#options;
    const { isBusy, runs } = activity();
    if (isBusy) {
      return undefined;
    }
    const found = await this.#climb(question, wire);
    if (activity().runs === runs) {
      const { cache, key, typed } = question;
      cache.put(key, typed, found?.answer, found?.isSure === true ? undefined : failedMs);
    }
    return found?.answer;
  }

  /** Asks one source after the other; `undefined` when none could answer. */
  async #climb<T>(question: Question<T>, wire: AbortSignal): Promise<Found<T> | undefined> {
    let empty: Pick<Found<T>, "answer"> | undefined;
    let isSure = true;
    for (const { source, breaker } of this.#suiting(question.languageId, question.kind)) {
      if (this.#options.activity().isBusy || !breaker.begin()) {
        isSure = false;
        continue;
      }
      const startedAt = performance.now();
      try {
        const answer = await question.call(source, wire);
        breaker.succeeded(performance.now() - startedAt);
        if (question.isAnswer(answer)) {
          return { answer, isSure: true };
        }
        empty ??= { answer };
      } catch (error) {
        if (wire.aborted || isAbort(error)) {
          breaker.dropped();
          throw error;
        }
        if (error instanceof SessionBusyError) {
          breaker.dropped();
          return undefined;
        }
        this.#options.logger.warn(`completion by ${source.name} failed: ${messageOf(error)}`);
        breaker.failed(shownMessage(error));
        isSure = false;
      }
    }
    return empty && { ...empty, isSure };
  }

  /** The sources to ask: those that only may answer where there are no others. */
  #suiting(languageId: string, kind: QuestionKind): readonly Rung[] {
    const suiting = (wanted: Suitability): readonly Rung[] =>
      this.#rungs.filter(({ source }) => source.suits(languageId, kind) === wanted);
    const sure = suiting("yes");
    return sure.length > 0 ? sure : suiting("perhaps");
  }

  #tell({ source, breaker }: Rung): void {
    const { state } = breaker;
    this.#options.logger.info(
      state.phase === "on"
        ? `completion by ${source.name} works again`
        : `completion by ${source.name} rests until ${new Date(state.until).toISOString()}: ${state.reason}`,
    );
    this.#didChange.fire();
  }
}
