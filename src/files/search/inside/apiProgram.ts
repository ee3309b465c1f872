import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../../../api/index.js";
import { anySignal } from "../../../base/abort.js";
import { SearchQueryError } from "../query/searchQuery.js";
import { scriptCodes } from "./engineScript.js";
import type { ProgramResult, SearchProgram, StartProgram } from "./searchProgram.js";

/** Longer lines of output are none of ours, in characters. */
const lineLimit = 64 * 1024;

/** Error output that is kept, in characters. */
const errorLimit = 4000;

/**
 * Starts programs by the interpreter of a Python session, for sessions that ssh does not reach. Its variables stay; while the search
 * goes on, it runs nothing else.
 */
export function apiPrograms(client: BackendAIClient, sessionId: string): StartProgram {
  return ({ python }, signal) => Promise.resolve(new ApiProgram(client, sessionId, { code: python, signal }));
}

class ApiProgram implements SearchProgram {
  readonly output: AsyncIterable<Uint8Array>;
  readonly #stopping = new AbortController();
  #errorText = "";
  #exitCode: number | undefined;

  constructor(
    client: BackendAIClient,
    sessionId: string,
    { code, signal }: { readonly code: string; readonly signal: AbortSignal },
  ) {
    const carrier = client.findings.has("runsBlock") ? "poll" : "stream";
    const either = anySignal(signal, this.#stopping.signal);
    const run = client.runs.start(sessionId, { mode: "query", code }, { carrier, signal: either });
    this.output = this.#read(run);
  }

  result(): Promise<ProgramResult> {
    return Promise.resolve({ exitCode: this.#exitCode, errorText: this.#errorText });
  }

  stop(): void {
    this.#stopping.abort();
  }

  async *#read(run: ReturnType<BackendAIClient["runs"]["start"]>): AsyncGenerator<Uint8Array> {
    let rest = "";
    for await (const event of run) {
      if (event.type === "queued") {
        throw new SearchQueryError(
          l10n.t(
            "The session runs code now, and without ssh it can't search meanwhile. Try again when it is done.",
          ),
        );
      }
      if (event.type !== "output") {
        continue;
      }
      if (event.stream !== "stdout") {
        this.#errorText = (this.#errorText + event.text).slice(0, errorLimit);
        continue;
      }
      const lines = (rest + event.text).split("\n");
      rest = (lines.pop() ?? "").slice(0, lineLimit);
      for (const line of lines) {
        const bytes = this.#take(line.trim());
        if (bytes !== undefined) {
          yield bytes;
        }
      }
    }
    this.#take(rest.trim());
  }

  #take(line: string): Uint8Array | undefined {
    if (line === "folder") {
      this.#exitCode = scriptCodes.noFolder;
      return undefined;
    }
    const end = /^end (-?\d+)$/.exec(line);
    if (end) {
      this.#exitCode = Number(end[1]);
      return undefined;
    }
    return line === "" ? undefined : Buffer.from(line, "base64");
  }
}
