import {
  ApiError,
  ClockSkewError,
  FileTooLargeError,
  ForbiddenError,
  LoginError,
  type LoginNeed,
  NotFoundError,
  QuotaExceededError,
  RateLimitedError,
  ServerDefectError,
  ServerError,
  SessionBlockedError,
  UnauthorizedError,
  UploadLostError,
} from "../api/errors.js";
import {
  ConfigurationError,
  messageOf,
  NetworkError,
  ProtocolError,
  SignedOutError,
  StreamClosedError,
  TimeoutError,
  UnsupportedError,
  UntrustedWorkspaceError,
} from "../base/errors.js";
import { formatBytes } from "../base/text.js";
import { defects } from "../wire/defects.js";
import { describeStart, type StartAction } from "./describeStart.js";

/** A button that helps; `messages.ts` says what each one does. */
export type ErrorAction =
  | "showLog"
  | "reconnect"
  | "chooseServer"
  | "editServers"
  | "startSession"
  | "manageTrust"
  | "showServer"
  | "signIn"
  | StartAction;

/** An error in words. */
export interface ErrorDescription {
  /** One sentence that names the cause. */
  readonly summary: string;
  /** A sentence that names the way out. */
  readonly detail?: string;
  readonly actions: readonly ErrorAction[];
}

/** A row of the table: what it is for, and its words. The first row that fits counts. */
type Row = (error: unknown) => ErrorDescription | undefined;

