import assert from "node:assert/strict";
import { parseAuthorization, signature, signingDay } from "../../../src/wire/signing.js";
import { type Exchange, recordingsOf } from "./recordings.js";

/** The public example keys that the servers were set up with. */
const secrets: Readonly<Record<string, string>> = {
  AKIANABBDUSEREXAMPLE: "C8qnIo29EZvXkPK_MXcuAakYTy4NYrxwmCEyNPlf",
  AKIANATWOUSEREXAMPLE: "P7oxTDdzHbEpUSs5v7r7EWj9yKstp8VpZ7SEyA-g",
  AKIAIOSFODNN7EXAMPLE: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
/** Websocket requests of 26.8 were recorded without their `Host`. */
const host = { "26.8": "127.0.0.1:9081" } as Readonly<Record<string, string>>;

describe("signatures of recorded requests", () => {
  for (const [release, least] of [
    ["23.09", 330],
    ["24.09", 570],
    ["26.8", 260],
  ] as const) {
    it(`${release}: are made again from method, path, date, host, content type and version`, () => {
      const signed = recordingsOf(release).filter(isSigned);
      for (const exchange of signed) {
        assert.equal(signatureOf(exchange), sentSignature(exchange).signature, exchange.title);
      }
      assert.ok(signed.length >= least, `${signed.length} signed requests`);
    });
  }
});

/** Signed by a key that we know, and not refused for it: some were sent wrong on purpose. */
function isSigned(exchange: Exchange): boolean {
  const credential = parseAuthorization(exchange.headers["authorization"] ?? "");
  const isRefused = exchange.status === 401 || exchange.body?.includes("invalid-auth-params");
  return credential !== undefined && credential.accessKey in secrets && !isRefused;
}

function sentSignature({ headers }: Exchange): NonNullable<ReturnType<typeof parseAuthorization>> {
  return parseAuthorization(headers["authorization"] ?? "")!;
}

function signatureOf(exchange: Exchange): string {
  const { method, path, headers, release } = exchange;
  const date = headers["date"] ?? headers["x-backendai-date"] ?? "";
  const { hash, accessKey } = sentSignature(exchange);
  const parts = {
    method,
    path,
    date,
    host: headers["host"] ?? host[release]!,
    contentType: headers["content-type"],
    version: headers["x-backendai-version"]!,
  };
  return signature(secrets[accessKey]!, signingDay(date) ?? "", parts, hash);
}
