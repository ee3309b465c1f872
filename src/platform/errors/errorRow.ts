import type { ApiError } from "../../api/errors.js";
import { maskText } from "../../base/secrets/maskText.js";
import type { StartAction } from "./startRow.js";

/** A button that helps; `messages.ts` says what each one does. */
export type ErrorAction =
  | "showLog"
  | "exportSupportBundle"
  | "reconnect"
  | "chooseServer"
  | "editServers"
  | "startSession"
  | "manageTrust"
  | "showServer"
  | "signIn"
  | "chooseGroup"
  | "proxySettings"
  | StartAction;

/** An error in words. */
export interface ErrorDescription {
  /** One sentence that names the cause. */
  readonly summary: string;
  /** A sentence that names the way out. */
  readonly detail?: string;
  readonly actions: readonly ErrorAction[];
}

/** A row of a table of errors: what it is for, and its words. The first row that fits counts. */
export type Row = (error: unknown) => ErrorDescription | undefined;

/** The row of a class. */
export function on<E extends Error>(
  type: abstract new (...args: never[]) => E,
  describe: (error: E) => ErrorDescription,
): Row {
  return (error) => (error instanceof type ? describe(error) : undefined);
}

/** The server's own words without secrets and without the end of their sentence; else what was asked and answered. */
export function words(error: ApiError): string {
  return maskText(error.serverMessage ?? error.message).replace(/\.$/, "");
}
