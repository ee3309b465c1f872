import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { BackendAIClient, ConflictError, type Folder } from "../../../../src/api/index.js";
import { type Engine, startEngine } from "../../../../src/engine/index.js";
import {
  downloadFile,
  downloadInto,
  remoteFiles,
  uploadInto,
} from "../../../../src/files/folders/folderTransfer.js";
import { localTree } from "../../../../src/files/folders/localTree.js";
import { releases } from "../../../../src/wire/releases.js";
import type { Fault } from "../../../faults/proxy/fault.js";
import { FaultProxy } from "../../../faults/proxy/faultProxy.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

const signal = AbortSignal.timeout(600_000); // for all tests of the file

function contentOf(bytes: Buffer): { size: number; open: (start: number, end: number) => Readable } {
  return { size: bytes.length, open: (start, end) => Readable.from(pieces(bytes.subarray(start, end))) };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    yield bytes.subarray(at, at + 65_536);
  }
}

/** A body comes without its length, as from a proxy that passes it on in chunks, and breaks off after so many bytes. */
function cutChunks(bytes: number): Fault {
  return {
    answer: async function* ({ head, body, link }) {
      yield Buffer.from(
        head.bytes.toString("latin1").replace(/content-length: \d+/i, "Transfer-Encoding: chunked"),
      );
      let left = bytes;
      for await (const piece of body) {
        const part = piece.subarray(0, left);
        left -= part.length;
        if (part.length > 0) {
          yield Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]);
        }
      }
      await link.pause(20); // what was given so far arrives
      link.reset();
    },
  };
}

