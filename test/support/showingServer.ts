import { type Engine, startEngine } from "../../src/engine/index.js";
import { type ExecuteRequest, type RunResult, SessionExecution } from "../../src/engine/execution/index.js";

/**
 * An engine on which “Run Current File” shows pictures and HTML: the file of a batch run goes through the session's
 * interpreter, which has `display(…)`. Batch runs of real servers tell text alone (`protocol.md` §4).
 */
export async function startShowingEngine(): Promise<Engine> {
  return startEngine({ makeExecution: (options) => new ShowingExecution(options), stepMs: 0 });
}

class ShowingExecution extends SessionExecution {
  override async execute(request: ExecuteRequest, flushMs: number, signal?: AbortSignal): Promise<RunResult> {
    return super.execute(this.#asQuery(request), flushMs, signal);
  }

  #asQuery(request: ExecuteRequest): ExecuteRequest {
    const file = /^exec python3 -u (\S+)$/.exec(request.options?.exec ?? "")?.[1];
    return request.mode === "batch" && file !== undefined
      ? {
          ...request,
          mode: "query",
          code: `exec(compile(open(${JSON.stringify(file)}).read(), "file", "exec"))`,
        }
      : request;
  }
}
