import * as l10n from "@vscode/l10n";
import { SessionBlockedError } from "../../../api/errors.js";
import { anySignal, deadline } from "../../../base/abort.js";
import type { SessionPlace } from "../../sftp/sessionSftp.js";
import { FileAccessError } from "../fileAccessError.js";
import { programFailure } from "../programErrors.js";
import { answerIn, codeOf, type Command } from "./commandScript.js";

/** A command for a large tree, in milliseconds. */
const commandMs = 10 * 60_000;

/** What is read of what a command prints, in characters. */
const printedLimit = 256 * 1024;

/** Asks whether commands may be run in a session; remembers the answer as it sees fit. */
export type MayRunCommands = (sessionId: string) => Promise<boolean>;

/** Runs small commands in the interpreter of an idle session, if its user agrees. */
export class SessionCommands {
  readonly #place: SessionPlace;
  readonly #mayRun: MayRunCommands;
  #isRefused = false;

  constructor(place: SessionPlace, mayRun: MayRunCommands) {
    this.#place = place;
    this.#mayRun = mayRun;
  }

  /** Whether nobody has refused it, and the session was not found to be unable. */
  get isPossible(): boolean {
    return !this.#isRefused;
  }

  /**
   * Runs one command.
   * @throws {FileAccessError} `unsupported` where it may not, or where the session is none of Python; `unavailable` while the
   * session is busy with a run.
   */
  async run(
    command: Command,
    { path, signal }: { readonly path: string; readonly signal: AbortSignal },
  ): Promise<unknown> {
    if (this.#isRefused || !(await this.#mayRun(this.#place.sessionId))) {
      this.#isRefused = true;
      throw new FileAccessError(
        "unsupported",
        path,
        l10n.t("Without ssh this takes a command run in the session, and that was not allowed."),
      );
    }
    const { code, mark } = codeOf(command);
    const answer = answerIn(await this.#printed(code, path, signal), mark);
    if (answer === undefined) {
      throw new FileAccessError(
        "unsupported",
        path,
        l10n.t("Without ssh this takes a session that runs Python, and this one does not."),
      );
    }
    if (answer.error !== undefined) {
      throw failureOf(path, answer.error);
    }
    return answer.value;
  }

  async #printed(code: string, path: string, caller: AbortSignal): Promise<string> {
    const limit = deadline(commandMs, "run", l10n.t("A command in the session"));
    const { client, sessionId } = this.#place;
    let printed = "";
    try {
      const signal = anySignal(caller, limit.signal);
      const run = client.runs.start(sessionId, { mode: "query", code }, { signal });
      for await (const event of run) {
        if (event.type === "queued") {
          throw busy(path);
        }
        if (event.type === "output" && printed.length < printedLimit) {
          printed += event.text;
        }
      }
      return printed;
    } catch (error) {
      throw error instanceof SessionBlockedError ? busy(path, error) : error;
    } finally {
      limit.clear();
    }
  }
}

function busy(path: string, cause?: unknown): FileAccessError {
  return new FileAccessError(
    "unavailable",
    path,
    l10n.t(
      "Without ssh this takes a command run in the session, which is busy with a run. Try again when it has ended.",
    ),
    { cause },
  );
}

function failureOf(path: string, said: string): FileAccessError {
  switch (said) {
    case "RuntimeError: changed": // for programs
      return new FileAccessError("changed", path, l10n.t("{0} was changed in the session meanwhile.", path));
    case "RuntimeError: lost": // for programs
      return new FileAccessError(
        "lost",
        path,
        l10n.t("{0} did not arrive as it was sent; nothing was changed.", path),
      );
    default:
      return programFailure(path, said);
  }
}