describe("transfers of virtual folders", () => {
  const temporary = temporaryFolders();
  const started: { close(): Promise<void> }[] = [];
  let proxy: FaultProxy;

  before(async () => {
    proxy = await FaultProxy.start();
  });

  after(async () => {
    for (const one of started.reverse()) {
      await one.close();
    }
    await proxy.stop();
  });

  async function open(
    release = "26.8",
    through?: FaultProxy,
  ): Promise<{ client: BackendAIClient; engine: Engine }> {
    const played = releases.find((candidate) => candidate.release === release);
    const engine = await startEngine({ apiVersion: played?.apiVersion, manager: played?.manager });
    const { endpoint, accessKey, secretKey } = engine;
    const credentials = { type: "keypair", accessKey, secretKey } as const;
    const client = await BackendAIClient.connect({ endpoint, credentials, proxy: through?.url });
    started.push(engine, client);
    return { client, engine };
  }

  async function tree(): Promise<string> {
    const root = path.join(await temporary(), "project");
    await mkdir(path.join(root, "deep", "er"), { recursive: true });
    await mkdir(path.join(root, "hollow"));
    await writeFile(path.join(root, "a b.txt"), "first");
    await writeFile(path.join(root, "deep", "er", "#%41.bin"), randomBytes(300_000));
    await writeFile(path.join(root, "empty"), "");
    await symlink("/etc/passwd", path.join(root, "link"));
    return root;
  }

  for (const release of ["19.03", "20.03", "24.09", "26.8"]) {
    it(`brings a tree up and down again as it was, on ${release}`, async () => {
      const { client } = await open(release);
      const folder = await client.folders.create("tree");
      const root = await tree();
      const local = await localTree([root], signal);
      assert.deepEqual(local.leftOut, ["project/link"]);
      assert.deepEqual(local.emptyDirectories, ["project/hollow"]);
      const seen: number[] = [];
      const up = await uploadInto(client, { folder, directory: "in" }, local, {
        signal,
        onProgress: ({ bytes }) => seen.push(bytes),
      });
      assert.deepEqual(up, { done: 3, failed: [] });
      assert.equal(seen.at(-1), 300_005);
      const files = await remoteFiles(client, folder, { path: "in/project", name: "back" }, signal);
      const target = await temporary();
      const down = await downloadInto(client, folder, files, { localFolder: target, signal });
      assert.deepEqual(down, { done: 3, failed: [] });
      for (const name of ["a b.txt", "deep/er/#%41.bin", "empty"]) {
        assert.ok(
          (await readFile(path.join(root, name))).equals(await readFile(path.join(target, "back", name))),
          name,
        );
      }
      const names = (await client.folders.files.list(folder, "in/project")).map(({ name }) => name);
      assert.deepEqual(names.toSorted(), ["a b.txt", "deep", "empty", "hollow"]);
    });
  }

  for (const release of ["20.03", "24.09", "26.8"]) {
    it(`goes on with an upload whose connection was cut again and again, on ${release}`, async () => {
      const { client } = await open(release, proxy);
      const folder = await client.folders.create("cut-up");
      const content = randomBytes(20_000_000);
      let cuts = 0;
      let next = 3_000_000;
      await client.folders.files.upload(folder, "large.bin", contentOf(content), {
        onProgress: ({ transferredBytes }) => {
          if (transferredBytes > next && cuts < 3) {
            cuts += 1;
            next = transferredBytes + 4_000_000;
            proxy.cut();
          }
        },
      });
      assert.ok(cuts > 0);
      const hash = createHash("sha256");
      for await (const piece of client.folders.files.read(folder, "large.bin")) {
        hash.update(piece);
      }
      assert.equal(hash.digest("hex"), createHash("sha256").update(content).digest("hex"));
    });
  }

  it("goes on with a download whose connection was cut", async () => {
    const { client } = await open("24.09", proxy);
    const folder = await client.folders.create("cut-down");
    const content = randomBytes(12_000_000);
    await client.folders.files.upload(folder, "large.bin", contentOf(content));
    const target = path.join(await temporary(), "large.bin");
    let interruptions = 0;
    let cuts = 0;
    await downloadFile(client, { folder, path: "large.bin" }, target, {
      signal,
      onProgress: ({ transferredBytes }) => {
        if (transferredBytes > (cuts + 1) * 3_000_000 && cuts < 2) {
          cuts += 1;
          proxy.cut();
        }
      },
      onInterruption: () => (interruptions += 1),
    });
    assert.ok(interruptions >= 1, `${String(interruptions)} interruptions of ${String(cuts)} cuts`);
    assert.ok(content.equals(await readFile(target)));
  });

  for (const [where, share] of [
    ["in its middle", 0.5],
    ["right behind its last byte", 1],
  ] as const) {
    it(`goes on with a download of unknown length that was cut ${where}`, async () => {
      const { client } = await open("24.09", proxy);
      const folder = await client.folders.create("chunks");
      const content = randomBytes(200_000);
      await client.folders.files.upload(folder, "a.bin", contentOf(content));
      proxy.inject({
        matches: ({ method, target }) => method === "GET" && target.includes("/download"),
        fault: cutChunks(content.length * share),
        times: 1,
      });
      const target = path.join(await temporary(), "a.bin");
      let interruptions = 0;
      await downloadFile(client, { folder, path: "a.bin" }, target, {
        signal,
        onInterruption: () => (interruptions += 1),
      });
      assert.equal(interruptions, 1);
      assert.ok(content.equals(await readFile(target)));
    });
  }

  it("refuses to join two contents of a file that changed while it was read", async () => {
    const { client } = await open("26.8", proxy);
    const folder = await client.folders.create("changing");
    await client.folders.files.upload(folder, "a.bin", contentOf(randomBytes(8_000_000)));
    const other = contentOf(randomBytes(8_000_000));
    const reading = async (): Promise<void> => {
      let isChanged = false;
      for await (const piece of client.folders.files.read(folder, "a.bin")) {
        if (!isChanged && piece.length > 0) {
          isChanged = true;
          await client.folders.files.upload(folder, "a.bin", other);
          proxy.cut();
        }
      }
    };
    await assert.rejects(reading(), ConflictError);
  });

  it("leaves the old file and no other when a download fails, and when it is cancelled", async () => {
    const { client } = await open();
    const folder = await client.folders.create("kept");
    await client.folders.files.upload(folder, "a.bin", contentOf(randomBytes(6_000_000)));
    const target = await temporary();
    await writeFile(path.join(target, "a.bin"), "old");
    const missing = downloadFile(client, { folder, path: "nosuch" }, path.join(target, "a.bin"), { signal });
    await assert.rejects(missing, { code: "NOT_FOUND" });
    const cancel = new AbortController();
    const cancelled = downloadFile(client, { folder, path: "a.bin" }, path.join(target, "a.bin"), {
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    await assert.rejects(cancelled, { name: "AbortError" });
    assert.deepEqual(await readdir(target), ["a.bin"]);
    assert.equal(await readFile(path.join(target, "a.bin"), "utf8"), "old");
  });

  it("uploads what it can, and says which file it could not", async () => {
    const { client } = await open();
    const folder = await client.folders.create("partly");
    const root = await tree();
    const local = await localTree([root], signal);
    await truncate(path.join(root, "deep", "er", "#%41.bin"), 10); // after it was looked at
    const outcome = await uploadInto(client, { folder, directory: "" }, local, { signal });
    assert.equal(outcome.done, 2);
    assert.deepEqual(
      outcome.failed.map((failure) => failure.path),
      ["project/deep/er/#%41.bin"],
    );
    assert.match(String(outcome.failed[0]?.error), /changed its size/);
  });

  for (const release of ["19.03", "26.8"]) {
    it(`says also which empty directory it could not make, on ${release}`, async () => {
      const { client } = await open(release);
      const folder = await client.folders.create("hollow");
      await client.folders.files.upload(folder, "project/hollow", contentOf(Buffer.from("a file")), {
        signal,
      });
      const root = await tree();
      await mkdir(path.join(root, "void"));
      const outcome = await uploadInto(client, { folder, directory: "" }, await localTree([root], signal), {
        signal,
      });
      assert.equal(outcome.done, 3);
      assert.deepEqual(
        outcome.failed.map((failure) => failure.path),
        ["project/hollow"],
      );
      const names = (await client.folders.files.list(folder, "project")).map(({ name }) => name);
      assert.ok(names.includes("void"), "the other one is there");
    });
  }

  it("writes no file outside the chosen folder, whatever a server calls it", async () => {
    const { client } = await open();
    const folder: Folder = await client.folders.create("names");
    await client.folders.files.upload(folder, "a.txt", contentOf(Buffer.from("a")));
    const target = path.join(await temporary(), "inner");
    const files = ["../out.txt", "x/../../out.txt", "a\\b", "x//y"].map((name) => ({
      path: "a.txt",
      name,
      size: 1,
    }));
    const { done, failed } = await downloadInto(client, folder, files, { localFolder: target, signal });
    assert.equal(done, 0);
    assert.equal(failed.length, 4);
    assert.deepEqual(await readdir(path.dirname(target)), []);
  });

  it("writes no file over another one: not by the same name twice, and not by the name of one on its way", async () => {
    const { client } = await open("24.09");
    const folder = await client.folders.create("twice");
    const upload = async (name: string, text: string): Promise<void> =>
      client.folders.files.upload(folder, name, contentOf(Buffer.from(text)), { signal });
    await upload("a", "one");
    await upload("a.part", "the part");
    await upload("b", "two");
    const target = await temporary();
    const files = [
      { path: "a", name: "a", size: 3 },
      { path: "a.part", name: "a.part", size: 8 },
      { path: "b", name: "a", size: 3 },
    ];
    const { done, failed } = await downloadInto(client, folder, files, { localFolder: target, signal });
    assert.equal(done, 2);
    assert.match(String(failed[0]?.error), /written over another one/);
    assert.deepEqual((await readdir(target)).sort(), ["a", "a.part"]);
    assert.equal(await readFile(path.join(target, "a"), "utf8"), "one");
    assert.equal(await readFile(path.join(target, "a.part"), "utf8"), "the part");
  });

  it("keeps memory flat while a large file goes up and down", async () => {
    const { client } = await open("24.09");
    const folder = await client.folders.create("memory");
    const size = 300_000_000;
    const block = randomBytes(1_000_000);
    const source = {
      size,
      open: (start: number, end: number): Readable => Readable.from(blocks(block, start, end)),
    };
    global.gc?.();
    const before = process.memoryUsage();
    let most = 0;
    const look = (): void => {
      const { rss } = process.memoryUsage();
      most = Math.max(most, rss - before.rss);
    };
    await client.folders.files.upload(folder, "huge.bin", source, { onProgress: look });
    let read = 0;
    for await (const piece of client.folders.files.read(folder, "huge.bin")) {
      read += piece.length;
      look();
    }
    assert.equal(read, size);
    assert.ok(most < 150_000_000, `${String(Math.round(most / 1e6))} MB more, for both ends of it`);
  });
});

function* blocks(block: Buffer, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end;) {
    const from = at % block.length;
    const piece = block.subarray(from, Math.min(block.length, from + end - at));
    yield piece;
    at += piece.length;
  }
}
