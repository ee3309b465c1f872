import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { silentLogger } from "../../../../src/base/logger.js";
import { isFileFailure } from "../../../../src/files/access/fileAccessError.js";
import { until } from "../../../support/until.js";
import { type FileConnection, RoutedAccess } from "../../../../src/files/access/ways/routedAccess.js";
import { SessionSftp } from "../../../../src/files/sftp/sessionSftp.js";
import { bytesOf, calm, contentOf, withAccess } from "../support/accessTarget.js";

describe("RoutedAccess", function () {
  this.timeout(120_000);
  const at = withAccess();
  let asked = 0;
  const routed = (connection: FileConnection, mayRun = true): RoutedAccess =>
    new RoutedAccess(
      { client: at.client, sessionId: at.sessionId },
      new SessionSftp(at.tunnels, silentLogger),
      {
        connection: () => connection,
        mayRunCommands: () => {
          asked += 1;
          return Promise.resolve(mayRun);
        },
      },
    );
  const path = (name: string): string => `${at.folder}/${name}`;

  beforeEach(() => {
    asked = 0;
  });

  describe("by the server's file calls", () => {
    it("looks, reads ranges and writes, without a command", async () => {
      const files = routed("api");
      await at.run(
        "mkdir dir; echo 12345 > file; chmod 640 file; ln -s file link; ln -s dir way; ln -s nowhere gone",
      );
      const list = (await files.list(at.folder, calm)).map(({ name, type, isLink }) => [name, type, isLink]);
      assert.deepEqual(list.sort(), [
        ["dir", "directory", false],
        ["file", "file", false],
        ["gone", "unknown", true],
        ["link", "file", true],
        ["way", "directory", true],
      ]);
      const { size, mode } = await files.stat(path("file"), calm);
      assert.deepEqual([size, mode], [6, 0o640]);
      const range = { start: 1, end: 3 };
      assert.equal((await bytesOf(files.read(path("file"), { ...calm, range }))).toString(), "23");
      const written = await files.write(path("file"), contentOf("new"), calm);
      assert.equal(written.size, 3);
      await files.write(path("made"), contentOf(randomBytes(900_000)), calm);
      assert.equal(await at.run("cat file; wc -c < made"), "new900000\n");
      assert.equal(asked, 0);
    });

    it("asks for a directory once, however many of its files are asked for", async () => {
      const files = routed("api");
      await at.run("seq 1 200 | xargs touch");
      const list = at.client.files.list.bind(at.client.files);
      let calls = 0;
      at.client.files.list = async (...given) => {
        calls += 1;
        return list(...given);
      };
      try {
        await Promise.all(Array.from({ length: 200 }, (_, n) => files.stat(path(String(n + 1)), calm)));
        await assert.rejects(files.stat(path("none"), calm), { failure: "notFound" });
        await files.list(at.folder, calm);
        assert.equal(calls, 1);
      } finally {
        at.client.files.list = list;
      }
    });

    it("says what is wrong, and writes nothing then", async () => {
      const files = routed("api", false);
      await at.run("mkdir dir; echo old > file");
      const seen = { size: 99, mtimeMs: 0 };
      const failures: readonly [() => Promise<unknown>, string][] = [
        [() => files.stat(path("none"), calm), "notFound"],
        [() => files.list(path("none"), calm), "notFound"],
        [() => files.list(path("file"), calm), "notADirectory"],
        [() => bytesOf(files.read(path("none"), calm)), "notFound"],
        [() => bytesOf(files.read(path("dir"), calm)), "isADirectory"],
        [() => files.write(path("dir"), contentOf("x"), calm), "isADirectory"],
        [() => files.write(path("none/x"), contentOf("x"), calm), "notFound"],
        [() => files.write(path("none"), contentOf("x"), { ...calm, create: false }), "notFound"],
        [() => files.write(path("file"), contentOf("x"), { ...calm, overwrite: false }), "exists"],
        [() => files.write(path("file"), contentOf("x"), { ...calm, expected: seen }), "changed"],
        [() => files.stat("/etc/passwd", calm), "unsupported"],
        [() => files.rename(path("file"), path("x"), { ...calm, overwrite: false }), "unsupported"],
        [() => files.write(path("file"), contentOf(Buffer.alloc(2_000_000)), calm), "tooLarge"],
      ];
      for (const [index, [act, failure]] of failures.entries()) {
        await assert.rejects(act, { failure }, `${index}: ${failure}`);
      }
      assert.equal(await at.run("cat file; ls -A"), "old\ndir\nfile\n");
      assert.equal(await files.can("rename", calm.signal), false);
    });
  });

  describe("by commands", () => {
    it("gives names, deletes, makes folders and copies", async () => {
      const files = routed("api");
      await at.run("echo 1 > 'a b'; mkdir -p tree/sub keep; echo precious > keep/x; ln -s ../keep tree/way");
      await files.makeDirectory(path("made"), calm);
      await assert.rejects(files.makeDirectory(path("made"), calm), { failure: "exists" });
      await files.rename(path("a b"), path("quote'\"\nline"), { ...calm, overwrite: false });
      await files.copy(path("quote'\"\nline"), path("copy"), { ...calm, overwrite: false });
      await assert.rejects(files.copy(path("copy"), path("made"), { ...calm, overwrite: false }), {
        failure: "exists",
      });
      await files.copy(path("tree"), path("made"), { ...calm, overwrite: true });
      await assert.rejects(files.remove(path("tree"), { ...calm, recursive: false }), {
        failure: "notEmpty",
      });
      await files.remove(path("tree"), { ...calm, recursive: true });
      assert.equal(
        await at.run("rm quote*; cat copy keep/x; readlink made/way; ls -A . made"),
        "1\nprecious\n../keep\n.:\ncopy\nkeep\nmade\n\nmade:\nsub\nway\n",
      );
    });

    it("writes and reads what is too large for the calls, and writes through links", async () => {
      const files = routed("api");
      const bytes = randomBytes(5_000_000);
      await at.run("echo old > real; chmod 750 real; ln -s real link");
      await files.write(path("link"), contentOf(bytes), calm);
      assert.ok((await bytesOf(files.read(path("real"), calm))).equals(bytes));
      assert.equal(await at.run("stat -c %a real; readlink link; ls -A"), "750\nreal\nlink\nreal\n");
      const range = { start: 1_000_000, end: 3_000_001 };
      assert.ok(
        (await bytesOf(files.read(path("real"), { ...calm, range }))).equals(
          bytes.subarray(range.start, range.end),
        ),
      );
      await assert.rejects(files.write(path("real"), contentOf(bytes), { ...calm, overwrite: false }), {
        failure: "exists",
      });
      assert.equal(await at.programs.run("ls -A | grep backendai-; true"), "");
    });

    it("is refused while the session is busy, and by whoever does not want it", async () => {
      const running = (async () => {
        for await (const event of at.client.runs.start(at.sessionId, {
          mode: "query",
          code: "import time; time.sleep(4)",
        })) {
          assert.ok(event);
        }
      })();
      await new Promise(setImmediate);
      await assert.rejects(routed("api").makeDirectory(path("a"), calm), {
        failure: "unavailable",
        message: /busy/,
      });
      await running;
      const refused = routed("api", false);
      await assert.rejects(refused.makeDirectory(path("a"), calm), {
        failure: "unsupported",
        message: /can't make folders/,
      });
      assert.equal(await at.run("ls -A"), "");
    });
  });

  it("goes by the server's calls where the session has no ssh", async () => {
    await at.programs.run("mv id_container kept");
    try {
      const files = routed("auto");
      await files.write(path("a"), contentOf("x"), calm);
      await files.rename(path("a"), path("b"), { ...calm, overwrite: false });
      assert.equal((await bytesOf(files.read(path("b"), calm))).toString(), "x");
      assert.ok(asked > 0);
      await assert.rejects(routed("ssh").stat(path("b"), calm), { failure: "unavailable" });
    } finally {
      await at.programs.run("mv kept id_container");
    }
  });

  it("says that the session is over", async () => {
    const { id } = await at.client.sessions.create({
      image: at.image,
      name: `over-${randomBytes(4).toString("hex")}`,
    });
    const place = { client: at.client, sessionId: id };
    const choice = { connection: () => "auto" as const, mayRunCommands: () => Promise.resolve(false) };
    const files = new RoutedAccess(place, new SessionSftp(at.tunnels, silentLogger), choice);
    await files.write("/home/work/a", contentOf("x"), calm);
    await at.client.sessions.destroy(id);
    // Real servers take their time to end a session, and until then its sshd serves.
    await until("the end of the session", async () =>
      files.stat("/home/work/a", calm).then(
        () => false,
        (error: unknown) => isFileFailure(error, "unavailable"),
      ),
    );
    await assert.rejects(files.write("/home/work/a", contentOf("x"), calm), { failure: "unavailable" });
  });
});
