import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import * as z from "zod/mini";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { Extraction } from "../../../src/api/files/extract.js";
import { boundaryOf, readParts } from "../../../src/api/files/multipartReader.js";
import { readEntries } from "../../../src/api/files/fileEntry.js";
import { relativeName } from "../../../src/api/files/remoteName.js";
import { type ArchivedFile, readTar } from "../../../src/api/files/tarReader.js";
import {
  ConfigurationError,
  FileTooLargeError,
  ForbiddenError,
  NotADirectoryError,
  NotFoundError,
  ProtocolError,
  UnsafePathError,
} from "../../../src/api/index.js";
import { type Answer, drain, problem, type ScriptedServer, withServer } from "./support/scriptedServer.js";
import { FileEntry as FileEntryRecord } from "../../../src/wire/records/files.js";
import { fuzzed } from "../../support/fuzz.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";

const mebibyte = 1024 * 1024;

/** Lists the files of a directory that earlier requests uploaded. */
function listing({ received }: ScriptedServer, directory: string): unknown {
  const parts = received.flatMap(({ headers, body }) => {
    const boundary = /boundary=(\S+)/.exec(headers["content-type"] ?? "")?.[1] ?? "no parts";
    return body.toString("latin1").split(`--${boundary}`).slice(1, -1);
  });
  const files = parts.flatMap((part) => {
    const [head = "", ...content] = part.split("\r\n\r\n");
    const name = /filename(?:="|\*=UTF-8'')([^"\r]*)/.exec(head)?.[1] ?? "";
    const path = relativeName(decodeURIComponent(Buffer.from(name, "latin1").toString()));
    const size = content.join("\r\n\r\n").length - "\r\n".length;
    return posix.dirname(path) === directory
      ? [{ mode: "-rw-r--r--", size, mtime: 0, filename: posix.basename(path) }]
      : [];
  });
  return { files: JSON.stringify(files), errors: "", abspath: directory };
}

