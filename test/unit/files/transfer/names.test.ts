import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import path from "node:path";
import type { FileInfo, NamedFile } from "../../../../src/files/access/fileAccess.js";
import { LocalEnd } from "../../../../src/files/transfer/localEnd.js";
import { ArchiveReceiver } from "../../../../src/files/transfer/tar/tarDownload.js";
import { archiveEnd, tarEntry } from "../../../../src/files/transfer/tar/tarEntry.js";
import type { SmallFile, TransferEnd } from "../../../../src/files/transfer/transferEnd.js";
import { planTransfer } from "../../../../src/files/transfer/transferPlan.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

const refused: readonly [platform: NodeJS.Platform, names: readonly string[]][] = [
  ["linux", ["..", ".", "", "a/b", "a\0b"]],
  ["win32", ["..", "a\\b", "C:x", "con", "NUL.txt", "com1", "x.", "x ", "a?", "a:stream", "tab\there"]],
];

describe("names on this computer", () => {
  const newFolder = temporaryFolders();
  const { signal } = new AbortController();

  for (const [platform, names] of refused) {
    for (const name of names) {
      it(`refuses ${JSON.stringify(name)} on ${platform}`, () => {
        assert.throws(() => new LocalEnd("/root", platform).join("/root", name), { code: "UNSAFE_PATH" });
      });
    }
  }

  it("takes names that mean nothing special", () => {
    for (const name of ["a\\b", "con", "x.", "a:b", "…", "..a"]) {
      assert.equal(new LocalEnd("/root", "linux").join("/root", name), path.join("/root", name));
    }
  });

  it("writes nowhere but below its folder", async () => {
    const root = await newFolder();
    for (const folder of [path.dirname(root), `${root}x`, "/", path.join(root, "..", "other")]) {
      await assert.rejects(new LocalEnd(root).makeFolder(folder), { code: "UNSAFE_PATH" }, folder);
    }
    await assert.rejects(new LocalEnd().makeFolder(root), { code: "UNSAFE_PATH" });
  });

  it("tells of names that differ in case alone, where case does not count", async () => {
    const info: FileInfo = {
      type: "file",
      isLink: false,
      size: 1,
      mtimeMs: 0,
      mode: undefined,
      uid: undefined,
    };
    const entries: NamedFile[] = ["Read.me", "read.ME", "other"].map((name) => ({ name, ...info }));
    const source = {
      label: "a server",
      join: (folder: string, name: string) => `${folder}/${name}`,
      look: (file: string) =>
        Promise.resolve({ ...info, name: path.basename(file), type: "directory" as const }),
      list: () => Promise.resolve(entries),
    } as unknown as TransferEnd;
    const folder = await newFolder();
    for (const [platform, planned, failed] of [
      ["darwin", 2, 1],
      ["linux", 3, 0],
    ] as const) {
      const choose = (): Promise<never> => Promise.reject(new Error("nothing is taken"));
      const target = new LocalEnd(folder, platform);
      const plan = await planTransfer(
        { source, target, choose },
        { paths: ["/home/work/x"], folder },
        { signal },
      );
      assert.deepEqual([plan.files.length, plan.failures.length], [planned, failed], platform);
    }
  });
});

describe("archives that come down", () => {
  const wanted = (name: string): SmallFile => ({ from: `/x/${name}`, name, size: 4, isExecutable: false });

  /** What of an archive is taken, when `a` and `b/c` were asked for. */
  const receive = async (...parts: Uint8Array[]): Promise<string[]> => {
    const taken: string[] = [];
    const receiver = new ArchiveReceiver(
      [wanted("a"), wanted("b/c")],
      (file, bytes) => Promise.resolve(void taken.push(`${file.name}=${String(bytes)}`)),
      () => undefined,
    );
    for (const part of parts) {
      await receiver.add(Buffer.from(part));
    }
    await receiver.end();
    return taken;
  };

  const entry = (name: string, text = name): Buffer => tarEntry(name, Buffer.from(text), false);

  it("takes what was asked for, in whatever pieces it comes", async () => {
    const archive = Buffer.concat([entry("./a"), entry("./b/c"), archiveEnd]);
    const pieces = Array.from({ length: archive.length }, (_, index) => archive.subarray(index, index + 1));
    assert.deepEqual(await receive(...pieces), ["a=./a", "b/c=./b/c"]);
  });

  it("leaves out what was not asked for: other names, absolute ones, those with dots", async () => {
    for (const name of ["../a", "/a", "b/../../a", "other"]) {
      assert.deepEqual(await receive(entry(name), entry("a"), archiveEnd), ["a=a"], name);
    }
  });

  it("refuses compressed ones, in whatever pieces they come: a few bytes could be any number", async () => {
    const packed = gzipSync(Buffer.concat([entry("a"), archiveEnd]));
    await assert.rejects(receive(packed), { code: "PROTOCOL" });
    await assert.rejects(receive(packed.subarray(0, 1), packed.subarray(1)), { code: "PROTOCOL" });
  });

  it("refuses one that does not end", async () => {
    const head = entry("other", "x");
    head.write("77777777777\0", 124, "latin1"); // 8 GB are announced
    let sum = 0;
    head.fill(" ", 148, 156);
    head.subarray(0, 512).forEach((byte) => (sum += byte));
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    const receiver = new ArchiveReceiver(
      [wanted("a")],
      () => Promise.resolve(),
      () => undefined,
    );
    await receiver.add(head);
    const piece = Buffer.alloc(1024 * 1024);
    let taken = 0;
    await assert.rejects(
      async () => {
        for (; taken < 300; taken += 1) {
          await receiver.add(piece);
        }
      },
      { code: "PROTOCOL" },
    );
    assert.ok(taken < 100, String(taken));
  });

  it("leaves out links in the place of files", async () => {
    const link = entry("a", "");
    link[156] = "2".charCodeAt(0);
    link.write("/etc/passwd", 157, "latin1");
    link.fill(" ", 148, 156);
    const sum = link.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    link.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    assert.deepEqual(await receive(link, entry("b/c"), archiveEnd), ["b/c=b/c"]);
  });

  it("leaves out what is far larger than it was", async () => {
    assert.deepEqual(await receive(entry("a", "x".repeat(2_000_000)), archiveEnd), []);
  });

  it("refuses more entries than were asked for, and what is no archive", async () => {
    await assert.rejects(receive(entry("1"), entry("2"), entry("3"), archiveEnd), { code: "PROTOCOL" });
    await assert.rejects(receive(Buffer.alloc(4096, "x")), { code: "PROTOCOL" });
  });
});
