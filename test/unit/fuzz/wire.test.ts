import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import fc from "fast-check";
import { multipartBody } from "../../../src/api/files/multipartBody.js";
import { boundaryOf, readParts } from "../../../src/api/files/multipartReader.js";
import { errorOf } from "../../../src/api/transport/errorMapping.js";
import { EventReader } from "../../../src/api/transport/sse.js";
import { ApiError } from "../../../src/api/errors.js";
import { ConfigurationError, ProtocolError } from "../../../src/base/errors.js";
import { readSessionFile } from "../../../src/sessions/start/sessionFile.js";
import { fileUriOf, pathOfFileUri } from "../../../src/completion/remote/uris/fileUri.js";
import { placeOf, uriPartsOf } from "../../../src/files/filePlace.js";
import { Signer } from "../../../src/wire/signing.js";
import { Readable } from "node:stream";
import { cut, fuzzed, pieceSizes } from "../../support/fuzz.js";

const encoder = new TextEncoder();

describe("Signing, fuzzed", () => {
  it("agrees with a second implementation of protocol.md §2.1 for any method, path, host, type and key", async () => {
    const odd = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 30 }),
      fc.constantFrom("/", "/session?a=1&b=%20", "/세션/x?q=é#f", "a\nb", "%2F%2e%2E"),
    );
    const parts = fc.record({
      method: fc.constantFrom("GET", "post", "Delete", "PATCH"),
      path: odd,
      date: fc
        .date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true })
        .map((date) => date.toISOString()),
      host: fc.oneof(fc.domain(), fc.constantFrom("127.0.0.1:8081", "[::1]:80")),
      contentType: fc.option(
        fc.constantFrom("application/json", "Text/HTML; charset=utf-8", " multipart/form-data ;boundary=x"),
        {
          nil: undefined,
        },
      ),
      version: fc.constantFrom("v4.20181215", "v9.20250722"),
    });
    await fuzzed(
      fc.asyncProperty(
        parts,
        odd.filter((key) => key !== ""),
        async (signed, secret) => {
          const header = new Signer("AK", secret).header(signed);
          assert.equal(
            header,
            `BackendAI signMethod=HMAC-SHA256, credential=AK:${await sign(secret, signed)}`,
          );
        },
      ),
    );
  });
});

/** Written from the document alone, on another library. */
async function sign(
  secret: string,
  of: {
    method: string;
    path: string;
    date: string;
    host: string;
    contentType: string | undefined;
    version: string;
  },
): Promise<string> {
  const hmac = async (key: Uint8Array, text: string): Promise<Uint8Array> => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const imported = await webcrypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
    return new Uint8Array(await webcrypto.subtle.sign("HMAC", imported, encoder.encode(text)));
  };
  const emptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const type = (of.contentType ?? "application/octet-stream").replace(/;.*/, "").trim().toLowerCase();
  let text = `${of.method.toUpperCase()}\n${of.path}\n${of.date}\nhost:${of.host}\ncontent-type:${type}\n`;
  text += `x-backendai-version:${of.version}\n${emptyBody}`;
  const day = `${of.date.slice(0, 4)}${of.date.slice(5, 7)}${of.date.slice(8, 10)}`;
  const key = await hmac(await hmac(encoder.encode(secret), day), of.host);
  return Buffer.from(await hmac(key, text)).toString("hex");
}