describe("uploading", () => {
  const makeFolder = temporaryFolders();
  const at = withServer();
  /** Content-Disposition of every part of every request. */
  const dispositions = (): string[] =>
    at.server.received.flatMap(
      ({ body }) => body.toString("latin1").match(/(?<=form-data; name="src"; ).*/g) ?? [],
    );

  /** What was uploaded, without the listings that prove it. */
  const uploads = (): string[] => at.server.lines.filter((line) => line.startsWith("POST"));
  /** Answers listings truthfully, and uploads by `upload`. */
  const answerUploads = (upload: Answer): void => {
    at.server.answer = (request, response) =>
      request.method === "GET"
        ? listing(at.server, new URL(request.url, at.server.url).searchParams.get("path") ?? "")
        : upload(request, response);
  };

  beforeEach(() => answerUploads((_, response) => void response.writeHead(204).end()));

  it("splits into requests of twenty files, each with a known length", async () => {
    const files = Array.from({ length: 41 }, (_, n) => ({
      path: `d/${n}.txt`,
      content: Buffer.from(String(n)),
    }));
    await at.client.files.upload("s", files);
    assert.deepEqual(uploads(), Array(3).fill("POST /session/s/upload"));
    assert.equal(at.server.lines.length, 4, "one listing proves the files of one folder");
    assert.equal(dispositions().length, 41);
    for (const { url, headers, body } of at.server.received.filter(({ method }) => method === "POST")) {
      assert.equal(url, "/session/s/upload");
      assert.equal(headers["content-length"], String(body.length));
      assert.match(headers["content-type"] ?? "", /^multipart\/form-data; boundary=/);
    }
  });

  it("refuses what is too large or leads away before a byte is sent", async () => {
    const good = { path: "good.txt", content: Buffer.from("x") };
    const large = { path: "big.bin", content: Buffer.alloc(mebibyte) };
    await assert.rejects(at.client.files.upload("s", [good, large]), (error) => {
      assert.ok(error instanceof FileTooLargeError);
      return error.file === "big.bin" && error.size === mebibyte && error.limit === mebibyte;
    });
    for (const path of ["../x", "/etc/passwd", "a/../../x", "/home/workshop/x", ".", "a\0b"]) {
      await assert.rejects(
        at.client.files.upload("s", [good, { path, content: Buffer.alloc(1) }]),
        UnsafePathError,
      );
    }
    const sizeless = { path: "a", content: () => Readable.from(["a"]) };
    await assert.rejects(at.client.files.upload("s", [sizeless]), ConfigurationError);
    assert.deepEqual(at.server.lines, []);
  });

  it("streams a file and reports its progress", async () => {
    const pieces = [Buffer.alloc(1000, 1), Buffer.alloc(500, 2)];
    const seen: number[] = [];
    await at.client.files.upload(
      "s",
      [{ path: "/home/work/a/b", size: 1500, content: () => Readable.from(pieces) }],
      {
        onProgress: ({ file, transferredBytes, totalBytes }) => {
          assert.deepEqual([file, totalBytes], ["a/b", 1500]);
          seen.push(transferredBytes);
        },
      },
    );
    assert.deepEqual(seen, [1000, 1500]);
    assert.ok(at.server.received.some(({ body }) => body.includes(Buffer.concat(pieces))));
  });

  it("says that the session is gone when it ends between an upload and its proof", async () => {
    at.server.answer = ({ method }, response) =>
      method === "GET"
        ? problem(response, 404, "session-not-found", { msg: "No such session." })
        : void response.writeHead(204).end();
    const upload = at.client.files.upload("s", [{ path: "a", content: Buffer.from("a") }]);
    await assert.rejects(
      upload,
      (error) => error instanceof NotFoundError && error.slug === "session-not-found",
    );
    assert.equal(at.client.findings.of("uploadsVanish"), "expected");
  });

  for (const [what, listed] of [
    ["can't be listed", { files: "", errors: "PermissionError: [Errno 13] Permission denied" }],
    ["lost another file while it was listed", { files: "", errors: "FileNotFoundError: './tmp8x2'" }],
    [
      "has it of another size, changed since",
      {
        files: JSON.stringify([{ mode: "-rw-", size: 9, mtime: Date.now() / 1000, filename: "a" }]),
        errors: "",
      },
    ],
  ] as const) {
    it(`trusts the server when the folder ${what}`, async () => {
      at.server.answer = ({ method }, response) =>
        method === "GET" ? listed : void response.writeHead(204).end();
      await at.client.files.upload("s", [{ path: "a", content: Buffer.from("a") }]);
      assert.equal(at.client.findings.of("uploadsVanish"), "expected");
    });
  }

  it("tells a file that was not replaced from one that was", async () => {
    const old = { mode: "-rw-", size: 9, mtime: 1_600_000_000, filename: "a" };
    at.server.answer = ({ method }, response) =>
      method === "GET" ? { files: JSON.stringify([old]), errors: "" } : void response.writeHead(204).end();
    const upload = at.client.files.upload("s", [{ path: "a", content: Buffer.from("a") }]);
    await assert.rejects(upload, { code: "UPLOAD_LOST" });
  });

  it("reports a file that changed while it was sent", async () => {
    for (const size of [2, 9]) {
      const file = { path: "a", size, content: () => Readable.from([Buffer.from("12345")]) };
      await assert.rejects(at.client.files.upload("s", [file]));
    }
  });

  it("percent-encodes names that servers would read differently", async () => {
    await at.client.files.upload("s", [
      { path: 'a"b.txt', content: Buffer.alloc(1) },
      { path: "é.txt", content: Buffer.alloc(1) },
    ]);
    assert.equal(dispositions()[0]?.trim(), "filename*=UTF-8''a%22b.txt");
    assert.equal(
      Buffer.from(dispositions()[1] ?? "", "latin1")
        .toString()
        .trim(),
      'filename="é.txt"',
    );
  });

  it("learns from a refusal which form of names the server wants, and remembers it", async () => {
    answerUploads(({ body }, response) =>
      body.includes("filename*=UTF-8''%2Fhome%2Fwork%2F")
        ? void response.writeHead(204).end()
        : problem(response, 500, "kernel-execution-failed", {
            "agent-details": {
              exception: "PermissionError('Not allowed to upload files outside /home/work')",
            },
          }),
    );
    const files = [{ path: "a.txt", content: Buffer.from("a") }];
    await at.client.files.upload("s", files);
    await at.client.files.upload("s", files);
    assert.equal(uploads().length, 3);
  });

  it("never tries absolute names on servers that could write outside the session", async () => {
    at.server.hello = { version: "v7.20230615", manager: "23.09.10" };
    await at.reconnect();
    at.server.answer = (_, response) =>
      problem(response, 500, "x", { "agent-details": { exception: "PermissionError('no')" } });
    await assert.rejects(
      at.client.files.upload("s", [{ path: "a", content: Buffer.alloc(1) }]),
      ForbiddenError,
    );
    assert.equal(at.server.lines.length, 1);
  });

  it("uploads local files under their relative paths, and none from elsewhere", async () => {
    const base = await makeFolder();
    await mkdir(join(base, "sub"));
    await writeFile(join(base, "sub", "a.txt"), "local");
    await at.client.files.uploadFrom("s", ["sub/a.txt", join(base, "sub", "a.txt")], base);
    assert.deepEqual(
      dispositions().map((text) => text.trim()),
      Array(2).fill('filename="sub/a.txt"'),
    );
    await assert.rejects(at.client.files.uploadFrom("s", ["../x"], base), UnsafePathError);
  });
});

