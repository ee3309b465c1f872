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

/** Completion by the session's interpreter (`protocol.md` §7). */
export class CompletionCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Candidates as after a Tab: whole words that replace the one before the cursor. `POST {prefix}/{id}/complete`, any manager.
   * Empty where it is not supported: most real servers fail after 10 s or answer nothing.
   * @throws {TimeoutError} (`total`) after `timeoutMs`, by default 2 s: don't ask that session again soon.
   */
  async complete(
    id: string,
    code: string,
    position: CompletionPosition,
    options: SessionCallOptions & { readonly timeoutMs?: number } = {},
  ): Promise<readonly string[]> {
    const { timeoutMs = this.#context.transport.timeouts.completionMs, ownerAccessKey } = options;
    const limit = deadline(timeoutMs, "total", "completion");
    const { row, col, line, post } = position;
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
      const { result } = await this.#context.transport.json(CompleteResponse, spec);
      return result.completions ?? result.suggestions ?? [];
    } catch (error) {
      if (error instanceof ServerError) {
        return [];
      }
      throw error;
    } finally {
      limit.clear();
    }
  }
}