/** What the system's word for a failed connection means. `server` is an address, a name, or just “the server”. */
const networkReasons: Readonly<Record<string, (server: string) => string>> = {
  ECONNREFUSED: (server) => `Nothing listens at ${server}.`,
  ENOTFOUND: (server) => `The name ${server} is not known to this network.`,
  EAI_AGAIN: (server) => `The name ${server} could not be looked up.`,
  ECONNRESET: (server) => `The connection was closed by ${server}.`,
  ETIMEDOUT: (server) => `No answer came from ${server}.`,
  EHOSTUNREACH: (server) => `No route leads to ${server}.`,
  CERT_HAS_EXPIRED: (server) => `The certificate of ${server} has expired.`,
  DEPTH_ZERO_SELF_SIGNED_CERT: (server) => `The certificate of ${server} is signed by itself.`,
  SELF_SIGNED_CERT_IN_CHAIN: (server) => `The certificate of ${server} is signed by an unknown authority.`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (server) =>
    `The certificate of ${server} is signed by an unknown authority.`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (server) =>
    `The certificate of ${server} is signed by an unknown authority.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (server) => `The certificate of ${server} is for another name.`,
};

/** What a login lacks, and what helps. */
const loginNeeds: Readonly<Record<LoginNeed, { readonly summary: string; readonly detail?: string }>> = {
  password: { summary: "The e-mail address or the password is wrong." },
  otp: { summary: "The server wants a one-time code as well, and took none of these." },
  "otp-registration": {
    summary: "This server wants one-time codes, and none are set up for you.",
    detail: "Set them up in its web interface, then sign in here.",
  },
  "password-change": {
    summary: "Your password has expired.",
    detail: "Change it in the server's web interface, then sign in here.",
  },
  "email-verification": {
    summary: "Your e-mail address is not verified yet.",
    detail: "Follow the link in the server's e-mail, then sign in here.",
  },
};

const rows: readonly Row[] = [
  describeStart,
  on(NetworkError, networkDescription),
  on(TimeoutError, (error) => ({ summary: error.message, actions: ["reconnect", "showLog"] })),
  on(ClockSkewError, (error) => ({
    summary: `The clocks differ too much: here it is ${clock(error.clientTime)}, on the server ${clock(error.serverTime)}.`,
    detail: "Set this computer's clock, then connect again.",
    actions: ["reconnect"],
  })),
  on(SignedOutError, (error) => ({
    summary: error.message,
    detail: "Sign in to go on.",
    actions: ["signIn", "chooseServer"],
  })),
  on(LoginError, (error) => ({ ...loginNeeds[error.needs], actions: ["signIn", "showLog"] })),
  on(UnauthorizedError, (error) => ({
    summary: `The server refused the keys: ${words(error)}.`,
    detail: "Check the access key and the secret key, or choose another server.",
    actions: ["chooseServer", "showLog"],
  })),
  on(ForbiddenError, (error) => ({
    summary: `The server does not allow this: ${words(error)}.`,
    actions: ["showLog"],
  })),
  on(QuotaExceededError, (error) => ({
    summary: `A limit of your account is reached: ${words(error)}.`,
    detail: "Destroy a session that you no longer need, then try again.",
    actions: ["showLog"],
  })),
  on(FileTooLargeError, (error) => ({
    summary:
      `${error.file} is too large to be sent${error.size === undefined ? "" : ` (${formatBytes(error.size)})`}: ` +
      `this server takes files of less than ${formatBytes(error.limit)}.`,
    detail: "Nothing was changed in the session.",
    actions: [],
  })),
  on(NotFoundError, (error) =>
    /session|kernel/i.test(`${error.slug ?? ""} ${error.serverMessage ?? ""}`)
      ? {
          summary: "The session is gone.",
          detail: "Start a new one, or run again.",
          actions: ["startSession"],
        }
      : { summary: `The server does not have it: ${words(error)}.`, actions: ["showLog"] },
  ),
  on(RateLimitedError, () => ({
    summary: "The server takes no more requests from this key for a while.",
    detail: "Wait a minute, then try again.",
    actions: ["showLog"],
  })),
  on(ServerError, (error) => ({
    summary: `The server failed: ${words(error)}.`,
    detail: "The log has its answer.",
    actions: ["showLog"],
  })),
  on(ApiError, (error) => ({ summary: `The server refused: ${words(error)}.`, actions: ["showLog"] })),
  on(ProtocolError, (error) => ({
    summary: "The server's answer could not be understood.",
    detail: error.message,
    actions: ["showLog", "chooseServer"],
  })),
  on(StreamClosedError, (error) => ({
    summary: "The connection ended before the work was done.",
    detail: error.message,
    actions: ["reconnect", "showLog"],
  })),
  on(ServerDefectError, (error) => ({
    summary: `${error.message} Its release is known for it.`,
    detail: defects[error.defect].instead,
    actions: ["showServer", "showLog"],
  })),
  on(SessionBlockedError, (error) => ({
    summary: error.message,
    detail:
      "Wait for the other run and try again. If there is none, its end was lost: destroy the session and start another.",
    actions: ["showLog"],
  })),
  on(UploadLostError, (error) => ({
    summary: error.message,
    detail: "Save or run again; if it happens again, the disk of the session may be full.",
    actions: ["showLog"],
  })),
  on(UnsupportedError, (error) => ({ summary: error.message, actions: [] })),
  on(UntrustedWorkspaceError, (error) => ({
    summary: error.message,
    detail: "Trust the folder, or choose a server elsewhere.",
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

/** What to tell a person about anything that was thrown. */
export function describeError(error: unknown): ErrorDescription {
  for (const row of rows) {
    const description = row(error);
    if (description !== undefined) {
      return description;
    }
  }
  return { summary: messageOf(error), actions: ["showLog"] };
}

/** An error in one line, as a terminal tells it: its cause, and the way out if there is one. */
export function wordsFor(error: unknown): string {
  const { summary, detail } = describeError(error);
  return detail === undefined ? summary : `${summary} ${detail}`;
}

/** Whether the authority of a certificate is not known here, which the person can mend; not so one that has expired. */
function isUnknownAuthority(reason: string): boolean {
  return /SELF_SIGNED|ISSUER|VERIFY/.test(reason);
}

function networkDescription(error: NetworkError): ErrorDescription {
  const { reason = "" } = error;
  const summary = networkReasons[reason]?.(serverOf(error)) ?? error.message;
  return isUnknownAuthority(reason)
    ? {
        summary,
        detail: "Name a file with its authority's certificate as “caFile” of the server in the settings.",
        actions: ["editServers", "showLog"],
      }
    : {
        summary,
        detail: "Check the address, the proxy (http.proxy) and that the server is up, then connect again.",
        actions: ["reconnect", "showLog"],
      };
}

/** The address or name that the system could not reach, as its error tells. */
function serverOf({ cause }: NetworkError): string {
  const [address, port, hostname] = ["address", "port", "hostname"].map((name) => propertyOf(cause, name));
  if (typeof address === "string") {
    return typeof port === "number" ? `${address}:${port}` : address;
  }
  return typeof hostname === "string" ? hostname : "the server";
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** The server's own words without the end of their sentence; else what was asked and answered. */
function words(error: ApiError): string {
  return (error.serverMessage ?? error.message).replace(/\.$/, "");
}

function clock(time: Date | undefined): string {
  return time === undefined ? "another time" : time.toLocaleString();
}

function on<E extends Error>(
  type: abstract new (...args: never[]) => E,
  describe: (error: E) => ErrorDescription,
): Row {
  return (error) => (error instanceof type ? describe(error) : undefined);
}
