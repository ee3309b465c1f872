import * as l10n from "@vscode/l10n";
import {
  ApiError,
  FileTooLargeError,
  ForbiddenError,
  NotFoundError,
  ServerDefectError,
  ServerError,
  SessionBlockedError,
  UploadLostError,
} from "../api/errors.js";
import {
  ConfigurationError,
  messageOf,
  ProtocolError,
  StreamClosedError,
  UnsupportedError,
  UntrustedWorkspaceError,
} from "../base/errors.js";
import { maskText } from "../base/secrets/maskText.js";
import { formatBytes } from "../base/text.js";
import { accountRows } from "./errors/accountRows.js";
import { defectWords } from "./errors/defectWords.js";
import { type ErrorDescription, on, type Row, words } from "./errors/errorRow.js";
import { networkRows } from "./errors/networkRows.js";
import { shownMessage } from "./errors/shownMessage.js";
import { describeStart } from "./errors/startRow.js";

const rows: readonly Row[] = [
  describeStart,
  ...networkRows,
  ...accountRows,
  on(ForbiddenError, (error) => ({
    summary: l10n.t("The server does not allow this: {0}.", words(error)),
    actions: ["showLog"],
  })),
  on(FileTooLargeError, (error) => ({
    summary:
      error.size === undefined
        ? l10n.t(
            "{0} is too large to be sent: this server takes files of less than {1}.",
            error.file,
            formatBytes(error.limit),
          )
        : l10n.t(
            "{0} is too large to be sent ({1}): this server takes files of less than {2}.",
            error.file,
            formatBytes(error.size),
            formatBytes(error.limit),
          ),
    detail: l10n.t("Nothing was changed in the session."),
    actions: [],
  })),
  on(NotFoundError, (error) =>
    /session|kernel/i.test(`${error.slug ?? ""} ${error.serverMessage ?? ""}`)
      ? {
          summary: l10n.t("The session is gone."),
          detail: l10n.t("Start a new one, or run again."),
          actions: ["startSession"],
        }
      : { summary: l10n.t("The server does not have it: {0}.", words(error)), actions: ["showLog"] },
  ),
  on(ServerError, (error) => ({
    summary: l10n.t("The server failed: {0}.", words(error)),
    detail: l10n.t("The log has its answer."),
    actions: ["showLog"],
  })),
  on(ApiError, (error) => ({
    summary: l10n.t("The server refused: {0}.", words(error)),
    actions: ["showLog"],
  })),
  on(ProtocolError, (error) => ({
    summary: l10n.t("The server's answer could not be understood."),
    detail: `${maskText(error.message).replace(/\.$/, "")}. ${l10n.t("A proxy or a gateway may have answered in the server's place.")}`,
    actions: ["showLog", "exportSupportBundle", "chooseServer"],
  })),
  on(StreamClosedError, (error) => ({
    summary: l10n.t("The connection ended before the work was done."),
    detail: maskText(
      `${closeReason(error)}${l10n.t("Check the network and that the server is up, then try again.")}`,
    ),
    actions: ["reconnect", "showLog"],
  })),
  on(ServerDefectError, (error) => ({
    summary: `${shownMessage(error)} ${l10n.t("Its release is known for it.")}`,
    detail: defectWords[error.defect].instead,
    actions: ["showServer", "showLog"],
  })),
  on(SessionBlockedError, (error) => ({
    summary: shownMessage(error),
    detail: l10n.t(
      "Wait for the other run and try again. If there is none, its end was lost: destroy the session and start another.",
    ),
    actions: ["showLog"],
  })),
  on(UploadLostError, (error) => ({
    summary: shownMessage(error),
    detail: l10n.t("Save or run again; if it happens again, the disk of the session may be full."),
    actions: ["showLog"],
  })),
  on(UnsupportedError, (error) => ({ summary: shownMessage(error), actions: [] })),
  on(UntrustedWorkspaceError, (error) => ({
    summary: shownMessage(error),
    detail: l10n.t("Trust the folder, or choose a server elsewhere."),
    actions: ["manageTrust", "chooseServer"],
  })),
  on(ConfigurationError, (error) => ({
    summary: error.message,
    actions: error.setting.startsWith("BACKEND_")
      ? ["chooseServer"]
      : error.setting === "session"
        ? ["startSession"]
        : error.setting === "backendai.servers"
          ? ["editServers"]
          : [],
  })),
];

/** What the other end said, or what its code means, without the request that it was about. */
function closeReason({ message, closeCode }: StreamClosedError): string {
  const words = message
    .replace(/^(GET|POST) \S+: /, "")
    .replace(/ \(\d+\)$/, "")
    .replace(/\.$/, "");
  return closeCode === 1006 ? "" : `${words.charAt(0).toUpperCase()}${words.slice(1)}. `;
}

/** What to tell a person about anything that was thrown. */
export function describeError(error: unknown): ErrorDescription {
  for (const row of rows) {
    const description = row(error);
    if (description !== undefined) {
      return description;
    }
  }
  return { summary: maskText(messageOf(error)), actions: ["showLog", "exportSupportBundle"] };
}

/** An error in one line, as a terminal tells it: its cause, and the way out if there is one. */
export function wordsFor(error: unknown): string {
  const { summary, detail } = describeError(error);
  return detail === undefined ? summary : `${summary} ${detail}`;
}
