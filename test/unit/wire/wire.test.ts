import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { ProtocolError } from "../../../src/base/errors.js";
import { dialectFor } from "../../../src/wire/dialect.js";
import { featuresOf, requirementOf } from "../../../src/wire/features.js";
import { ExecuteServerFrame, PtyClientFrame } from "../../../src/wire/frames.js";
import { problemSlug } from "../../../src/wire/problem.js";
import { Problem } from "../../../src/wire/records/problem.js";
import { ListFilesResponse } from "../../../src/wire/records/files.js";
import { CompleteResponse, RunStep } from "../../../src/wire/records/run.js";
import { CreateResponse, SessionInfo } from "../../../src/wire/records/session.js";
import { acceptedVersions, releases } from "../../../src/wire/releases.js";
import {
  Signer,
  isSameSignature,
  mediaType,
  parseAuthorization,
  signature,
  signingDay,
} from "../../../src/wire/signing.js";
import { phaseOf, sessionStatuses } from "../../../src/wire/status.js";
import { compareApiVersions, isReleaseAtLeast, parseApiVersion } from "../../../src/wire/version.js";

interface Vectors {
  readonly secretKey: string;
  readonly date: string;
  readonly vectors: readonly {
    readonly method: string;
    readonly path: string;
    readonly host: string;
    readonly contentType: string;
    readonly version: string;
    readonly signature: string;
  }[];
}

