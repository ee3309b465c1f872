import * as l10n from "@vscode/l10n";
import { NotFoundError, ServerDefectError } from "../../api/errors.js"; // loads nothing else
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { BackendAIError, NetworkError, TimeoutError } from "../../base/errors.js";
import { phaseOf } from "../../wire/status.js";
import type { CellError } from "./outputs/cellOutput.js";
import { turnHtmlOff } from "./htmlForms.js";

/** Where a cell runs. */
export interface CellPlace {
  readonly client: BackendAIClient;
  readonly session: Pick<SessionSummary, "id" | "name">;
}

/** The interpreter that a notebook talks to has gone with its session. */
export class SessionGoneError extends BackendAIError {
  readonly code = "SESSION_GONE";

  constructor(
    readonly session: CellPlace["session"],
    options?: ErrorOptions,
  ) {
    super(
      [
        l10n.t("Session {0} is gone, and the variables of this notebook with it.", session.name),
        l10n.t("Run the cell again to use another session, or choose one in the toolbar."),
      ].join(" "),
      options,
    );
  }
}

/** Whether the session of a place has ended, or is about to. */
export async function isGone({ client, session }: CellPlace, signal: AbortSignal): Promise<boolean> {
  try {
    const { status } = await client.sessions.summary(session.id, { signal });
    return ["ending", "ended", "failed"].includes(phaseOf(status));
  } catch (error) {
    if (error instanceof NotFoundError) {
      return true;
    }
    throw error;
  }
}

/** What a failed run is to be told as: servers say many things of a session that is ending or gone. */
export async function goneOr(error: unknown, place: CellPlace, signal: AbortSignal): Promise<unknown> {
  const isClear = [NetworkError, TimeoutError, ServerDefectError, SessionGoneError].some(
    (type) => error instanceof type,
  );
  if (isClear) {
    return error;
  }
  const gone = await isGone(place, signal).catch(() => false);
  return gone ? new SessionGoneError(place.session, { cause: error }) : error;
}

/**
 * An error in words for the cell that met it. On servers that fail on HTML, values of a Python session are shown as text from
 * then on, where that can be done.
 */
export async function cellError(
  error: unknown,
  { place, isPython, describe, signal }: FailedCell,
): Promise<CellError> {
  if (place === undefined || !(error instanceof ServerDefectError && error.defect === "htmlBlocks")) {
    return { name: "Backend.AI", message: describe(error), stack: "" };
  }
  const isOff = isPython && (await turnHtmlOff(place.client, place.session.id, signal));
  const wayOut = isOff
    ? l10n.t("From now on this session shows values as text: run the cell again.")
    : isPython
      ? l10n.t("Show it as text: print(value), or print(value.to_string()) for a table.")
      : l10n.t("Print it as text instead.");
  const what = l10n.t(
    "this server fails on values that have an HTML form, such as tables. The code has run, and the session is free again.",
  );
  return { name: "Backend.AI", message: `${what} ${wayOut}`, stack: "" };
}

/** What is known of a cell that failed. */
export interface FailedCell {
  /** `undefined` when no session was found for it. */
  readonly place: CellPlace | undefined;
  readonly isPython: boolean;
  readonly describe: (error: unknown) => string;
  readonly signal: AbortSignal;
}

/** An interpreter that ends with its program reports nothing. */
export function exitError(exitCode: number): CellError {
  return exitCode < 0
    ? {
        name: l10n.t("Ended by signal {0}", -exitCode),
        message: l10n.t("the interpreter is gone, and its variables with it."),
        stack: "",
      }
    : { name: l10n.t("Exit code {0}", exitCode), message: "", stack: "" };
}
