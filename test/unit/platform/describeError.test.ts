import assert from "node:assert/strict";
import {
  ApiError,
  CertificateError,
  ClockSkewError,
  FileTooLargeError,
  ForbiddenError,
  NotAServerError,
  NotFoundError,
  ProxyError,
  QuotaExceededError,
  RateLimitedError,
  ServerDefectError,
  ServerError,
  SessionBlockedError,
  UnauthorizedError,
  UploadLostError,
} from "../../../src/api/errors.js";
import {
  ConfigurationError,
  NetworkError,
  ProtocolError,
  SignedOutError,
  StreamClosedError,
  TimeoutError,
  UnsupportedError,
  UntrustedWorkspaceError,
} from "../../../src/base/errors.js";
import { describeError } from "../../../src/platform/describeError.js";

const certificate = {
  subject: "gpu",
  issuer: "Lab CA",
  validTo: new Date("2025-06-01T12:00:00Z"),
  names: ["gpu"],
};
const refusal = (status: number, slug: string, title: string): ConstructorParameters<typeof ApiError>[0] => ({
  status,
  method: "POST",
  path: "/session/x",
  problem: { type: `https://api.backend.ai/probs/${slug}`, title },
});

describe("describeError", () => {
  const table: readonly [error: unknown, text: RegExp, action: string | undefined][] = [
    [
      new NetworkError("connect failed", "ECONNREFUSED", {
        cause: Object.assign(new Error("refused"), { address: "127.0.0.1", port: 8081 }),
      }),
      /Nothing listens at 127\.0\.0\.1:8081\./,
      "reconnect",
    ],
    [
      new NetworkError("look-up failed", "ENOTFOUND", {
        cause: Object.assign(new Error("not found"), { hostname: "nowhere.example" }),
      }),
      /nowhere\.example is not known/,
      "reconnect",
    ],
    [
      new CertificateError("gpu.example", "CERT_HAS_EXPIRED", certificate),
      /certificate of gpu\.example \(“gpu”, by “Lab CA”\) has expired \(.*2025.*\)\.$/,
      "editServers",
    ],
    [
      new CertificateError("gpu.example", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", undefined),
      /certificate of gpu\.example is signed by an unknown authority/,
      "editServers",
    ],
    [
      new ProxyError({ url: "http://p.example:3128", source: "HTTPS_PROXY" }, 407, undefined),
      /proxy p\.example:3128 wants a name and a password/,
      "showLog",
    ],
    [
      new NotAServerError("https://x.example", undefined),
      /x\.example is no Backend\.AI server/,
      "chooseServer",
    ],
    [new SignedOutError("Campus", "refused"), /Campus no longer takes the keys/, "signIn"],
    [new NetworkError("something rare", undefined), /something rare/, "reconnect"],
    [
      new TimeoutError("idle", 60_000, "GET /stream/session/{id}/execute"),
      /^The connection was lost: nothing came for 60 s\.$/,
      "reconnect",
    ],
    [
      new NetworkError("POST /session/{id}/upload: other side closed", undefined),
      /^The connection to the server failed: other side closed\.$/,
      "reconnect",
    ],
    [
      new NetworkError("GET /session: certificate has expired", "CERT_HAS_EXPIRED"),
      /^The certificate of the server has expired\.$/,
      "editServers",
    ],
    [new TimeoutError("headers", 60_000, "The answer"), /longer than 60 s \(headers\)/, "reconnect"],
    [
      new ClockSkewError(
        new Date(0),
        new Date(3_600_000),
        refusal(400, "invalid-auth-params", "Date/time sync error"),
      ),
      /clocks differ by more than the 15 minutes.*here it is .*on the server/,
      "reconnect",
    ],
    [
      new UnauthorizedError(refusal(401, "auth-failed", "Signature mismatch")),
      /refused the keys: Signature mismatch/,
      "chooseServer",
    ],
    [
      new ForbiddenError(refusal(403, "generic-forbidden", "Not yours.")),
      /does not allow this: Not yours\.$/,
      "showLog",
    ],
    [
      new QuotaExceededError(refusal(400, "quota-exceeded", "You cannot run more than 3 sessions.")),
      /limit of your account/,
      "showSessions",
    ],
    [
      new NotFoundError(refusal(404, "session-not-found", "No such session.")),
      /session is gone/,
      "startSession",
    ],
    [
      new NotFoundError(refusal(404, "image-not-found", "No such image.")),
      /does not have it: No such image/,
      "showLog",
    ],
    [
      new RateLimitedError(1000, refusal(429, "rate-limit-exceeded", "Slow down")),
      /no more requests/,
      "showLog",
    ],
    [new ServerError(refusal(500, "internal-server-error", "Oops.")), /server failed: Oops/, "showLog"],
    [new ApiError(refusal(418, "teapot", "Teapot")), /refused: Teapot/, "showLog"],
    [
      new FileTooLargeError("big.bin", 2_000_000, 1_048_576),
      /big\.bin is too large.*2\.0 MB.*1\.0 MB/,
      undefined,
    ],
    [new ProtocolError("GET /", "<html>", "is no JSON"), /could not be understood/, "showLog"],
    [new StreamClosedError(1006, "the socket broke"), /ended before the work was done/, "reconnect"],
    [
      new ServerDefectError("executeFails"),
      /answers every execute call with 500.*release is known for it/,
      "showServer",
    ],
    [new SessionBlockedError(), /busy with another run and took no new one/, "showLog"],
    [new UploadLostError(["a.py"]), /took a\.py and does not have it as it was sent/, "showLog"],
    [
      new UnsupportedError("Rename", "manager 22.03 or newer", "manager 20.03.19"),
      /needs manager 22\.03/,
      undefined,
    ],
    [new UntrustedWorkspaceError(), /not trusted.*all your rights/, "manageTrust"],
    [new ConfigurationError("BACKEND_ENDPOINT", "is not set"), /is not set/, "chooseServer"],
    [new ConfigurationError("language", "can't be run"), /can't be run/, undefined],
    [new Error("anything else"), /anything else/, "showLog"],
    ["a string", /a string/, "showLog"],
  ];
  for (const [error, text, action] of table) {
    it(`has words for ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`, () => {
      const { summary, actions } = describeError(error);
      assert.match(summary, text);
      assert.equal(actions[0], action);
      assert.doesNotMatch(summary, /\/session\/x/, "paths of the API are for the log");
    });
  }
});
