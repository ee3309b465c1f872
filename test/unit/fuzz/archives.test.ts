import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { UnsafePathError } from "../../../src/api/errors.js";
import { Extraction } from "../../../src/api/files/extract.js";
import { readTar } from "../../../src/api/files/tarReader.js";
import { errorCodeOf, ProtocolError } from "../../../src/base/errors.js";
import { archiveEnd, tarEntry } from "../../../src/files/transfer/tar/tarEntry.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";
import { fuzzed } from "../../support/fuzz.js";

const segment = fc.constantFrom(
  ...[
    "..",
    ".",
    "",
    "a",
    "A",
    "b",
    "out",
    "CON",
    "nul.txt",
    "C:",
    "..\\x",
    "\u202etxt",
    "x\ny",
    "\x1b[31m",
    "한",
    "l".repeat(120),
  ],
);
const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const entries = fc.array(fc.record({ name, bytes: fc.uint8Array({ maxLength: 700 }) }), { maxLength: 5 });

describe("Archives, fuzzed", function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  it("of ours are read as they were written", async () => {
    const plain = entries.map((all) => all.filter((entry) => !entry.name.endsWith("/") && entry.name !== ""));
    await fuzzed(
      fc.asyncProperty(plain, async (files) => {
        fc.pre(files.length > 0);
        const tar = Buffer.concat([
          ...files.map((file) => tarEntry(file.name, file.bytes, false)),
          archiveEnd,
        ]);
        const read = await readTar(tar, "test");
        assert.deepEqual(
          read.map((file) => [...file.bytes]),
          files.map((file) => [...file.bytes]),
        );
      }),
    );
  });

  it("of any names and with any bytes changed write nothing outside, and end in files or in errors of ours", async () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(0, 0x31, 0x32, 0x35, 0x67, 0x78, 0x80, 0xff));
    const around = await newFolder();
    const folder = path.join(around, "in");
    const elsewhere = path.join(around, "elsewhere");
    await mkdir(folder);
    await mkdir(elsewhere);
    await symlink(elsewhere, path.join(folder, "out"));
    await fuzzed(
      fc.asyncProperty(entries, fc.array(change, { maxLength: 4 }), async (files, changes) => {
        const tar = Buffer.concat([
          ...files.map((file) => tarEntry(file.name, file.bytes, true)),
          archiveEnd,
        ]);
        for (const [at, byte] of changes) {
          tar[at % tar.length] = byte;
        }
        const extraction = new Extraction(folder);
        try {
          for (const file of await readTar(tar, "test")) {
            const target = await extraction.write(file);
            assert.ok(target.startsWith(folder + path.sep));
            if (file.type === "file") {
              assert.deepEqual(await readFile(target), file.bytes);
            }
          }
        } catch (error) {
          const isOwn = error instanceof UnsafePathError || error instanceof ProtocolError;
          const isSystem = ["EISDIR", "ENOTDIR", "EEXIST", "ENAMETOOLONG"].includes(
            String(errorCodeOf(error)),
          );
          assert.ok(isOwn || isSystem, String(error));
        }
        assert.deepEqual((await readdir(around)).sort(), ["elsewhere", "in"]);
        assert.deepEqual(await readdir(elsewhere), []);
      }),
      { numRuns: 200 },
    );
  });
});