describe("Events of a stream, fuzzed", () => {
  const token = fc.constantFrom(
    ...[
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "\r\n\r\n",
      "data: a",
      "data:b",
      "data",
      "event: e",
      "event:",
      ": ping",
      "id: 1",
      "retry: 5",
    ],
    ...["한글", "😀", " ", ":", "x", "\ufeff", "unknown: y"],
  );

  it("are those of the standard, whatever ends their lines and wherever the bytes are cut", async () => {
    await fuzzed(
      fc.property(fc.array(token, { maxLength: 30 }), pieceSizes, (tokens, sizes) => {
        const text = tokens.join("");
        const reader = new EventReader("test");
        const read = cut(encoder.encode(text), sizes).flatMap((piece) => reader.read(piece));
        assert.deepEqual(read, eventsOf(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("are bounded, and never anything but events or a ProtocolError", async () => {
    await fuzzed(
      fc.property(fc.uint8Array({ maxLength: 300 }), pieceSizes, (bytes, sizes) => {
        const reader = new EventReader("test");
        cut(bytes, sizes).forEach((piece) => reader.read(piece));
      }),
    );
    const reader = new EventReader("test");
    assert.throws(() => {
      for (let n = 0; n < 40; n += 1) {
        reader.read(Buffer.alloc(64 * 1024, "x"));
      }
    }, ProtocolError);
  });
});

/** By the standard, of the whole text at once. A line that nothing ends is none. */
function eventsOf(text: string): { name: string; data: string }[] {
  const events: { name: string; data: string }[] = [];
  let data: string[] = [];
  let name = "";
  for (const line of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .slice(0, -1)) {
    const [, field = "", value = ""] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? [];
    if (line === "") {
      if (data.length > 0) {
        events.push({ name: name === "" ? "message" : name, data: data.join("\n") });
      }
      data = [];
      name = "";
    } else if (field === "data") {
      data.push(value);
    } else if (field === "event") {
      name = value;
    }
  }
  return events;
}

async function wholeOf(body: Readable | Buffer): Promise<Buffer> {
  return Buffer.isBuffer(body) ? body : allOf(body);
}

describe("Multipart bodies, fuzzed", () => {
  const file = fc.record({
    name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
    isExtended: fc.boolean(),
    bytes: fc.uint8Array({ maxLength: 200 }),
  });

  it("written by us are read by us as they were, wherever they are cut", async () => {
    await fuzzed(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 4 }), pieceSizes, async (files, sizes) => {
        const given = files.map((part) => ({
          ...part,
          size: part.bytes.length,
          open: () => Readable.from([Buffer.from(part.bytes)], { objectMode: false }),
        }));
        const body = multipartBody(given, () => undefined);
        const whole = await wholeOf(body.open());
        const atOnce = multipartBody(given, undefined);
        const boundaries = [atOnce, body].map(({ contentType }) => boundaryOf(contentType, "test"));
        assert.equal(
          (await wholeOf(atOnce.open()))
            .toString("latin1")
            .replaceAll(boundaries[0] ?? "", boundaries[1] ?? ""),
          whole.toString("latin1"),
        );
        assert.equal(whole.length, body.bytes);
        const boundary = boundaryOf(body.contentType, "test");
        const read = await parts(cut(whole, sizes), boundary);
        assert.deepEqual(
          read.map((bytes) => [...bytes]),
          files.map(({ bytes }) => [...bytes]),
        );
      }),
    );
  });

  it("of others are read, or refused with a ProtocolError, with bounded memory", async () => {
    const token = fc.constantFrom("--b", "\r\n--b", "\r\n--b--", "\r\n", "\r\n\r\n", "A: b", "--", "x", "\0");
    await fuzzed(
      fc.asyncProperty(fc.array(token, { maxLength: 25 }), pieceSizes, async (tokens, sizes) => {
        await expectOwn(parts(cut(Buffer.from(tokens.join("")), sizes), "b"));
      }),
    );
    await assert.rejects(parts(Array<Buffer>(50).fill(Buffer.alloc(1000, "x")), "b"), ProtocolError);
  });
});

async function parts(pieces: readonly Uint8Array[], boundary: string): Promise<Buffer[]> {
  const read: Buffer[] = [];
  for await (const part of readParts(Readable.from(pieces), { boundary, where: "test", partBytes: 1000 })) {
    read.push(Buffer.from(part));
  }
  return read;
}

async function allOf(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) {
    pieces.push(Buffer.from(piece as Uint8Array));
  }
  return Buffer.concat(pieces);
}

async function expectOwn(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => assert.ok(error instanceof ProtocolError, String(error)));
}

describe("Console text, fuzzed", () => {
  it("is the same wherever its bytes are cut, also where they are no UTF-8", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: "grapheme" }).map((text) => encoder.encode(text)),
      fc
        .constantFrom([0xed, 0xa0, 0x80, 0x41], [0xf0, 0x9f, 0x98], [0xc0, 0xaf], [0xef, 0xbb, 0xbf, 0x41])
        .map((b) => Uint8Array.from(b)),
    );
    await fuzzed(
      fc.property(bytes, pieceSizes, (whole, sizes) => {
        const decoder = new TextDecoder(); // as terminals and jobs have it
        const text =
          cut(whole, sizes)
            .map((piece) => decoder.decode(piece, { stream: true }))
            .join("") + decoder.decode();
        assert.equal(text, new TextDecoder().decode(whole));
        assert.doesNotMatch(text, /\p{Cs}/u);
      }),
    );
  });
});

