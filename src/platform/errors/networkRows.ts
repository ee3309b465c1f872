import * as l10n from "@vscode/l10n";
import {
  CertificateError,
  NotAServerError,
  ProxyError,
  type ShownCertificate,
  untrustedReason,
} from "../../api/errors.js";
import { NetworkError, TimeoutError, type TimeoutPhase } from "../../base/errors.js";
import { type ErrorDescription, on, type Row } from "./errorRow.js";
import { shownMessage } from "./shownMessage.js";

/** What the system's word for a failed connection means. `server` is an address, a name, or just “the server”. */
const networkReasons: Readonly<Record<string, (server: string) => string>> = {
  ECONNREFUSED: (server) => l10n.t("Nothing listens at {0}.", server),
  ENOTFOUND: (server) => l10n.t("The name {0} is not known to this network.", server),
  EAI_AGAIN: (server) => l10n.t("The name {0} could not be looked up.", server),
  ECONNRESET: (server) => l10n.t("The connection was closed by {0}.", server),
  UND_ERR_SOCKET: (server) => l10n.t("The connection was closed by {0}.", server),
  ETIMEDOUT: (server) => l10n.t("No answer came from {0}.", server),
  EHOSTUNREACH: (server) => l10n.t("No route leads to {0}.", server),
  ENETUNREACH: (server) => l10n.t("No route leads to {0}.", server),
  EPROTO: (server) => l10n.t("There is no TLS at {0}: its address may begin with http://.", server),
  ERR_SSL_WRONG_VERSION_NUMBER: (server) =>
    l10n.t("There is no TLS at {0}: its address may begin with http://.", server),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (server) =>
    l10n.t("There is no TLS at {0}: its address may begin with http://.", server),
};

/** How to trust a certificate, or its authority. */
const trust = l10n.t(
  "Name a file with its authority's certificate as “caFile” of the server in the setting backendai.servers.",
);

/** What is wrong with a certificate, by Node's word for it; and what helps. */
const certificateReasons: Readonly<
  Record<string, (of: string, certificate: ShownCertificate | undefined) => readonly [string, string]>
