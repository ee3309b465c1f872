import * as z from "zod/mini";
import { ProtocolError } from "../../base/errors.js";
import type { ConsoleItem } from "../../wire/records/run.js";
import type { StepOutcome } from "./runPlan.js";

/** What a run reports, in order. */
export type RunEvent =
  /** First of all, when another run of this client is under way in the session: this one follows it. */
  | { readonly type: "queued" }
  | { readonly type: "output"; readonly stream: "stdout" | "stderr" | "log"; readonly text: string }
  /** `data` is a data URL, or the text itself for `image/svg+xml`. */
  | { readonly type: "media"; readonly mimeType: string; readonly data: string }
  | { readonly type: "html"; readonly html: string }
  /** A step of a batch run is over. The notice may be missing (`real-servers.md`). */
  | { readonly type: "cleanFinished" | "buildFinished"; readonly exitCode: number | undefined }
  /** The program waits for a line: `run.answer(text)`. */
  | { readonly type: "inputRequested"; readonly isPassword: boolean }
  /**
   * Nothing was heard for a while, and the server is known to lose the end of such runs: the program may have ended. Told
   * once for each silence; the run goes on to be read.
   */
  | { readonly type: "maybeLost" }
  | { readonly type: "finished"; readonly exitCode: number | undefined }
  /** The time limit of the session hit; it will end. */
  | { readonly type: "timedOut" };

const Media = z.tuple([z.string(), z.string()]);

/** The output of one step. Kinds that are not known are left out. */
export function outputEvents(console: readonly ConsoleItem[] | null | undefined): RunEvent[] {
  return (console ?? []).flatMap(([kind, content]) => outputEvent(kind, content) ?? []);
}

function outputEvent(kind: string, content: unknown): RunEvent | undefined {
  switch (kind) {
    case "stdout":
    case "stderr":
    case "log":
      return { type: "output", stream: kind, text: String(content) };
    case "html":
      return { type: "html", html: String(content) };
    case "media": {
      const media = z.safeParse(Media, content);
      return media.success ? mediaEvent(media.data) : undefined;
    }
    default:
      return undefined;
  }
}

/** HTML comes as its own kind from some servers and as a medium from others (`protocol.md` §0.9). */
function mediaEvent([mimeType, data]: readonly [string, string]): RunEvent {
  return mimeType === "text/html" ? { type: "html", html: data } : { type: "media", mimeType, data };
}

/**
 * What a step says beside its output; `undefined` for a run that just goes on.
 * @throws {ProtocolError} for a status that no release has.
 */
export function noticeOf({ status, exitCode, options }: StepOutcome): RunEvent | undefined {
  switch (status) {
    case "continued":
      return undefined;
    case "clean-finished":
      return { type: "cleanFinished", exitCode: exitCode ?? undefined };
    case "build-finished":
      return { type: "buildFinished", exitCode: exitCode ?? undefined };
    case "waiting-input":
      return { type: "inputRequested", isPassword: options?.is_password === true };
    case "finished":
      return { type: "finished", exitCode: exitCode ?? undefined };
    case "exec-timeout":
      return { type: "timedOut" };
    default:
      throw new ProtocolError("a step of a run", status, `“${status}” is no status of a run`);
  }
}
