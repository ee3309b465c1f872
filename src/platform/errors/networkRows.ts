import {
  CertificateError,
  NotAServerError,
  ProxyError,
  type ShownCertificate,
  untrustedReason,
} from "../../api/errors.js";
import { NetworkError, TimeoutError, type TimeoutPhase } from "../../base/errors.js";
import { type ErrorDescription, on, type Row } from "./errorRow.js";

/** What the system's word for a failed connection means. `server` is an address, a name, or just “the server”. */
const networkReasons: Readonly<Record<string, (server: string) => string>> = {
  ECONNREFUSED: (server) => `Nothing listens at ${server}.`,
  ENOTFOUND: (server) => `The name ${server} is not known to this network.`,
  EAI_AGAIN: (server) => `The name ${server} could not be looked up.`,
  ECONNRESET: (server) => `The connection was closed by ${server}.`,
  UND_ERR_SOCKET: (server) => `The connection was closed by ${server}.`,
  ETIMEDOUT: (server) => `No answer came from ${server}.`,
  EHOSTUNREACH: (server) => `No route leads to ${server}.`,
  ENETUNREACH: (server) => `No route leads to ${server}.`,
  EPROTO: (server) => `There is no TLS at ${server}: its address may begin with http://.`,
  ERR_SSL_WRONG_VERSION_NUMBER: (server) =>
    `There is no TLS at ${server}: its address may begin with http://.`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (server) =>
    `There is no TLS at ${server}: its address may begin with http://.`,
};

/** How to trust a certificate, or its authority. */
const trust =
  "Name a file with its authority's certificate as “caFile” of the server in the setting backendai.servers.";

/** What is wrong with a certificate, by Node's word for it; and what helps. */
const certificateReasons: Readonly<
  Record<string, (of: string, certificate: ShownCertificate | undefined) => readonly [string, string]>
> = {
  CERT_HAS_EXPIRED: (of, certificate) => [
    `${of} has expired${certificate === undefined ? "" : ` (${day(certificate.validTo)})`}.`,
    "Its administrator has to renew it. “skipVerification” of the server in the setting backendai.servers would let you in, and anybody listen.",
  ],
  CERT_NOT_YET_VALID: (of) => [
    `${of} is not valid yet.`,
    "Check this computer's clock; “skipVerification” of the server in the setting backendai.servers takes any certificate.",
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: (of) => [`${of} is signed by itself.`, trust],
  ERR_TLS_CERT_ALTNAME_INVALID: (of, certificate) => [
    `${of} is for another name.`,
    certificate === undefined || certificate.names.length === 0
      ? "Use the server's own name as its address in the setting backendai.servers."
      : `It is good for ${certificate.names.slice(0, 3).join(", ")}: use such a name as the address in the setting backendai.servers.`,
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
          summary: `What answers at ${endpoint} is no Backend.AI server.`,
          detail: "Check the address: it is that of the web interface, or of the manager's API.",
          actions: ["chooseServer", "showLog"],
        }
      : {
          summary: `There is no Backend.AI server at ${endpoint}, but there is one at ${elsewhere}.`,
          detail: "Use that address.",
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
  const name = certificate === undefined ? "" : ` (“${certificate.subject}”, by “${certificate.issuer}”)`;
  const of = `The certificate of ${host}${name}`;
  const [summary, detail] = certificateReasons[reason]?.(of, certificate) ?? [
    `${of} is signed by an unknown authority.`,
    trust,
  ];
  return { summary, detail, actions: ["editServers", "showLog"] };
}

function proxyDescription({ host, source, status, reason = "" }: ProxyError): ErrorDescription {
  const summary =
    status === 407
      ? `The proxy ${host} wants a name and a password.`
      : status !== undefined
        ? `The proxy ${host} does not let the connection through (${status}).`
        : `The proxy ${host} is not reached: ${(networkReasons[reason]?.(host) ?? "no answer came.").replace(/\.$/, "").replace(/^[A-Z]/, (first) => first.toLowerCase())}.`;
  const detail =
    status === 407
      ? `It is named by ${source}: write http://name:password@${host} there.`
      : `It is named by ${source}: change it there, or name the server in ${source === "http.proxy" ? "http.noProxy" : "NO_PROXY"}.`;
  return {
    summary,
    detail,
    actions: source === "http.proxy" ? ["proxySettings", "showLog"] : ["showLog"],
  };
}

/** What did not come in time, for people; what the others waited for says their message. */
const timeoutWords: Readonly<Partial<Record<TimeoutPhase, (time: string) => string>>> = {
  connect: (time) => `No connection to the server came about within ${time}.`,
  headers: (time) => `The server did not answer within ${time}.`,
  body: (time) => `The server stopped in the middle of its answer: nothing came for ${time}.`,
  idle: (time) => `The connection was lost: nothing came for ${time}.`,
};

function timeoutDescription({ phase, ms, message }: TimeoutError): ErrorDescription {
  const time = `${String(Math.max(1, Math.round(ms / 1000)))} s`;
  const isRequest = request.test(message);
  return {
    summary: isRequest
      ? (timeoutWords[phase]?.(time) ?? `The server opened no connection within ${time}.`)
      : message,
    detail: "Check the network and that the server is up, then try again.",
    actions: ["reconnect", "showLog"],
  };
}

/** How messages begin that are about a request, which says nothing to a person. */
const request = /^(GET|HEAD|POST|PUT|PATCH|DELETE) \S+?:? /;

/** What is known of a failure that has no name: without the request, which the log has. */
function unnamed({ message }: NetworkError): string {
  const words = message.replace(request, "").replace(/\.$/, "");
  return `The connection to the server failed: ${words}.`;
}

function networkDescription(error: NetworkError): ErrorDescription {
  if (untrustedReason.test(error.reason ?? "")) {
    return certificateDescription({ host: "the server", reason: error.reason, certificate: undefined });
  }
  return {
    summary: networkReasons[error.reason ?? ""]?.(serverOf(error)) ?? unnamed(error),
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

function day(date: Date): string {
  return date.toLocaleDateString(undefined, { dateStyle: "medium" });
}