> = {
  CERT_HAS_EXPIRED: (of, certificate) => [
    certificate === undefined
      ? l10n.t("{0} has expired.", of)
      : l10n.t("{0} has expired ({1}).", of, day(certificate.validTo)),
    l10n.t(
      "Its administrator has to renew it. “skipVerification” of the server in the setting backendai.servers would let you in, and anybody listen.",
    ),
  ],
  CERT_NOT_YET_VALID: (of) => [
    l10n.t("{0} is not valid yet.", of),
    l10n.t(
      "Check this computer's clock; “skipVerification” of the server in the setting backendai.servers takes any certificate.",
    ),
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: (of) => [l10n.t("{0} is signed by itself.", of), trust],
  ERR_TLS_CERT_ALTNAME_INVALID: (of, certificate) => [
    l10n.t("{0} is for another name.", of),
    certificate === undefined || certificate.names.length === 0
      ? l10n.t("Use the server's own name as its address in the setting backendai.servers.")
      : l10n.t(
          "It is good for {0}: use such a name as the address in the setting backendai.servers.",
          certificate.names.slice(0, 3).join(", "),
        ),
  ],
};

/** Errors on the way to a server: nothing, something else, or nobody trustworthy is there. */
export const networkRows: readonly Row[] = [
  on(CertificateError, certificateDescription),
  on(ProxyError, proxyDescription),
  on(NetworkError, networkDescription),
  on(NotAServerError, ({ endpoint, elsewhere }) =>
    elsewhere === undefined
      ? {
          summary: l10n.t("What answers at {0} is no Backend.AI server.", endpoint),
          detail: l10n.t("Check the address: it is that of the web interface, or of the manager's API."),
          actions: ["chooseServer", "showLog"],
        }
      : {
          summary: l10n.t(
            "There is no Backend.AI server at {0}, but there is one at {1}.",
            endpoint,
            elsewhere,
          ),
          detail: l10n.t("Use that address."),
          actions: ["editServers", "chooseServer"],
        },
  ),
  on(TimeoutError, timeoutDescription),
];

function certificateDescription({
  host,
  reason = "",
  certificate,
}: Pick<CertificateError, "host" | "reason" | "certificate">): ErrorDescription {
  const of =
    certificate === undefined
      ? l10n.t("The certificate of {0}", host)
      : l10n.t("The certificate of {0} (“{1}”, by “{2}”)", host, certificate.subject, certificate.issuer);
  const [summary, detail] = certificateReasons[reason]?.(of, certificate) ?? [
    l10n.t("{0} is signed by an unknown authority.", of),
    trust,
  ];
  return { summary, detail, actions: ["editServers", "showLog"] };
}

function proxyDescription({ host, source, status, reason = "" }: ProxyError): ErrorDescription {
  const summary =
    status === 407
      ? l10n.t("The proxy {0} wants a name and a password.", host)
      : status !== undefined
        ? l10n.t("The proxy {0} does not let the connection through ({1}).", host, status)
        : l10n.t(
            "The proxy {0} is not reached: {1}.",
            host,
            (networkReasons[reason]?.(host) ?? l10n.t("no answer came."))
              .replace(/\.$/, "")
              .replace(/^[A-Z]/, (first) => first.toLowerCase()),
          );
  const detail =
    status === 407
      ? l10n.t("It is named by {0}: write http://name:password@{1} there.", source, host)
      : l10n.t(
          "It is named by {0}: change it there, or name the server in {1}.",
          source,
          source === "http.proxy" ? "http.noProxy" : "NO_PROXY",
        );
  return {
    summary,
    detail,
    actions: source === "http.proxy" ? ["proxySettings", "showLog"] : ["showLog"],
  };
}

/** What did not come in time, for people; what the others waited for says their message. */
const timeoutWords: Readonly<Partial<Record<TimeoutPhase, (time: string) => string>>> = {
  connect: (time) => l10n.t("No connection to the server came about within {0}.", time),
  headers: (time) => l10n.t("The server did not answer within {0}.", time),
  body: (time) => l10n.t("The server stopped in the middle of its answer: nothing came for {0}.", time),
  idle: (time) => l10n.t("The connection was lost: nothing came for {0}.", time),
};

function timeoutDescription(error: TimeoutError): ErrorDescription {
  const { phase, ms, message } = error;
  const time = `${String(Math.max(1, Math.round(ms / 1000)))} s`;
  const isRequest = request.test(message);
  return {
    summary: isRequest
      ? (timeoutWords[phase]?.(time) ?? l10n.t("The server opened no connection within {0}.", time))
      : shownMessage(error),
    detail: l10n.t("Check the network and that the server is up, then try again."),
    actions: ["reconnect", "showLog"],
  };
}

/** How messages begin that are about a request, which says nothing to a person. */
const request = /^(GET|HEAD|POST|PUT|PATCH|DELETE) \S+?:? /;

/** What is known of a failure that has no name: without the request, which the log has. */
function unnamed({ message }: NetworkError): string {
  const words = message.replace(request, "").replace(/\.$/, "");
  return l10n.t("The connection to the server failed: {0}.", words);
}

function networkDescription(error: NetworkError): ErrorDescription {
  if (untrustedReason.test(error.reason ?? "")) {
    return certificateDescription({
      host: l10n.t("the server"),
      reason: error.reason,
      certificate: undefined,
    });
  }
  return {
    summary: networkReasons[error.reason ?? ""]?.(serverOf(error)) ?? unnamed(error),
    detail: l10n.t(
      "Check the address, the proxy (http.proxy) and that the server is up, then connect again.",
    ),
    actions: ["reconnect", "showLog"],
  };
}

/** The address or name that the system could not reach, as its error tells. */
function serverOf({ cause }: NetworkError): string {
  const [address, port, hostname] = ["address", "port", "hostname"].map((name) => propertyOf(cause, name));
  if (typeof address === "string") {
    return typeof port === "number" ? `${address}:${port}` : address;
  }
  return typeof hostname === "string" ? hostname : l10n.t("the server");
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function day(date: Date): string {
  return date.toLocaleDateString(undefined, { dateStyle: "medium" });
}
