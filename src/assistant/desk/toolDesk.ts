import type { Account } from "../../account/account.js";
import { isOnThisComputer, targetLabel } from "../../account/target.js";
import type { BackendAIClient } from "../../api/index.js";
import { abortable, anySignal, deadline } from "../../base/abort.js";
import { UntrustedWorkspaceError } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { wordsFor } from "../../platform/describeError.js";
import type { SessionFeed } from "../../sessions/sessionFeed.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { answerText, type TokenBudget, type ToolAnswer } from "../answer/toolAnswer.js";
import {
  type OpenedCall,
  type Tool,
  type ToolConsent,
  type ToolLimits,
  type ToolPlace,
  ToolRefusal,
  type ToolServices,
} from "../tool.js";
import { CallBudget, StartBudget } from "./budgets.js";
import { Consents } from "./consents.js";
import { inputProblem } from "./inputProblem.js";

/** What the desk works with. */
export interface ToolDeskParts {
  readonly tools: readonly Tool[];
  readonly services: ToolServices;
  readonly account: Pick<Account, "connection">;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly limits: () => ToolLimits;
  /** Whether the person trusts the folder that is open. */
  readonly isTrusted: () => boolean;
  readonly logger: Logger;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** A call and who waits for it. */
export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly signal: AbortSignal;
}

/** What is shown before a call is answered, and while it is. */
export interface PreparedCall {
  readonly progress: string;
  /** What to ask the person; absent also for calls that will be refused. */
  readonly consent: ToolConsent | undefined;
}

/** How long a question may take to be put into words, in milliseconds: nobody sees anything meanwhile. */
const prepareMs = 5000;

/**
 * Where calls of a language model come in. Each is checked, asked about where it must be, answered within its time, and never fails but by
 * its signal: what goes wrong is an answer that says what to do.
 */
export class ToolDesk {
  readonly #parts: ToolDeskParts;
  readonly #calls: CallBudget;
  readonly #starts = new StartBudget();
  readonly #consents = new Consents<BackendAIClient>();

  constructor(parts: ToolDeskParts) {
    this.#parts = parts;
    this.#calls = new CallBudget(parts.now ?? (() => performance.now()));
  }

  /** What to show and to ask. Rejects by its signal alone. */
  async prepare(call: ToolCall): Promise<PreparedCall> {
    const key = keyOf(call);
    this.#consents.forget(key);
    try {
      return await this.#within(prepareMs, call, async (signal) => {
        const { tool, place, opened } = this.#open(call, signal);
        const consent = await opened.consent(place);
        if (consent !== undefined) {
          this.#consents.remember(key, place.client, consent.meaning);
        }
        return { progress: tool.progress, consent };
      });
    } catch {
      call.signal.throwIfAborted();
      return { progress: "Asking Backend.AI", consent: undefined }; // the answer says what is wrong
    }
  }

  /** Answers a call. Rejects by its signal alone. */
  async answer(call: ToolCall, budget?: TokenBudget): Promise<string> {
    const startedAt = performance.now();
    const { text, outcome } = await this.#answer(call).then(
      async (answer) => ({ text: await answerText(answer, budget), outcome: "answered" }),
      async (error: unknown) => {
        call.signal.throwIfAborted();
        const isRefused = error instanceof ToolRefusal;
        return {
          text: await answerText({ facts: isRefused ? error.message : wordsFor(error) }, budget),
          outcome: isRefused ? "refused" : "failed",
        };
      },
    );
    const ms = Math.round(performance.now() - startedAt);
    this.#parts.logger.info(`tool ${call.name} ${outcome}: ${ms} ms, ${text.length} characters`);
    return text;
  }

  async #answer(call: ToolCall): Promise<ToolAnswer> {
    const key = keyOf(call);
    const limits = this.#parts.limits();
    const tool = this.#toolFor(call, limits);
    this.#calls.take(limits.maxCallsPerMinute);
    return this.#within(tool.limitMs(limits), call, async (signal) => {
      const { place, opened } = this.#open(call, signal);
      const consent = await opened.consent(place);
      if (consent !== undefined && !this.#consents.take(key, place.client, consent.meaning)) {
        throw new ToolRefusal(
          "The person was not asked about just this: the server, the session or its state changed meanwhile. Look at the sessions and call again.",
        );
      }
      return opened.answer(place);
    });
  }

  /** Everything that may stand in the way of a call before its tool is asked. */
  #open(
    call: ToolCall,
    signal: AbortSignal,
  ): { readonly tool: Tool; readonly place: ToolPlace; readonly opened: OpenedCall } {
    const limits = this.#parts.limits();
    const tool = this.#toolFor(call, limits);
    const place = this.#placeOf(limits, signal);
    if (tool.changes && limits.isReadOnly) {
      throw new ToolRefusal(
        "Read-only mode is on (setting backendai.assistant.readOnly): no session may be started and no code run. Don't try again; tell the person.",
      );
    }
    return { tool, place, opened: openedWith(tool, call.input) };
  }

  #toolFor({ name }: ToolCall, { isEnabled }: ToolLimits): Tool {
    if (!isEnabled) {
      throw new ToolRefusal(
        "The tools of Backend.AI are switched off (settings backendai.assistant.enabled and chat.disableAIFeatures). Don't try again; tell the person.",
      );
    }
    const tool = this.#parts.tools.find((candidate) => candidate.name === name);
    if (tool === undefined) {
      throw new ToolRefusal(`There is no tool ${name}.`);
    }
    return tool;
  }

  #placeOf(limits: ToolLimits, signal: AbortSignal): ToolPlace {
    const { account, services, store, feed, isTrusted } = this.#parts;
    const { state } = account.connection;
    if (state.phase !== "connected") {
      const why = state.phase === "failed" ? ` The last attempt failed: ${wordsFor(state.error)}` : "";
      throw new ToolRefusal(
        `No Backend.AI server is connected.${why} Ask the person to run the command “Backend.AI: Start Local Engine” or “Backend.AI: Choose Server…”, then call again.`,
      );
    }
    const onThisComputer = isOnThisComputer(state.target);
    if (onThisComputer && !isTrusted()) {
      throw new UntrustedWorkspaceError();
    }
    return {
      ...services,
      client: state.client,
      server: targetLabel(state.target),
      isOnThisComputer: onThisComputer,
      limits,
      starts: this.#starts,
      sessions: async () => {
        await feed.refresh(signal);
        return store.snapshot.sessions;
      },
      signal,
    };
  }

  async #within<T>(
    ms: number,
    { name, signal }: ToolCall,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = deadline(ms, "total", `An answer of ${name}`);
    try {
      signal.throwIfAborted();
      const either = anySignal(signal, limit.signal) ?? signal;
      return await abortable(work(either), either);
    } finally {
      limit.clear();
    }
  }
}

function keyOf({ name, input }: ToolCall): string {
  return `${name} ${JSON.stringify(input)}`;
}

/** @throws {ToolRefusal} naming what is wrong. */
function openedWith(tool: Tool, input: unknown): OpenedCall {
  try {
    return tool.open(input);
  } catch (error) {
    throw new ToolRefusal(`The input is wrong: ${inputProblem(error)}`, { cause: error });
  }
}
