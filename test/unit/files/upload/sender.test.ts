import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { FileTooLargeError } from "../../../../src/api/errors.js";
import { silentLogger } from "../../../../src/base/logger.js";
import type { OutgoingFile, SendOptions } from "../../../../src/files/upload/outgoingFile.js";
import { createSender } from "../../../../src/files/upload/sender.js";
import { until } from "../../../support/until.js";
import { outgoing, withUploads } from "../support/uploadTarget.js";

/** More than the server's own upload takes, so that SFTP has to carry it. */
const large = 1_500_000;

describe("createSender", function () {
  this.timeout(120_000);
  const at = withUploads();

  const send = async (files: readonly OutgoingFile[], options: Partial<SendOptions> = {}): Promise<void> => {
    const sender = createSender({ tunnels: at.tunnels, logger: silentLogger });
    await sender(at.client, at.sessionId, files, { signal: new AbortController().signal, ...options });
  };

  /** What is in a folder of the session, hidden ones included. */
  const names = async (folder: string): Promise<string[]> =>
    (await at.programs.run(`ls -A ${folder} 2>/dev/null`)).split("\n").filter((name) => name !== "");

  const sum = async (path: string): Promise<string | undefined> =>
    (await at.programs.run(`sha256sum < '${path}'`)).split(" ")[0];

  const sumOf = async (file: OutgoingFile): Promise<string> =>
    createHash("sha256")
      .update(await file.read())
      .digest("hex");

  it("puts files of any size where they belong, and tells of each", async () => {
    const files = [
      outgoing("many/a/empty", ""),
      outgoing("many/a/b/c/deep.txt", "deep"),
      outgoing("many/with space/Äpfel 'n' 猫.txt", "names"),
      outgoing("many/large.bin", large),
      outgoing("many/larger.bin", 6 * large),
      ...Array.from({ length: 40 }, (_, index) => outgoing(`many/list/${index}.txt`, `number ${index}`)),
    ];
    const progress: number[] = [];
    await send(files, { onProgress: (sent) => progress.push(sent) });
    assert.equal(progress.at(-1), files.length);
    for (const file of [files[2]!, files[4]!]) {
      assert.equal(await sum(file.path.replaceAll("'", `'\\''`)), await sumOf(file));
    }
    const listed = await at.programs.run("cd many && find . -type f | sort | xargs -d '\\n' cat | wc -c");
    assert.equal(
      Number(listed),
      files.reduce((total, { size }) => total + size, 0),
    );
    assert.deepEqual((await names("many/list")).length, 40);
    assert.deepEqual(await names("many/a"), ["b", "empty"]);
  });

  it("takes the last of two with one name", async () => {
    await send([outgoing("twice.txt", large), outgoing("./twice.txt", "last")]);
    assert.equal(await at.programs.run("cat twice.txt"), "last");
  });

  it("keeps the mode of what was there, and replaces a link instead of what it leads to", async () => {
    await at.programs.run("mkdir -p old && echo > old/run.bin && chmod 750 old/run.bin");
    await at.programs.run("echo precious > old/behind && ln -sf behind old/link");
    await send([outgoing("old/run.bin", large), outgoing("old/link", "new")]);
    assert.equal((await at.programs.run("stat -c %a,%s old/run.bin")).trim(), `750,${large}`);
    assert.equal(await at.programs.run("cat old/behind old/link"), "precious\nnew");
  });

  it("shows a program that reads meanwhile the old file or the new one, and never a part", async () => {
    const sizes = [2 * large, 3 * large];
    await send([outgoing("whole/data.bin", sizes[0]!)]);
    const seen = at.programs.run(
      "i=0; while [ ! -e whole/stop ] && [ $i -lt 20000 ]; do wc -c < whole/data.bin; i=$((i+1)); done | sort -u",
    );
    for (const size of [sizes[1]!, sizes[0]!, sizes[1]!]) {
      await send([outgoing("whole/data.bin", size)]);
    }
    await at.programs.run("touch whole/stop");
    assert.deepEqual((await seen).trim().split(/\s+/).map(Number).sort(), sizes);
  });

  it("refuses a path that leaves the home, before anything is written", async () => {
    for (const path of ["../away.txt", "/etc/passwd", "safe/../../away.txt", "."]) {
      await assert.rejects(send([outgoing("unsafe/first.txt", large), outgoing(path, "x")]), {
        code: "UNSAFE_PATH",
      });
    }
    assert.deepEqual(await names("unsafe"), []);
  });

  it("names the file when something else is in its place", async () => {
    await at.programs.run("mkdir -p taken/folder && echo > taken/file");
    await assert.rejects(send([outgoing("taken/folder", large)]), {
      code: "REMOTE_WRITE",
      message: "taken/folder could not be written in the session: a folder of that name is there.",
    });
    await assert.rejects(send([outgoing("taken/file/x.bin", large)]), {
      code: "REMOTE_WRITE",
      message: /^taken\/file\/x.bin could not .*taken\/file is no folder/,
    });
    assert.deepEqual(await names("taken"), ["file", "folder"]);
  });

  it("leaves nothing half behind when it is aborted", async () => {
    const controller = new AbortController();
    const sending = send([outgoing("aborted/huge.bin", 80_000_000)], { signal: controller.signal });
    await until("a file under way", async () =>
      (await names("aborted")).some((name) => name.endsWith(".part")),
    );
    controller.abort();
    await assert.rejects(sending, { name: "AbortError" });
    assert.deepEqual(await names("aborted"), []);
    await send([outgoing("aborted/after.bin", large)]);
    assert.deepEqual(await names("aborted"), ["after.bin"]);
  });

  it("names the file when the connection is lost", async () => {
    const lease = await at.tunnels.ssh(at.client, at.sessionId).acquire();
    const sending = send([outgoing("lost/huge.bin", 80_000_000)]);
    await Promise.all([
      assert.rejects(sending, { code: "NETWORK", message: /^lost\/huge.bin could not be sent/ }),
      until("a file under way", async () => (await names("lost")).length > 0).then(() =>
        lease.connection.close(),
      ),
    ]);
    await send([outgoing("lost/after.bin", large)]);
    assert.ok((await names("lost")).includes("after.bin"));
  });

  it("replaces what the server's own upload left to root", async function () {
    if (!at.isReal) {
      this.skip(); // the engine's uploads belong to its user
    }
    const path = "foreign/folder/file.txt";
    await at.client.files.upload(at.sessionId, [{ path, content: Buffer.from("old") }]);
    await send([outgoing(path, "new"), outgoing("foreign/other.txt", "other")]);
    assert.equal(await at.programs.run(`cat ${path} foreign/other.txt`), "newother");
  });

  it("uses the server's own upload where the session has no key, and says what is too large for it", async () => {
    await at.programs.run("mv id_container kept");
    try {
      await send([outgoing("keyless/small.txt", "small")]);
      assert.equal(await at.programs.run("cat keyless/small.txt"), "small");
      const tooLarge = send([outgoing("keyless/other.txt", "x"), outgoing("keyless/large.bin", large)]);
      await assert.rejects(tooLarge, (error) => {
        assert.ok(error instanceof FileTooLargeError);
        assert.equal(error.file, "keyless/large.bin");
        return true;
      });
      assert.deepEqual(await names("keyless"), ["small.txt"]);
    } finally {
      await at.programs.run("mv kept id_container");
    }
  });
});
