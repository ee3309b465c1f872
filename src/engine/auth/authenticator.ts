import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { limits } from "../../wire/limits.js";
import { acceptsVersion } from "../../wire/serverRules.js";
import { isSameSignature, parseAuthorization, signature, signingDay } from "../../wire/signing.js";
import { parseApiVersion } from "../../wire/version.js";
import type { Era } from "../era.js";
import { Refusal } from "../http/refusal.js";
import { type Account, isSameSecret } from "./account.js";

/** Checks signatures as the manager does (`protocol.md` §2.1). */
export class Authenticator {
  constructor(
    readonly account: Account,
    readonly era: Era,
    readonly now: () => number = Date.now,
  ) {}

  /** @throws {Refusal} 400 when the version header names a version that the server does not have, or 401 since 26.1. */
  checkVersion(headers: IncomingHttpHeaders): void {
    const version = versionOf(headers);
    const { apiVersion, manager, errors } = this.era.dialect;
    if (version !== undefined && !acceptsVersion(apiVersion, manager, version)) {
      if (this.era.rules.auth.unknownVersion === "signature-mismatch" && isForgotten(version)) {
        throw new Refusal("unauthorized", { msg: errors.signatureMismatch });
      }
      throw new Refusal("bad-request", {
        msg: this.era.since("20.03") ? "Unsupported API version." : "Unsupported API major version.",
      });
    }
  }

  /**
   * Finds out who signed the request.
   * @throws {Refusal} 400 or 401, in the order and with the words of the era.
   */
  authenticate(request: IncomingMessage): Account {
    const { headers } = request;
    if (this.era.rules.auth.dateFirst) {
      this.#checkDate(headers);
    }
    if (headers.authorization === undefined) {
      throw new Refusal("unauthorized", { msg: "Unauthorized access" });
    }
    const version = versionOf(headers);
    if (version === undefined) {
      throw new Refusal("invalid-auth", { msg: "API version missing in request headers" });
    }
    const date = this.#checkDate(headers);
    this.#checkSignature(request, headers.authorization, date, version);
    return this.account;
  }

  #checkDate(headers: IncomingHttpHeaders): string {
    const date =
      headers.date ?? headerText(headers["x-backendai-date"]) ?? headerText(headers["x-sorna-date"]);
    const time = date === undefined ? undefined : timeOf(date);
    if (date === undefined || time === undefined || Math.abs(this.now() - time) >= limits.clockSkewMs) {
      throw new Refusal("invalid-auth", { msg: "Date/time sync error" });
    }
    return date;
  }

  #checkSignature(request: IncomingMessage, authorization: string, date: string, version: string): void {
    const credential = parseAuthorization(authorization);
    if (credential === undefined) {
      throw new Refusal("invalid-auth", {
        msg: /^(BackendAI|Sorna)\s/.test(authorization)
          ? "Invalid authorization parameters"
          : "Invalid authorization type name",
      });
    }
    const { errors } = this.era.dialect;
    if (!isSameSecret(credential.accessKey, this.account.accessKey)) {
      throw new Refusal("unauthorized", { msg: errors.unknownKey });
    }
    if (credential.hash === undefined) {
      throw new Refusal("invalid-auth", { msg: "Invalid authorization parameters" });
    }
    const parts = {
      method: request.method ?? "GET",
      path: request.url ?? "/",
      date,
      host: request.headers.host ?? "",
      contentType: request.headers["content-type"],
      version,
    };
    const expected = signature(this.account.secretKey, signingDay(date) ?? "", parts, credential.hash);
    if (!isSameSignature(expected, credential.signature)) {
      throw new Refusal("unauthorized", { msg: errors.signatureMismatch });
    }
  }
}

/** Whether a version is none, or from before v4. */
function isForgotten(version: string): boolean {
  return (parseApiVersion(version)?.major ?? 0) < 4;
}

function versionOf(headers: IncomingHttpHeaders): string | undefined {
  return headerText(headers["x-backendai-version"]) ?? headerText(headers["x-sorna-version"]);
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** The time of an ISO 8601 or RFC 1123 date; without a time zone it counts as UTC, as on the servers. */
function timeOf(date: string): number | undefined {
  const isLocal = /^\d{4}-?\d{2}-?\d{2}T[\d:.]+$/.test(date);
  const time = Date.parse(isLocal ? `${date}Z` : date);
  return Number.isNaN(time) ? undefined : time;
}