describe("listing", () => {
  const at = withServer();

  it("asks in the query and in the body, and reads the entries", async () => {
    const entry = { mode: "-rw-r--r--", size: 3, mtime: 1795459221.5, filename: "a.txt" };
    const entries = [
      entry,
      { ...entry, mode: "drwxr-xr-x" },
      { ...entry, mode: "lrwxrwxrwx" },
      { ...entry, mode: "srw" },
    ];
    at.server.answer = () => ({ files: `${JSON.stringify(entries)}\n`, errors: "", abspath: "x y" });
    const listing = await at.client.files.list("s", "x y");
    assert.deepEqual(
      listing.entries.map(({ type }) => type),
      ["file", "directory", "symlink", "other"],
    );
    assert.deepEqual(listing.entries[0]?.mtimeMs, 1795459221500);
    const { url, body } = at.server.received.at(-1)!;
    assert.equal(url, "/session/s/files?path=x%20y");
    assert.equal(body.toString(), '{"path":"x y"}');
  });

  it("takes the entries that their record takes, and no others", async () => {
    const odd = fc.oneof(
      fc.double(),
      fc.string(),
      fc.constantFrom(null, undefined, 1, "x"),
      fc.array(fc.integer()),
    );
    const entry = fc.record({
      mode: odd,
      size: odd,
      ctime: odd,
      mtime: odd,
      atime: odd,
      filename: odd,
      x: odd,
    });
    const right = { mode: "-rw-r--r--", size: 3, ctime: 2, mtime: 1.5, atime: 1, filename: "a.txt" };
    const almost = fc.tuple(fc.constantFrom(...Object.keys(right)), odd);
    const lists = fc.oneof(
      fc.array(
        fc.oneof(
          entry,
          odd,
          almost.map(([key, value]) => ({ ...right, [key]: value })),
        ),
      ),
      odd,
    );
    await fuzzed(
      fc.property(lists, (list) => {
        const text = JSON.stringify(list) ?? "null";
        if (z.safeParse(z.array(FileEntryRecord), JSON.parse(text)).success) {
          assert.equal(readEntries(text, "here").length, (JSON.parse(text) as unknown[]).length);
        } else {
          assert.throws(() => readEntries(text, "here"), ProtocolError);
        }
      }),
    );
    assert.throws(() => readEntries(JSON.stringify([right]).replace("1.5", "1e999"), "here"), ProtocolError);
    assert.throws(() => readEntries("[", "here"), ProtocolError);
  });

  for (const [words, type] of [
    ["FileNotFoundError: [Errno 2] No such file", NotFoundError],
    ["NotADirectoryError: [Errno 20] Not a directory", NotADirectoryError],
    ["PermissionError: [Errno 13] Permission denied", ForbiddenError],
  ] as const) {
    it(`makes ${type.name} of ${words.split(":")[0]}, in a 200 and in the agent's exception`, async () => {
      at.server.answer = () => ({ files: "", errors: `Traceback:\n${words}\n`, abspath: "x" });
      await assert.rejects(at.client.files.list("s", "x"), type);
      at.server.answer = (_, response) =>
        problem(response, 500, "x", { "agent-details": { exception: words } });
      await assert.rejects(at.client.files.list("s", "x"), type);
    });
  }

  it("keeps its connection, although a GET with a body is rare", async () => {
    at.server.answer = () => ({ files: "[]", errors: "", abspath: "x" });
    await at.client.files.list("s", "x");
    const before = at.server.connections;
    for (let round = 0; round < 3; round += 1) {
      await at.client.files.list("s", "x");
    }
    assert.equal(at.server.connections, before);
  });
});