describe("Error bodies, fuzzed", () => {
  it("of any shape become errors of ours with words", async () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom({ toString: 1 }, { message: { toString: null } }, [{ message: {} }]),
    );
    const problem = fc.record(
      {
        type: fc.oneof(
          odd,
          fc.constantFrom(
            "graphql-error",
            "quota-exceeded",
            "x/invalid-auth-params",
            "https://api.backend.ai/probs/graphql-error",
          ),
        ),
        title: odd,
        msg: odd,
        data: fc.oneof(odd, fc.array(odd)),
        "agent-details": odd,
      },
      { requiredKeys: [] },
    );
    const graphql = fc.record({
      type: fc.constant("x/graphql-error"),
      title: fc.constant("t"),
      data: fc.array(odd),
    });
    const body = fc.oneof(
      fc.oneof(problem, graphql, odd).map((value) => JSON.stringify(value) ?? ""),
      fc.string(),
    );
    await fuzzed(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        body,
        fc.option(fc.string(), { nil: undefined }),
        (status, text, header) => {
          const error = errorOf({
            method: "GET",
            path: "/x",
            status,
            body: text,
            header: () => header,
            sentAt: new Date(),
          });
          assert.ok(error instanceof ApiError);
          assert.equal(typeof error.message, "string");
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("Session files, fuzzed", () => {
  const keys = [
    "image",
    "name",
    "type",
    "command",
    "timeLimit",
    "resources",
    "mounts",
    "environment",
    "clusterSize",
    "dependencies",
    "__proto__",
    "x",
  ];

  it("are requests, or a ConfigurationError that names the file", async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom("python", "batch", "1h", { cpu: "1e99" }, { mem: -1 }, { cpu: "٣" }),
    );
    const file = fc.oneof(
      fc.dictionary(fc.constantFrom(...keys), value).map((record) => JSON.stringify(record)),
      fc
        .dictionary(fc.constantFrom(...keys), value)
        .map((record) => JSON.stringify({ image: "python", ...record })),
      fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "n", "1", " ") }),
    );
    await fuzzed(
      fc.property(file, (content) => {
        try {
          assert.equal(typeof readSessionFile(content).image, "string");
        } catch (error) {
          assert.ok(error instanceof ConfigurationError, String(error));
          assert.match(error.message, /session\.json/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("Addresses, fuzzed", () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => !text.includes("/") && text !== "." && text !== "..");

  it("of files come back as they were", async () => {
    await fuzzed(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), name, name, (names, server, session) => {
        const path = `/${names.join("/")}`;
        assert.deepEqual(placeOf(uriPartsOf({ server, session, path })), { server, session, path });
        const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoder.encode(path));
        assert.equal(pathOfFileUri(fileUriOf(path)), whole);
      }),
    );
  });

  it("of any kind lead to no place above the root, and never fail", async () => {
    const segment = fc.constantFrom("..", ".", "", "a", "%2e%2e", "%2F", "%", "%zz", "\0", "\\", "é", "~");
    await fuzzed(
      fc.property(fc.array(segment, { maxLength: 10 }), (segments) => {
        const place = placeOf({ scheme: "backendai", authority: "s", path: `/x/${segments.join("/")}` });
        assert.ok(place?.path.startsWith("/") && !place.path.split("/").includes(".."));
        pathOfFileUri(`file://${segments.join("/")}`);
      }),
    );
  });
});
