import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { connect, type PeerCertificate, TLSSocket } from "node:tls";
import { abortable, deadline } from "../../base/abort.js";
import { NetworkError } from "../../base/errors.js";
import { CertificateError, type ProxyOrigin, type ShownCertificate, untrustedReason } from "../errors.js";
import { connectThroughProxy } from "./proxyTunnel.js";

/** How long a look at a certificate may take, in milliseconds: what it tells is good to know, no more. */
const lookMs = 5000;

/**
 * An error of a connection that failed for its certificate, with what the certificate says; any other error as it is. To read it,
 * a connection is made that trusts it and carries nothing.
 */
export async function withCertificate(
  error: unknown,
  endpoint: string,
  proxy: ProxyOrigin | undefined,
): Promise<unknown> {
  if (!(error instanceof NetworkError) || !untrustedReason.test(error.reason ?? "")) {
    return error;
  }
  const target = new URL(endpoint);
  const certificate = await readCertificate(target, proxy).catch(() => undefined);
  return new CertificateError(target.host, error.reason, certificate, { cause: error });
}

async function readCertificate(
  target: URL,
  proxy: ProxyOrigin | undefined,
): Promise<ShownCertificate | undefined> {
  const limit = deadline(lookMs, "handshake", `Looking at the certificate of ${target.host}`);
  let socket: Socket | undefined;
  try {
    socket = await abortable(dial(target, proxy), limit.signal);
    if (!(socket instanceof TLSSocket)) {
      return undefined;
    }
    await once(socket, "secureConnect", { signal: limit.signal });
    return shown(socket.getPeerCertificate());
  } finally {
    limit.clear();
    socket?.on("error", () => undefined);
    socket?.destroy();
  }
}

async function dial(target: URL, proxy: ProxyOrigin | undefined): Promise<Socket> {
  const tls = { rejectUnauthorized: false };
  if (proxy !== undefined) {
    return connectThroughProxy({ proxy, target, tls, connectMs: lookMs });
  }
  const host = target.hostname.replaceAll(/^\[|\]$/g, "");
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connect({ ...tls, ...name, host, port: Number(target.port || 443) });
}

function shown(certificate: PeerCertificate): ShownCertificate | undefined {
  // Without a certificate Node gives an empty record.
  if (typeof certificate.valid_to !== "string") {
    return undefined;
  }
  const names = (certificate.subjectaltname ?? "")
    .split(", ")
    .map((name) => name.replace(/^(DNS|IP Address):/, ""))
    .filter((name) => name !== "");
  return {
    subject: nameOf(certificate.subject) ?? names[0] ?? "without a name",
    issuer: nameOf(certificate.issuer) ?? "an authority without a name",
    validTo: new Date(certificate.valid_to),
    names,
  };
}

/** The common name, or the organisation; the first of several. */
function nameOf(who: PeerCertificate["subject"] | undefined): string | undefined {
  return [who?.CN, who?.O].flat().find((name) => name !== undefined && name !== "");
}