describe("signing", () => {
  const file = new URL("../../golden/hmac-vectors.json", import.meta.url);
  const { secretKey, date, vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

  for (const { signature: expected, ...parts } of vectors) {
    it(`gives the known signature of ${parts.method} ${parts.path}`, () => {
      assert.equal(signature(secretKey, "20200301", { ...parts, date }), expected);
      const header = new Signer("AKIA", secretKey).header({ ...parts, date });
      assert.deepEqual(parseAuthorization(header), {
        hash: "sha256",
        accessKey: "AKIA",
        signature: expected,
      });
      assert.ok(isSameSignature(expected, expected) && !isSameSignature(expected, "00"));
    });
  }

  it("signs the media type alone, in lower case; none is octet-stream", () => {
    assert.equal(mediaType("Multipart/Form-Data; boundary=x"), "multipart/form-data");
    assert.equal(mediaType(undefined), "application/octet-stream");
    assert.equal(mediaType(""), "application/octet-stream");
  });

  it("takes the day from the date's own text", () => {
    assert.equal(signingDay("2020-03-01T23:34:56-05:00"), "20200301");
    assert.equal(signingDay("20200301T233456Z"), "20200301");
    assert.equal(signingDay("Sun, 01 Mar 2020 12:00:00 GMT"), "20200301");
    assert.equal(signingDay("yesterday"), undefined);
  });

  it("reads other hashes and the old scheme, and nothing malformed", () => {
    assert.equal(parseAuthorization("Sorna signMethod=hmac-sha512, credential=a:b")?.hash, "sha512");
    assert.equal(parseAuthorization("BackendAI signMethod=HMAC-SHA3_256,credential=a:b")?.hash, "sha3-256");
    const odd = parseAuthorization("BackendAI signMethod=HMAC-WHAT, credential=a:b");
    assert.deepEqual(odd, { hash: undefined, accessKey: "a", signature: "b" });
    const malformed = [
      "",
      "Bearer x",
      "BackendAI signMethod=SHA256, credential=a:b",
      "BackendAI signMethod=HMAC-SHA256, credential=a",
      "BackendAI signMethod=HMAC-SHA256, credential=a:b:c",
    ];
    for (const header of malformed) {
      assert.equal(parseAuthorization(header), undefined, header);
    }
    fc.assert(fc.property(fc.string(), (text) => void parseAuthorization(text)));
  });
});

describe("versions", () => {
  it("are compared by major and date, releases by their numbers", () => {
    const versions = acceptedVersions.map((text) => parseApiVersion(text)!);
    const sorted = [...versions].sort(compareApiVersions);
    assert.deepEqual(sorted[0], { major: 4, date: 20181215 });
    assert.deepEqual(sorted.at(-1), { major: 9, date: 20250722 });
    assert.equal(parseApiVersion("v4"), undefined);
    assert.ok(isReleaseAtLeast("24.09.14", "24.09.6"));
    assert.ok(isReleaseAtLeast("24.09.6rc1", "24.9"));
    assert.ok(!isReleaseAtLeast("23.09.10", "24.03"));
  });
});

describe("the dialect table", () => {
  const expected = {
    "19.03":
      "/kernel name /kernel/create clientSessionToken runId body get none relative completions /admin/graphql",
    "19.09":
      "/kernel name /kernel/create clientSessionToken runId body get tar relative completions /admin/graphql",
    "20.03": "/session uuid /session name runId body get tar relative completions /admin/graphql",
    "20.09": "/session uuid /session/_/create name runId body get tar relative completions /admin/graphql",
    "21.03": "/session uuid /session/_/create name runId body get tar relative completions /admin/gql",
    "22.03": "/session uuid /session/_/create name runId body get tar relative completions /admin/gql",
    "22.09": "/session uuid /session/_/create name runId body get tar relative completions /admin/gql",
    "23.03": "/session uuid /session/_/create name runId body get tar relative completions /admin/gql",
    "23.09": "/session uuid /session/_/create name runId body get raw relative completions /admin/gql",
    "24.03": "/session uuid /session/_/create name runId body post-body raw absolute completions /admin/gql",
    "24.09": "/session uuid /session/_/create name runId body post-body raw absolute completions /admin/gql",
    "26.8":
      "/session uuid /session/_/create name run_id query post-query raw relative suggestions /admin/gql",
  } as const;

  for (const { release, apiVersion, manager } of releases) {
    it(`knows ${manager}`, () => {
      const dialect = dialectFor({ version: apiVersion, manager });
      const { create, execute, files, graphql } = dialect;
      const row = [
        dialect.prefix,
        dialect.addressing,
        create.path,
        create.nameField,
        execute.runIdField,
        files.listParameters,
        files.download,
        files.downloadSingle ?? "none",
        files.uploadNames,
        dialect.completionField,
        graphql.path,
      ].join(" ");
      assert.equal(row, expected[release]);
      assert.deepEqual([dialect.apiVersion, dialect.manager], [apiVersion, manager]);
    });
  }

  it("knows that names of uploads changed between patches of 24.09", () => {
    const names = (manager: string): string =>
      dialectFor({ version: "v8.20240915", manager }).files.uploadNames;
    assert.deepEqual(
      [names("24.09.6"), names("24.09.14"), names("24.12.0")],
      ["absolute", "relative", "relative"],
    );
  });

  it("guesses the release when the server does not say, and takes a newer one for the newest", () => {
    assert.equal(dialectFor({ version: "v8.20240315" }).manager, "24.03.11");
    assert.equal(dialectFor({ version: "v5.20191215" }).prefix, "/session");
    const future = dialectFor({ version: "v12.20300101", manager: "30.1.0" });
    assert.equal(future.apiVersion, "v12.20300101");
    assert.equal(future.files.download, "post-query");
    assert.equal(dialectFor({ version: "v12.20300101" }).manager, "26.8.1");
  });

  it("refuses what it does not speak", () => {
    for (const version of ["v3.20170215", "6", ""]) {
      assert.throws(() => dialectFor({ version }), ProtocolError);
    }
  });

  it("says which calls exist, and what a missing one needs", () => {
    assert.equal(featuresOf("26.4.3").restart, true);
    assert.equal(featuresOf("26.4.4").restart, false);
    assert.equal(featuresOf("22.03.3").rename, true);
    assert.equal(featuresOf("21.09.0").rename, false);
    assert.equal(requirementOf("rename"), "manager 22.03 or newer");
    assert.equal(requirementOf("restart"), "a manager older than 26.4.4");
  });
});

describe("records", () => {
  it("tolerate unknown keys, missing values and unknown kinds", () => {
    assert.ok(CreateResponse.safeParse({ sessionId: "i", novelty: 1 }).success);
    assert.ok(SessionInfo.safeParse({ status: null, occupiedSlots: { a: 1 } }).success);
    assert.ok(RunStep.safeParse({ status: "novel", console: [["novel", { a: 1 }]] }).success);
    assert.ok(CompleteResponse.safeParse({ result: { suggestions: ["a"] } }).success);
    assert.ok(ExecuteServerFrame.safeParse({ status: "error", msg: "m" }).success);
    assert.ok(!ListFilesResponse.safeParse({ files: [] }).success);
    assert.ok(!PtyClientFrame.safeParse({ type: "resize", rows: "1", cols: 2 }).success);
  });

  it("name a problem by the end of its type", () => {
    const problem = Problem.parse({ type: "https://api.backend.ai/probs/auth-failed", title: "t", extra: 1 });
    assert.equal(problemSlug(problem), "auth-failed");
  });

  it("give every status a phase, and an unknown one its own", () => {
    assert.ok(sessionStatuses.every((status) => phaseOf(status) !== "unknown"));
    assert.equal(phaseOf("RUNNING"), "running");
    assert.equal(phaseOf("DREAMING"), "unknown");
    assert.equal(phaseOf("toString"), "unknown");
  });
});