describe("downloading", () => {
  const makeFolder = temporaryFolders();
  const at = withServer();
  /** A multipart answer with a tar per list of entries. */
  function serve(...tars: readonly Buffer[]): void {
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "multipart/mixed; boundary=xyz" });
      response.end(multipart("xyz", tars));
    };
  }

  it("yields the files of folders under their paths from home", async () => {
    serve(
      tar([{ path: "b.txt", body: "bee", mode: 0o600 }]),
      tar([
        { path: "c/", type: "Directory" },
        { path: "c/d", body: "dee" },
      ]),
    );
    const files = await drain(at.client.files.download("s", ["a/b.txt", "/home/work/c"]));
    assert.deepEqual(
      files.map(({ path, type }) => [path, type]),
      [
        ["a/b.txt", "file"],
        ["c/", "directory"],
        ["c/d", "file"],
      ],
    );
    assert.deepEqual([files[0]?.bytes.toString(), files[0]?.mode], ["bee", 0o600]);
    assert.deepEqual(at.server.lines, ["POST /session/s/download?files=a%2Fb.txt&files=c"]);
  });

  it("asks old servers for one file a request", async () => {
    at.server.hello = { version: "v7.20230615", manager: "23.09.11" };
    await at.reconnect();
    serve(tar([{ path: "a", body: "x" }]));
    await drain(at.client.files.download("s", ["a", "b"]));
    assert.deepEqual(at.server.lines, ["GET /session/s/download?files=a", "GET /session/s/download?files=b"]);
  });

  it("writes below a folder, and reports progress", async () => {
    const folder = await makeFolder();
    serve(tar([{ path: "b.txt", body: "bee" }]));
    let last = 0;
    const written = await at.client.files.downloadTo("s", ["a/b.txt"], folder, {
      onProgress: ({ transferredBytes }) => (last = transferredBytes),
    });
    assert.deepEqual(written, [join(folder, "a", "b.txt")]);
    assert.equal(await readFile(written[0]!, "utf8"), "bee");
    assert.ok(last > 512);
  });

  it("writes nothing outside, whatever the archive says", async () => {
    const folder = await makeFolder();
    await symlink(tmpdir(), join(folder, "out"));
    const hostile = [
      { path: "../evil", body: "x" },
      { path: "a/../../evil", body: "x" },
      { path: "/etc/evil", body: "x" },
      { path: "link", type: "SymbolicLink", linkpath: "/etc" },
      { path: "link", type: "Link", linkpath: "b" },
      { path: "out/evil", body: "x" },
      { path: "out", body: "x" },
      { path: "..\\evil", body: "x" },
      { path: "C:evil", body: "x" },
    ] as const;
    for (const entry of hostile) {
      serve(tar([entry]));
      await assert.rejects(at.client.files.downloadTo("s", ["a"], folder), UnsafePathError, entry.path);
    }
  });

  it("writes no entry over another one of the same download, and over what was there before once", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, "a"), "of an earlier download");
    for (const entries of [
      [
        { path: "a", body: "first" },
        { path: "a", body: "second" },
      ],
      [
        { path: "a", body: "first" },
        { path: "./a", body: "second" },
      ],
      [
        { path: "a", body: "first" },
        { path: "a/", type: "Directory" },
      ],
      [
        { path: "a", body: "first" },
        { path: "a/b", body: "second" },
      ],
    ] as const) {
      serve(tar(entries));
      await assert.rejects(at.client.files.downloadTo("s", ["a"], folder), UnsafePathError);
      assert.equal(await readFile(join(folder, "a"), "utf8"), "first");
    }
    serve(tar([{ path: "b", body: "first" }]), tar([{ path: "b", body: "second" }]));
    await assert.rejects(at.client.files.downloadTo("s", ["b", "./b"], folder), UnsafePathError);
  });

  it("takes names that this computer's file system does not tell apart for one", async () => {
    const entry = (path: string): ArchivedFile => ({
      path,
      type: "file",
      mode: 0o644,
      mtime: undefined,
      bytes: Buffer.from(path),
    });
    for (const [platform, one, other] of [
      ["win32", "Data/A.txt", "data/a.TXT"],
      ["darwin", "Data/A.txt", "data/a.TXT"],
      ["darwin", "\u00fc", "u\u0308"],
      ["darwin", "\u212b", "\u00e5"],
    ] as const) {
      const extraction = new Extraction(await makeFolder(), platform);
      const written = await extraction.write(entry(one));
      await assert.rejects(extraction.write(entry(other)), UnsafePathError, `${platform} ${other}`);
      assert.equal(await readFile(written, "utf8"), one);
    }
    const extraction = new Extraction(await makeFolder(), "linux");
    for (const name of ["A", "a", "\u00fc", "u\u0308", "CON", "xx:y"]) {
      assert.equal(await readFile(await extraction.write(entry(name)), "utf8"), name);
    }
  });

  it("writes no names that mean a device, a stream or another name on Windows", async () => {
    const extraction = new Extraction(await makeFolder(), "win32");
    for (const path of [
      "CON",
      "nul.txt",
      "a/COM1",
      "lpt\u00b9.log",
      "a.",
      "a ",
      "a/b. /c",
      "a:b",
      "f::$DATA",
      "a?",
      "x\ny",
    ]) {
      const file = { path, type: "file", mode: 0o644, mtime: undefined, bytes: Buffer.of(1) } as const;
      await assert.rejects(extraction.write(file), UnsafePathError, path);
    }
  });

  it("takes no more parts than were asked for, however many come", async () => {
    const one = tar([{ path: "a", body: "x" }]);
    let sent = 0;
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "multipart/mixed; boundary=xyz" });
      const part = Buffer.concat([
        Buffer.from("--xyz\r\nContent-Type: application/x-tar\r\n\r\n"),
        one,
        Buffer.from("\r\n"),
      ]);
      response.write(part);
      const more = setInterval(() => {
        sent += 1;
        response.write(part);
      }, 5);
      response.on("close", () => clearInterval(more));
    };
    await assert.rejects(drain(at.client.files.download("s", ["a"])), {
      code: "PROTOCOL",
      message: /more parts than files were asked for/,
    });
    assert.ok(sent < 100, String(sent));
  });

  it("tells a missing file, one that is too large, and an answer that is cut short", async () => {
    for (const [exception, type] of [
      ["FileNotFoundError('Could not found the file: /home/work/x')", NotFoundError],
      ["ValueError('too large file')", FileTooLargeError],
    ] as const) {
      at.server.answer = (_, response) => problem(response, 500, "x", { "agent-details": { exception } });
      await assert.rejects(drain(at.client.files.download("s", ["x"])), type);
    }
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "multipart/mixed; boundary=xyz" });
      response.end(multipart("xyz", [tar([{ path: "a", body: "x" }])]).subarray(0, 700));
    };
    await assert.rejects(drain(at.client.files.download("s", ["a"])), ProtocolError);
    at.server.answer = () => ({});
    await assert.rejects(drain(at.client.files.download("s", ["a"])), ProtocolError);
  });

  it("reads one file raw, or out of a tar before 23.09", async () => {
    at.server.answer = (_, response) => void response.end("raw");
    assert.equal((await at.client.files.downloadSingle("s", "a")).toString(), "raw");
    at.server.hello = { version: "v5.20191215", manager: "20.03.19" };
    await at.reconnect();
    serve(tar([{ path: "a", body: "tarred" }]));
    assert.equal((await at.client.files.downloadSingle("s", "a")).toString(), "tarred");
    assert.equal(at.server.lines.at(-1), "GET /session/s/download?files=a");
  });
});

