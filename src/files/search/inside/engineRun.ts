import * as l10n from "@vscode/l10n";
import { anySignal, deadline } from "../../../base/abort.js";
import { FileAccessError } from "../../access/fileAccessError.js";
import type { FileHints } from "../query/fileFilter.js";
import { SearchQueryError } from "../query/searchQuery.js";
import { type EngineName, engineScript, scriptCodes } from "./engineScript.js";
import { PieceReader } from "./pieces.js";
import { pythonProgram, pythonTask } from "./pythonSearch.js";
import type { StartProgram } from "./searchProgram.js";

/** How long a search may take, in milliseconds. */
const searchMs = 15 * 60_000;

const lineFeed = 10;

/** What is looked for in the session. */
export interface EngineRequest {
  readonly folder: string;
  readonly hints: FileHints;
  /** Absent: names of files. */
  readonly prefilter?: { readonly posix: string; readonly escaped: string } | undefined;
  /** Which engines may be used, the best one first. */
  readonly engines?: readonly EngineName[] | undefined;
}

/** A part of what an engine has printed. */
export interface EngineOutput {
  readonly engine: EngineName;
  readonly bytes: Uint8Array;
}

/** How an engine ended. */
export interface EngineEnd {
  readonly engine: EngineName;
  /** Files and folders that may not be read; counted up to a bound. */
  readonly unreadable: number;
}

/**
 * Runs the best engine of the session, and gives what it prints while it runs. Left early or aborted, it ends the program there.
 * @throws {FileAccessError} (`notFound`) without the folder.
 * @throws {SearchQueryError} where no engine is there, or it does not take the expression.
 * @throws {TimeoutError} (`run`)
 */
export async function* runEngine(
  start: StartProgram,
  request: EngineRequest,
  signal: AbortSignal,
): AsyncGenerator<EngineOutput, EngineEnd, undefined> {
  const { folder, hints, prefilter, engines = ["rg", "grep", "python"] } = request;
  const limit = deadline(searchMs, "run", l10n.t("Searching"));
  const either = anySignal(signal, limit.signal) ?? signal;
  const task = { folder, hints, prefilter, engines, python: pythonProgram };
  const program = await start({ script: engineScript(task), python: pythonTask(task, hints) }, either);
  const stop = (): void => program.stop();
  either.addEventListener("abort", stop, { once: true });
  const head = new PieceReader([lineFeed], 64);
  let engine: EngineName | undefined;
  try {
    for await (const bytes of program.output) {
      either.throwIfAborted();
      if (engine !== undefined) {
        yield { engine, bytes };
        continue;
      }
      const at = bytes.indexOf(lineFeed);
      for (const { bytes: name } of head.push(at < 0 ? bytes : bytes.subarray(0, at + 1))) {
        engine = engineNamed(name.toString("latin1"));
      }
      if (engine !== undefined && at + 1 < bytes.length) {
        yield { engine, bytes: bytes.subarray(at + 1) };
      }
    }
    either.throwIfAborted();
    const { exitCode, errorText } = await program.result();
    if (engine === undefined || isFailure(engine, exitCode, errorText)) {
      throw failureOf(folder, exitCode, errorText);
    }
    return { engine, unreadable: errorText.split("Permission denied").length - 1 }; // for programs
  } finally {
    either.removeEventListener("abort", stop);
    limit.clear();
    program.stop();
  }
}

function engineNamed(name: string): EngineName | undefined {
  return name === "rg" || name === "grep" || name === "python" ? name : undefined;
}

/** ripgrep says 1 for no match, and 2 also when files could not be read. */
function isFailure(engine: EngineName, exitCode: number | undefined, errorText: string): boolean {
  const isMistake =
    engine === "rg" && exitCode === 2 && /regex parse error|error parsing|size limit/.test(errorText);
  return isMistake || exitCode === undefined || exitCode > (engine === "rg" ? 2 : 0);
}

function failureOf(folder: string, exitCode: number | undefined, errorText: string): Error {
  if (exitCode === scriptCodes.noFolder) {
    return new FileAccessError(
      "notFound",
      folder,
      l10n.t("{0} is no folder of the session that can be entered.", folder),
    );
  }
  if (exitCode === scriptCodes.noEngine) {
    return new SearchQueryError(
      l10n.t("The session has neither ripgrep, nor grep and find, nor Python: nothing can search there."),
    );
  }
  const said = errorText.trim().slice(0, 300);
  return new SearchQueryError(
    said === ""
      ? l10n.t("The search ended in the session: without a word")
      : l10n.t("The search ended in the session: {0}", said),
  );
}
