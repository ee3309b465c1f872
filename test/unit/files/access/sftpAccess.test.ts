import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { bytesOf, calm, contentOf, withAccess } from "../support/accessTarget.js";

const awkward = [
  "with space",
  " lead and trail ",
  "quote'double\"back\\slash",
  "line\nfeed",
  "ends with line feed\n",
  "#hash%25?x=1&y",
  "-rf",
  "$(touch pwned)`id`",
  "é NFC",
  "é NFD".normalize("NFD"),
  "猫🙂",
  "x".repeat(255),
];

describe("SftpAccess", function () {
  this.timeout(120_000);
  const at = withAccess();
  const path = (name: string): string => `${at.folder}/${name}`;
  const text = async (name: string): Promise<string> =>
    (await bytesOf(at.sftp.read(path(name), calm))).toString("utf8");
  const names = async (): Promise<string[]> =>
    (await at.sftp.list(at.folder, calm)).map(({ name }) => name).sort();

  describe("looks", () => {
    it("tells files, folders, links, dangling ones, circles and pipes apart", async () => {
      await at.run("echo 12345 > file; mkdir dir; ln -s file link; ln -s dir way; ln -s nowhere dangling");
      await at.run("ln -s b a; ln -s a b; mkfifo pipe; chmod 640 file; touch -d @1000000000 file");
      const list = new Map((await at.sftp.list(at.folder, calm)).map(({ name, ...info }) => [name, info]));
      const kinds = [...list].map(([name, { type, isLink }]) => [name, type, isLink]).sort();
      assert.deepEqual(kinds, [
        ["a", "unknown", true],
        ["b", "unknown", true],
        ["dangling", "unknown", true],
        ["dir", "directory", false],
        ["file", "file", false],
        ["link", "file", true],
        ["pipe", "other", false],
        ["way", "directory", true],
      ]);
      for (const [name, info] of list) {
        assert.deepEqual(await at.sftp.stat(path(name), calm), info, name);
      }
      const { size, mtimeMs, mode } = list.get("file")!;
      assert.deepEqual([size, mtimeMs, mode], [6, 1_000_000_000_000, 0o640]);
      assert.equal(list.get("link")!.size, 6);
    });

    it("lists a folder of 10,000 with links among them", async () => {
      await at.run(
        "mkdir many; cd many; seq 1 9000 | xargs touch; for i in $(seq 1 1000); do ln -s $i l$i; done",
      );
      const list = await at.sftp.list(path("many"), calm);
      assert.equal(list.length, 10_000);
      assert.equal(list.filter(({ isLink, type }) => isLink && type === "file").length, 1000);
    });

    it("says what is wrong with a path", async () => {
      await at.run("echo > file; ln -s b a; ln -s a b; mkfifo pipe; ln -s nowhere dangling; mkdir dir");
      const failures: readonly [() => Promise<unknown>, string][] = [
        [() => at.sftp.stat(path("none"), calm), "notFound"],
        [() => at.sftp.stat(path("file/x"), calm), "notFound"],
        [() => at.sftp.list(path("none"), calm), "notFound"],
        [() => at.sftp.list(path("file"), calm), "notADirectory"],
        [() => at.sftp.list(path("file/x"), calm), "notADirectory"],
        [() => at.sftp.stat(path("y".repeat(256)), calm), "invalid"],
        [() => at.sftp.stat(path("nul\0"), calm), "invalid"],
        [() => at.sftp.stat("relative", calm), "invalid"],
        [() => bytesOf(at.sftp.read(path("none"), calm)), "notFound"],
        [() => bytesOf(at.sftp.read(path("dangling"), calm)), "notFound"],
        [() => bytesOf(at.sftp.read(path("a"), calm)), "invalid"],
        [() => bytesOf(at.sftp.read(path("dir"), calm)), "isADirectory"],
        [() => bytesOf(at.sftp.read(path("pipe"), calm)), "invalid"],
        [() => at.sftp.write(path("a"), contentOf("x"), calm), "invalid"],
        [() => at.sftp.write(path("pipe"), contentOf("x"), calm), "invalid"],
        [() => at.sftp.write(path("dir"), contentOf("x"), calm), "isADirectory"],
        [() => at.sftp.write(path("file/x"), contentOf("x"), calm), "notADirectory"],
        [() => at.sftp.write(path("none/x"), contentOf("x"), calm), "notFound"],
        [() => at.sftp.write(path("z".repeat(256)), contentOf("x"), calm), "invalid"],
      ];
      for (const [index, [done, failure]] of failures.entries()) {
        await assert.rejects(done(), { code: "FILE_ACCESS", failure }, `${index}: ${failure}`);
      }
      assert.deepEqual(await names(), ["a", "b", "dangling", "dir", "file", "pipe"]);
    });

    it("says that a name is not written in UTF-8, and harms nothing", async function () {
      if (!at.isReal) {
        this.skip(); // the engine does not list such names
      }
      await at.run("printf precious > \"$(printf 'bad\\377name')\"");
      const [name = ""] = await names();
      await assert.rejects(bytesOf(at.sftp.read(path(name), calm)), { failure: "invalid", message: /UTF-8/ });
      await assert.rejects(at.sftp.write(path(name), contentOf("x"), calm), { failure: "invalid" });
      await assert.rejects(at.sftp.remove(path(name), { ...calm, recursive: true }), { failure: "invalid" });
      assert.equal(await at.run("cat bad*; ls | wc -l"), "precious1\n");
      await at.sftp.remove(at.folder, { ...calm, recursive: true });
      await assert.rejects(at.sftp.stat(at.folder, calm), { failure: "notFound" });
    });
  });

  describe("reads", () => {
    it("reads ranges, empty files, and files of the kernel that have no size", async () => {
      const bytes = randomBytes(300_000);
      await at.sftp.write(path("data"), contentOf(bytes), calm);
      for (const [start, end] of [
        [0, undefined],
        [0, 0],
        [0, 1],
        [32_767, 32_769],
        [100_000, 250_001],
        [299_999, 400_000],
        [400_000, 500_000],
      ] as const) {
        const read = await bytesOf(at.sftp.read(path("data"), { ...calm, range: { start, end } }));
        assert.ok(read.equals(bytes.subarray(start, end)), `${start}-${end}`);
      }
      await at.run("touch empty");
      assert.equal(await text("empty"), "");
      if (at.isReal) {
        assert.match((await bytesOf(at.sftp.read("/proc/version", calm))).toString(), /^Linux/);
      }
    });

    it("takes a file that grows as it was, and says when it became shorter", async () => {
      const bytes = randomBytes(8_000_000);
      await at.sftp.write(path("log"), contentOf(bytes), calm);
      const growing = at.sftp.read(path("log"), calm)[Symbol.asyncIterator]();
      const first = await growing.next();
      await at.run("echo more >> log");
      const rest = await bytesOf({ [Symbol.asyncIterator]: () => growing });
      assert.ok(Buffer.concat([first.value as Uint8Array, rest]).equals(bytes));
      const shrinking = at.sftp.read(path("log"), calm)[Symbol.asyncIterator]();
      await shrinking.next();
      await at.run("truncate -s 5000000 log");
      await assert.rejects(bytesOf({ [Symbol.asyncIterator]: () => shrinking }), { failure: "changed" });
    });

    it("goes on after a lost connection, unless the file is another one", async () => {
      const bytes = randomBytes(12_000_000);
      await at.sftp.write(path("data"), contentOf(bytes), calm);
      const lost = async (between: () => Promise<unknown>): Promise<Buffer> => {
        const pieces: Uint8Array[] = [];
        let size = 0;
        let isCut = false;
        for await (const piece of at.sftp.read(path("data"), calm)) {
          pieces.push(piece);
          size += piece.length;
          if (size > 3_000_000 && !isCut) {
            isCut = true;
            const lease = await at.tunnels.ssh(at.client, at.sessionId).acquire();
            lease.connection.close();
            lease.dispose();
            await between();
          }
        }
        return Buffer.concat(pieces);
      };
      assert.ok((await lost(() => Promise.resolve())).equals(bytes));
      await assert.rejects(
        lost(() => at.run("head -c 12000000 /dev/zero > data; touch -d @1000000000 data")),
        { failure: "changed" },
      );
    });

    it("stops at its signal, and needs no end of who reads", async () => {
      await at.run("head -c 50000000 /dev/zero > big");
      for await (const piece of at.sftp.read(path("big"), calm)) {
        assert.ok(piece.length > 0);
        break;
      }
      const controller = new AbortController();
      await assert.rejects(
        async () => {
          for await (const piece of at.sftp.read(path("big"), { signal: controller.signal })) {
            assert.ok(piece.length > 0);
            controller.abort();
          }
        },
        { name: "AbortError" },
      );
    });
  });

  describe("writes", () => {
    it("writes what it was given under every name", async () => {
      for (const name of awkward) {
        await at.sftp.write(path(name), contentOf(name), calm);
        await at.sftp.write(path(name), contentOf(`again ${name}`), calm);
        assert.equal(await text(name), `again ${name}`);
      }
      assert.deepEqual(await names(), [...awkward].sort());
      const sums = awkward.map((name) => createHash("md5").update(`again ${name}`).digest("hex"));
      const found = (await at.run("find . -type f -print0 | xargs -0 md5sum -z | tr '\\0\\n' '\\n '")).trim();
      assert.deepEqual(
        found
          .split(/\n(?=\\?[0-9a-f]{32} )/)
          .map((line) => line.slice(0, 32))
          .sort(),
        sums.sort(),
      );
    });

    it("keeps the mode, and writes through links", async () => {
      await at.run(
        "mkdir real; echo old > real/file; chmod 751 real/file; ln -s real/file one; ln -s one two",
      );
      await at.run("ln -s real/new dangling");
      const written = await at.sftp.write(path("two"), contentOf("new"), calm);
      await at.sftp.write(path("dangling"), contentOf("made"), calm);
      assert.deepEqual([written.isLink, written.size, written.mode], [true, 3, 0o751]);
      assert.equal(
        await at.run("stat -c %a real/file; readlink one two dangling; cat real/file real/new"),
        ["751\nreal/file\none\nreal/new\nnewmade"].join(),
      );
      assert.equal((await at.run("ls -A real")).trim(), "file\nnew");
    });

    it("makes and replaces only what it may", async () => {
      await assert.rejects(at.sftp.write(path("a"), contentOf("x"), { ...calm, create: false }), {
        failure: "notFound",
      });
      await at.sftp.write(path("a"), contentOf("x"), { ...calm, overwrite: false });
      await assert.rejects(at.sftp.write(path("a"), contentOf("y"), { ...calm, overwrite: false }), {
        failure: "exists",
      });
      const seen = await at.sftp.stat(path("a"), calm);
      await at.sftp.write(path("a"), contentOf("z"), { ...calm, expected: seen });
      await at.run("echo other > a");
      await assert.rejects(at.sftp.write(path("a"), contentOf("!"), { ...calm, expected: seen }), {
        failure: "changed",
      });
      await at.run("rm a");
      await assert.rejects(at.sftp.write(path("a"), contentOf("!"), { ...calm, expected: seen }), {
        failure: "changed",
      });
      assert.deepEqual(await names(), []);
    });

    it("looks once more right before it replaces what somebody else changed", async () => {
      await at.run("echo first > a");
      const seen = await at.sftp.stat(path("a"), calm);
      const slow = {
        size: 40,
        async *open(): AsyncGenerator<Uint8Array> {
          await at.run("echo somebody else > a");
          yield Buffer.alloc(40);
        },
      };
      await assert.rejects(at.sftp.write(path("a"), slow, { ...calm, expected: seen }), {
        failure: "changed",
      });
      assert.equal(await text("a"), "somebody else\n");
      assert.deepEqual(await names(), ["a"]);
    });

    it("writes nothing when its content is not what it said", async () => {
      await at.run("echo old > a");
      for (const size of [1, 5]) {
        const wrong = { size, open: () => [Buffer.from("abc")] };
        await assert.rejects(at.sftp.write(path("a"), wrong, calm), { failure: "changed" });
      }
      const broken = {
        size: 5,

        *open(): Generator<Uint8Array> {
          throw new Error("the disk of this computer");
        },
      };
      await assert.rejects(at.sftp.write(path("a"), broken, calm), /the disk of this computer/);
      assert.equal(await text("a"), "old\n");
      assert.deepEqual(await names(), ["a"]);
    });

    it("goes on after a lost connection, with progress that never goes back", async () => {
      const bytes = randomBytes(12_000_000);
      const progress: number[] = [];
      let cuts = 0;
      const opened: number[] = [];
      const content = {
        size: bytes.length,
        async *open(start: number): AsyncGenerator<Uint8Array> {
          opened.push(start);
          for (let place = start; place < bytes.length; place += 100_000) {
            if (place > (cuts + 1) * 4_000_000) {
              cuts += 1;
              const lease = await at.tunnels.ssh(at.client, at.sessionId).acquire();
              lease.connection.close();
              lease.dispose();
            }
            yield bytes.subarray(place, place + 100_000);
          }
        },
      };
      await at.sftp.write(path("big"), content, { ...calm, onProgress: (done) => progress.push(done) });
      assert.ok((await bytesOf(at.sftp.read(path("big"), calm))).equals(bytes));
      assert.equal(cuts, 2);
      assert.ok(opened.length === 3 && opened[1]! > 1_000_000 && opened[2]! > opened[1]!, opened.join());
      assert.deepEqual(
        progress,
        [...progress].sort((a, b) => a - b),
      );
      assert.equal(progress.at(-1), bytes.length);
      assert.deepEqual(await names(), ["big"]);
    });

    it("leaves the old file and nothing else when it is aborted", async () => {
      await at.run("echo old > a");
      const controller = new AbortController();
      const content = contentOf(Buffer.alloc(20_000_000));
      const writing = at.sftp.write(path("a"), content, {
        signal: controller.signal,
        onProgress: (done) => done > 1_000_000 && controller.abort(),
      });
      await assert.rejects(writing, { name: "AbortError" });
      assert.equal(await text("a"), "old\n");
      assert.deepEqual(await names(), ["a"]);
    });

    it("writes in place where the folder takes no new file, and puts the old bytes back on failure", async function () {
      await at.run("mkdir closed; echo old > closed/file; chmod 755 closed/file; chmod 555 closed");
      if ((await at.run("touch closed/probe 2>/dev/null && echo root")) !== "") {
        this.skip(); // the engine of this computer runs as root, who may write everywhere
      }
      const before = await at.run("stat -c %i closed/file");
      const bytes = randomBytes(1_000_000);
      await at.sftp.write(path("closed/file"), contentOf(bytes), calm);
      assert.ok((await bytesOf(at.sftp.read(path("closed/file"), calm))).equals(bytes));
      await at.sftp.write(path("closed/file"), contentOf("short"), calm);
      assert.equal(await text("closed/file"), "short");
      assert.equal(await at.run("stat -c %i closed/file"), before);
      const failing = {
        size: 4_000_000,
        *open(start: number): Generator<Uint8Array> {
          yield Buffer.alloc(3_000_000 - start, "x");
          throw new Error("the disk of this computer");
        },
      };
      await assert.rejects(at.sftp.write(path("closed/file"), failing, calm));
      assert.equal(await text("closed/file"), "short");
      await at.run("chmod 755 closed");
    });

    it("says that it may not, and leaves all as it was", async function () {
      if (!at.isReal) {
        this.skip(); // the engine of this computer runs as root, who may write everywhere
      }
      await assert.rejects(at.sftp.write("/etc/hostname", contentOf("x"), calm), {
        failure: "permissionDenied",
      });
      await assert.rejects(at.sftp.write("/etc/new", contentOf("x"), calm), { failure: "permissionDenied" });
      await assert.rejects(at.sftp.makeDirectory("/etc/new", calm), { failure: "permissionDenied" });
      await assert.rejects(at.sftp.remove("/etc/hostname", { ...calm, recursive: false }), {
        failure: "permissionDenied",
      });
      await assert.rejects(at.sftp.remove("/etc/ssl", { ...calm, recursive: true }), {
        failure: "permissionDenied",
      });
    });

    it("says that the disk is full, and leaves the old file", async function () {
      if (!at.isReal) {
        this.skip(); // a small disk of its own is something that only containers have
      }
      const small = `/dev/shm/${at.folder.split("/").at(-1)}`;
      await at.programs.run(`mkdir ${small}; echo old > ${small}/file`);
      const content = contentOf(Buffer.alloc(90_000_000), 1_000_000);
      await assert.rejects(at.sftp.write(`${small}/file`, content, calm), { failure: "full" });
      assert.equal(
        await at.programs.run(`cat ${small}/file; ls -A ${small}; rm -rf ${small}`),
        "old\nfile\n",
      );
    });
  });

  describe("moves", () => {
    it("makes folders that are not there", async () => {
      await at.sftp.makeDirectory(path("a"), calm);
      await assert.rejects(at.sftp.makeDirectory(path("a"), calm), { failure: "exists" });
      await assert.rejects(at.sftp.makeDirectory(path("b/c"), calm), { failure: "notFound" });
      await at.run("touch file");
      await assert.rejects(at.sftp.makeDirectory(path("file"), calm), { failure: "exists" });
      await assert.rejects(at.sftp.makeDirectory(path("file/x"), calm), { failure: "notADirectory" });
    });

    it("removes files, links and trees, and never what links lead to", async () => {
      await at.run(
        "mkdir -p keep tree/sub empty; echo precious > keep/file; ln -s ../keep tree/way; ln -s keep link",
      );
      await at.run("touch tree/sub/'a b' tree/-rf file");
      await assert.rejects(at.sftp.remove(path("tree"), { ...calm, recursive: false }), {
        failure: "notEmpty",
      });
      await assert.rejects(at.sftp.remove(path("none"), { ...calm, recursive: true }), {
        failure: "notFound",
      });
      await at.sftp.remove(path("tree"), { ...calm, recursive: true });
      await at.sftp.remove(path("link"), { ...calm, recursive: true });
      await at.sftp.remove(path("file"), { ...calm, recursive: false });
      await at.sftp.remove(path("empty"), { ...calm, recursive: false });
      assert.deepEqual(await names(), ["keep"]);
      assert.equal(await text("keep/file"), "precious\n");
    });

    it("gives other names, over what is there only when told", async () => {
      await at.run("echo 1 > a; echo 2 > b; mkdir d e; echo 3 > d/x; echo 4 > e/y; ln -s a link");
      const move = (from: string, to: string, overwrite: boolean): Promise<void> =>
        at.sftp.rename(path(from), path(to), { ...calm, overwrite });
      await assert.rejects(move("a", "b", false), { failure: "exists" });
      await assert.rejects(move("d", "e", false), { failure: "exists" });
      await assert.rejects(move("none", "z", true), { failure: "notFound" });
      await assert.rejects(move("d", "d/inside", true), { failure: "invalid" });
      await assert.rejects(move("a", "none/a", true), { failure: "notFound" });
      await assert.rejects(move("a", "b/a", true), { failure: "notADirectory" });
      await move("a", "b", true);
      await move("d", "e", true);
      await move("link", "linked", false);
      assert.equal(
        await at.run("cat b e/x; readlink linked; ls -A . e"),
        "1\n3\na\n.:\nb\ne\nlinked\n\ne:\nx\n",
      );
      await move("b", "e", true);
      assert.equal(await at.run("cat e; ls -A"), "1\ne\nlinked\n");
      await move("e", "e", true);
      assert.equal(await text("e"), "1\n");
    });

    it("moves to another disk", async function () {
      if (!at.isReal) {
        this.skip(); // the engine's sessions have one
      }
      const other = `/dev/shm/${at.folder.split("/").at(-1)}`;
      await at.run("mkdir tree; echo 1 > tree/a; ln -s a tree/b");
      await at.sftp.rename(path("tree"), other, { ...calm, overwrite: false });
      assert.equal(await at.run(`ls; cat ${other}/b; ls -A /dev/shm | grep backendai`), "1\n");
      await at.run(`rm -rf ${other}`);
    });

    it("copies files and trees whole, also under awkward names", async () => {
      await at.run(
        "mkdir -p src/sub; echo 1 > src/a; chmod 750 src/a; ln -s a src/link; ln -s nowhere src/dangling",
      );
      const copy = (from: string, to: string, overwrite: boolean): Promise<void> =>
        at.sftp.copy(path(from), path(to), { ...calm, overwrite });
      await copy("src", "dst", false);
      assert.equal(
        await at.run("stat -c %a dst/a; readlink dst/link dst/dangling; ls -A dst"),
        "750\na\nnowhere\na\ndangling\nlink\nsub\n",
      );
      await assert.rejects(copy("src", "dst", false), { failure: "exists" });
      await assert.rejects(copy("src", "src/sub/x", false), { failure: "invalid" });
      await assert.rejects(copy("none", "x", false), { failure: "notFound" });
      await at.run("echo 2 > src/a; touch dst/extra");
      await copy("src", "dst", true);
      assert.equal(await at.run("cat dst/a; ls -A dst"), "2\na\ndangling\nlink\nsub\n");
      for (const name of awkward) {
        await copy("src/a", name, false);
        await at.sftp.rename(path(name), path(`${name.slice(0, 200)}.moved`), { ...calm, overwrite: false });
        await at.sftp.remove(path(`${name.slice(0, 200)}.moved`), { ...calm, recursive: true });
      }
      assert.deepEqual(await names(), ["dst", "src"]);
    });
  });
});