describe("multipart and tar readers", () => {
  const options = { boundary: "b", where: "test", partBytes: 4096 };

  it("find the parts wherever the pieces are cut", async () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(bodies, fc.integer({ min: 1, max: 50 }), async (parts, size) => {
      const whole = multipart(
        "b-o_u n'd",
        parts.map((part) => Buffer.from(part)),
      );
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
        whole.subarray(n * size, (n + 1) * size),
      );
      const read = await drain(readParts(Readable.from(pieces), { ...options, boundary: "b-o_u n'd" }));
      assert.deepEqual(
        read,
        parts.map((part) => Buffer.from(part)),
      );
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it("refuse what is malformed, too large or not multipart", async () => {
    const bad = ["", "nonsense", "--b\r\nno headers end\r\n--b--\r\n", "--b\r\n\r\n\r\ncut"];
    for (const text of bad) {
      await assert.rejects(
        drain(readParts(Readable.from([Buffer.from(text)]), options)),
        ProtocolError,
        text,
      );
    }
    const large = Readable.from([Buffer.from("--b\r\n\r\n"), ...Array<Buffer>(40).fill(Buffer.alloc(1024))]);
    await assert.rejects(drain(readParts(large, options)), /larger than 4096/);
    assert.throws(() => boundaryOf("text/html", "test"), ProtocolError);
    assert.equal(boundaryOf('multipart/mixed; boundary="a b"', "test"), "a b");
  });

  it("refuse archives that are damaged, cut short or compressed", async () => {
    const good = tar([{ path: "a", body: "x".repeat(2000) }]);
    const damaged = Buffer.from(good);
    damaged.fill(7, 0, 100);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from("no tar"),
      damaged,
      good.subarray(0, 1024),
      Buffer.from([0x1f, 0x8b]),
      gzipThatLooksPlain(tar([{ path: "a", body: "x".repeat(2000) }])),
    ]) {
      await assert.rejects(readTar(bytes, "test"), ProtocolError);
    }
    assert.deepEqual((await readTar(tar([{ path: "fifo", type: "FIFO" }]), "test")).length, 0);
  });

  it("keep paths inside home", () => {
    const property = fc.property(fc.string(), (text) => {
      try {
        const name = relativeName(text);
        return name !== ".." && !name.startsWith("../") && !name.startsWith("/"); // “.. ” is a name like others
      } catch (error) {
        return error instanceof UnsafePathError;
      }
    });
    fc.assert(property);
    assert.equal(relativeName("/home/work/./a//b"), "a/b");
  });
});

