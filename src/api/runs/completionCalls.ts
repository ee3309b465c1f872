import { anySignal, deadline } from "../../base/abort.js";
import { CompleteResponse } from "../../wire/records/run.js";
import { type Context, sessionRequest } from "../context.js";
import { ServerError } from "../errors.js";
import type { SessionCallOptions } from "../options.js";

/** Where the cursor is. */
export interface CompletionPosition {
  /** Zero-based. */
  readonly row: number;
  readonly col: number;
  /** The line up to the cursor. */
  readonly line: string;
  /** The rest of the line. */
  readonly post: string;
}

/** How to ask. */
export interface CompletionOptions extends SessionCallOptions {
  readonly timeoutMs?: number;
  /** Whether what the server refuses, or fails at, is thrown instead of being an empty list. */
  readonly throwsFaults?: boolean;
}

/** Failures, and empty lists, in a row after which a server is not asked again: either may come by chance. */
const failures = 3;
const emptyLists = 10;

/** Completion by the session's interpreter (`protocol.md` §7). */
export class CompletionCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Candidates as after a Tab: whole words that replace the one before the cursor. `POST {prefix}/{id}/complete`, any manager.
   * Empty, without asking, on a server that was seen to fail or to answer nothing: most real ones do (`real-servers.md`).
   * @throws {ServerError} where it is asked for.
   * @throws {TimeoutError} (`total`) after `timeoutMs`, by default 2 s.
   */
  async complete(
    id: string,
    code: string,
    position: CompletionPosition,
    options: CompletionOptions = {},
  ): Promise<readonly string[]> {
    const { findings } = this.#context;
    if (findings.of("completionFails") === "seen" || findings.of("completionEmpty") === "seen") {
      return [];
    }
    const words = await this.#ask(id, code, position, options);
    if (words.length > 0) {
      findings.disproved("completionFails");
      findings.disproved("completionEmpty");
    } else {
      findings.suspect("completionEmpty", emptyLists);
    }
    return words;
  }

  async #ask(
    id: string,
    code: string,
    { row, col, line, post }: CompletionPosition,
    options: CompletionOptions,
  ): Promise<readonly string[]> {
    const { transport, findings } = this.#context;
    const { timeoutMs = transport.timeouts.completionMs, ownerAccessKey } = options;
    const limit = deadline(timeoutMs, "total", "completion");
    const json = { code, options: { row, col, line, post } };
    const signal = anySignal(options.signal, limit.signal);
    const spec = sessionRequest(this.#context, {
      method: "POST",
      id,
      tail: "/complete",
      json,
      signal,
      ownerAccessKey,
    });
    try {
      const { result } = await transport.json(CompleteResponse, spec);
      findings.unsuspect("completionFails");
      return result.completions ?? result.suggestions ?? [];
    } catch (error) {
      const isFault = error instanceof ServerError && error.status === 500;
      if (isFault || limit.signal.aborted) {
        findings.suspect("completionFails", failures);
      }
      if (error instanceof ServerError && options.throwsFaults !== true) {
        return [];
      }
      throw error;
    } finally {
      limit.clear();
    }
  }
}