/** A compressed archive with the mark of a plain one where that is looked for, in a field that unpacking skips. */
function gzipThatLooksPlain(archive: Buffer): Buffer {
  const packed = gzipSync(archive);
  const extra = Buffer.alloc(1000);
  extra.write("ustar", 257 - 12, "latin1");
  const size = Buffer.alloc(2);
  size.writeUInt16LE(extra.length);
  packed[3] = 0x04; // there is such a field
  return Buffer.concat([packed.subarray(0, 10), size, extra, packed.subarray(10)]);
}

interface Entry {
  readonly path: string;
  readonly body?: string;
  readonly type?: "File" | "Directory" | "SymbolicLink" | "Link" | "FIFO";
  readonly linkpath?: string;
  readonly mode?: number;
}

/** An archive as the tar format has it, hostile names included. */
function tar(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, body = "", type = "File", linkpath, mode = 0o644 }) => {
    const header = new Header({
      path,
      size: body.length,
      type,
      mode,
      mtime: new Date(0),
      ...(linkpath && { linkpath }),
    });
    const block = Buffer.alloc(512);
    header.encode(block, 0);
    const content = Buffer.alloc(Math.ceil(body.length / 512) * 512);
    content.write(body);
    return [block, content];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function multipart(boundary: string, bodies: readonly Buffer[]): Buffer {
  const parts = bodies.flatMap((body) => [
    Buffer.from(
      `--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}
