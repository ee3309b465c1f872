import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { delay } from "../../../../src/base/abort.js";
import { NetworkError } from "../../../../src/base/errors.js";
import type { TransferEnd } from "../../../../src/files/transfer/transferEnd.js";
import { planTransfer } from "../../../../src/files/transfer/transferPlan.js";
import {
  planOfFailures,
  runTransfer,
  type TransferProgress,
} from "../../../../src/files/transfer/transferRun.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { until } from "../../../support/until.js";
import { withFiles } from "../support/filesTarget.js";
import { carry, localEnd, sessionEnd } from "../support/transferTarget.js";

/** An end that does some things otherwise. */
function changedEnd(
  end: TransferEnd,
  changes: Partial<Pick<TransferEnd, "look" | "read" | "write" | "fetchMany">>,
): TransferEnd {
  return {
    label: end.label,
    join: (...place) => end.join(...place),
    keyOf: (name) => end.keyOf(name),
    look: async (...asked) => end.look(...asked),
    list: async (...asked) => end.list(...asked),
    read: (...asked) => end.read(...asked),
    write: async (...asked) => end.write(...asked),
    makeFolder: async (...asked) => end.makeFolder(...asked),
    ...changes,
  };
}

const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("transfers", function () {
  this.timeout(180_000);
  const at = withFiles();
  const newFolder = temporaryFolders();
  let local: string;
  let folder: string;

  beforeEach(async () => {
    local = await newFolder();
    folder = await at.folder();
  });

  /** A tree with many small files, some large ones, strange names, an empty folder, a program. */
  const makeTree = async (root: string): Promise<Map<string, Uint8Array>> => {
    const files = new Map<string, Uint8Array>();
    for (let index = 0; index < 60; index += 1) {
      files.set(`many/${index % 5}/file ${index}.txt`, randomBytes(index * 37));
    }
    files.set("large.bin", randomBytes(3_000_000));
    files.set("names/with 'quotes' \"and\" $(x) #%?&.txt", Buffer.from("quotes"));
    files.set("names/猫 é.txt", Buffer.from("cat"));
    files.set("names/-n", Buffer.from("dash"));
    files.set("names/line\nbreak", Buffer.from("break"));
    files.set(`names/${"long".repeat(60)}`, Buffer.from("long"));
    files.set("empty file", Buffer.alloc(0));
    for (const [name, bytes] of files) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), bytes);
    }
    await mkdir(path.join(root, "empty/folder"), { recursive: true });
    await chmod(path.join(root, "names/-n"), 0o755);
    return files;
  };

  const contentOf = async (root: string): Promise<Map<string, string>> => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return new Map(
      await Promise.all(
        files.map(async ({ parentPath, name }) => {
          const file = path.join(parentPath, name);
          return [path.relative(root, file), sha(await readFile(file))] as const;
        }),
      ),
    );
  };

  const namesIn = async (where: string): Promise<string[]> =>
    (await at.run(`cd '${where}' && find . -mindepth 1 | sort`)).trim().split("\n");

  it("carries a folder into the session and back, byte for byte", async () => {
    const files = await makeTree(path.join(local, "project"));
    const progress: TransferProgress[] = [];
    const up = await carry({
      source: localEnd(),
      target: sessionEnd(at),
      paths: [path.join(local, "project")],
      folder,
      onProgress: (step) => progress.push(step),
    });
    assert.deepEqual(up.failures, []);
    assert.equal(up.files, files.size);
    const bytes = [...files.values()].reduce((total, file) => total + file.length, 0);
    assert.deepEqual(progress.at(-1), { files: files.size, allFiles: files.size, bytes, allBytes: bytes });
    assert.ok(progress.every((step) => step.bytes >= 0 && step.bytes <= bytes));
    assert.equal(
      (
        await at.run(
          `test -x '${folder}/project/names/-n' && test -d '${folder}/project/empty/folder' && echo yes`,
        )
      ).trim(),
      "yes",
    );
    assert.equal(await at.run(`find '${folder}' -name '.backendai*'`), "");

    const back = path.join(local, "back");
    await mkdir(back);
    const down = await carry({
      source: sessionEnd(at),
      target: localEnd(back),
      paths: [`${folder}/project`],
      folder: back,
    });
    assert.deepEqual(down.failures, []);
    assert.equal(down.files, files.size);
    assert.deepEqual(
      new Map([...(await contentOf(path.join(back, "project")))].sort()),
      new Map([...files].map(([name, content]) => [name, sha(content)] as const).sort()),
    );
    assert.ok((await lstat(path.join(back, "project/empty/folder"))).isDirectory());
    assert.ok(((await lstat(path.join(back, "project/names/-n"))).mode & 0o100) !== 0);
  });

  for (const direction of ["up", "down"] as const) {
    it(`asks once about names that are taken, and does what is chosen (${direction})`, async () => {
      const names = Array.from({ length: 12 }, (_, index) => `${index}.txt`);
      const put = async (where: "source" | "target", name: string, text: string): Promise<void> => {
        if ((where === "source") === (direction === "up")) {
          await mkdir(path.join(local, where), { recursive: true });
          await writeFile(path.join(local, where, name), text);
        } else {
          await at.run(`mkdir -p '${folder}/${where}' && printf '${text}' > '${folder}/${where}/${name}'`);
        }
      };
      for (const name of names) {
        await put("source", name, `new${name}`);
      }
      for (const name of [...names.slice(0, 3), "2 (1).txt"]) {
        await put("target", name, `old${name}`);
      }
      let asked = 0;
      const isUp = direction === "up";
      const outcome = await carry({
        source: isUp ? localEnd() : sessionEnd(at),
        target: isUp ? sessionEnd(at) : localEnd(path.join(local, "target")),
        paths: names.map((name) => (isUp ? path.join(local, "source", name) : `${folder}/source/${name}`)),
        folder: isUp ? `${folder}/target` : path.join(local, "target"),
        choose: (conflicts) => {
          asked += 1;
          const choices = { "0.txt": "replace", "1.txt": "skip", "2.txt": "keepBoth" } as const;
          return conflicts.map(({ name }) => choices[name as keyof typeof choices]);
        },
      });
      assert.equal(asked, 1);
      assert.deepEqual(outcome.skipped, [{ name: "1.txt", why: "its name is taken" }]);
      assert.equal(outcome.files, 11);
      const text = async (name: string): Promise<string> =>
        isUp ? at.run(`cat '${folder}/target/${name}'`) : readFile(path.join(local, "target", name), "utf8");
      const found = await Promise.all(
        ["0.txt", "1.txt", "2.txt", "2 (1).txt", "2 (2).txt", "11.txt"].map(text),
      );
      assert.deepEqual(found, ["new0.txt", "old1.txt", "old2.txt", "old2 (1).txt", "new2.txt", "new11.txt"]);
    });
  }

  it("follows no links, and tells of them", async () => {
    await mkdir(path.join(local, "linked"));
    await writeFile(path.join(local, "secret"), "secret");
    await symlink(path.join(local, "secret"), path.join(local, "linked/file"));
    await symlink(local, path.join(local, "linked/loop"));
    await symlink("nowhere", path.join(local, "linked/broken"));
    const up = await carry({
      source: localEnd(),
      target: sessionEnd(at),
      paths: [path.join(local, "linked")],
      folder,
    });
    assert.deepEqual(up.skipped.map(({ name, why }) => `${name}: ${why}`).sort(), [
      "linked/broken: a link",
      "linked/file: a link",
      "linked/loop: a link",
    ]);
    assert.deepEqual(await namesIn(folder), ["./linked"]);
    await at.run(
      `cd '${folder}' && ln -s /etc/passwd linked/passwd && ln -s .. linked/up && mkfifo linked/pipe`,
    );
    const back = path.join(local, "back");
    await mkdir(back);
    const down = await carry({
      source: sessionEnd(at),
      target: localEnd(back),
      paths: [`${folder}/linked`],
      folder: back,
    });
    assert.deepEqual(down.skipped.map(({ name, why }) => `${name}: ${why}`).sort(), [
      "linked/passwd: a link",
      "linked/pipe: a device or a pipe",
      "linked/up: a link",
    ]);
    assert.deepEqual(await readdir(back, { recursive: true }), ["linked"]);
  });

  it("writes nothing through links that are in the local folder", async () => {
    const outside = path.join(local, "outside");
    const back = path.join(local, "back");
    await mkdir(outside);
    await mkdir(path.join(back, "data"), { recursive: true });
    await symlink(outside, path.join(back, "data/sub"));
    await writeFile(path.join(outside, "precious"), "precious");
    await symlink(path.join(outside, "precious"), path.join(back, "data/file"));
    await at.run(`cd '${folder}' && mkdir -p data/sub && echo bad > data/sub/x && echo new > data/file`);
    const outcome = await carry({
      source: sessionEnd(at),
      target: localEnd(back),
      paths: [`${folder}/data`],
      folder: back,
      choose: (conflicts) => conflicts.map(() => "replace"),
    });
    assert.deepEqual(
      outcome.failures.map(({ name, error }) => [name, (error as { code: string }).code]),
      [["data/sub/x", "UNSAFE_PATH"]],
    );
    assert.deepEqual(await readdir(outside), ["precious"]);
    assert.equal(await readFile(path.join(outside, "precious"), "utf8"), "precious");
    assert.ok((await lstat(path.join(back, "data/file"))).isFile(), "the link itself was replaced");
  });

  it("tells of each failure, carries the rest, and tries only the failed ones again", async () => {
    await mkdir(path.join(local, "some"));
    for (let index = 0; index < 20; index += 1) {
      await writeFile(path.join(local, "some", `${index}.txt`), `${index}`);
    }
    await at.run(`mkdir -p '${folder}/some'`);
    const ends = { source: localEnd(), target: sessionEnd(at) };
    const { signal } = new AbortController();
    const choose = (): Promise<never> => Promise.reject(new Error("nothing is taken"));
    const plan = await planTransfer(
      { ...ends, choose },
      { paths: [path.join(local, "some")], folder },
      { signal },
    );
    await at.run(`mkdir -p '${folder}/some/7.txt/in the way'`); // after it was planned
    const outcome = await runTransfer(ends, plan, { signal });
    assert.deepEqual(
      outcome.failures.map(({ name }) => name),
      ["some/7.txt"],
    );
    assert.equal(outcome.files, 19);
    await at.run(`rm -r '${folder}/some/7.txt'`);
    const again = await runTransfer(ends, planOfFailures(plan, outcome), { signal });
    assert.deepEqual([again.files, again.failures], [1, []]);
    assert.equal(await at.run(`cat '${folder}/some/7.txt'`), "7");
  });

  it("ends when it is cancelled, and leaves nothing half", async () => {
    await writeFile(path.join(local, "huge.bin"), Buffer.alloc(60_000_000, 7));
    for (const direction of ["up", "down"] as const) {
      const controller = new AbortController();
      const target = path.join(local, "down");
      await mkdir(target, { recursive: true });
      if (direction === "down") {
        await at.run(`rm -rf '${folder}'/* && head -c 60000000 /dev/zero > '${folder}/huge.bin'`);
      }
      const work = carry({
        ...(direction === "up"
          ? { source: localEnd(), target: sessionEnd(at), paths: [path.join(local, "huge.bin")], folder }
          : {
              source: sessionEnd(at),
              target: localEnd(target),
              paths: [`${folder}/huge.bin`],
              folder: target,
            }),
        signal: controller.signal,
        onProgress: ({ bytes }) => bytes > 0 && controller.abort(),
      });
      if (direction === "up") {
        setTimeout(() => controller.abort(), 150).unref();
      }
      await assert.rejects(work, { name: "AbortError" });
      assert.deepEqual(await readdir(target), []);
      if (direction === "up") {
        await until("nothing half", async () => (await namesIn(folder)).join() === "");
      }
    }
  });

  it("goes on where it was after the connection was lost", async () => {
    const size = 40_000_000;
    await at.run(`head -c ${size} /dev/urandom > '${folder}/big.bin'`);
    const expected = (await at.run(`sha256sum < '${folder}/big.bin'`)).split(" ")[0];
    let cuts = 0;
    const seen: number[] = [];
    const outcome = await carry({
      source: sessionEnd(at),
      target: localEnd(local),
      paths: [`${folder}/big.bin`],
      folder: local,
      onProgress: ({ bytes }) => {
        seen.push(bytes);
        if (cuts < 2 && bytes > (cuts + 1) * 10_000_000) {
          cuts += 1;
          void at.tunnels
            .ssh(at.client, at.sessionId)
            .acquire()
            .then(({ connection }) => connection.close());
        }
      },
    });
    assert.deepEqual(outcome.failures, []);
    assert.equal(cuts, 2);
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      seen,
      "it never began anew",
    );
    assert.equal(sha(await readFile(path.join(local, "big.bin"))), expected);
  });

  it("takes a file for its own that it wrote before the connection was lost", async () => {
    await at.run(`echo all > '${folder}/file'`);
    const session = sessionEnd(at);
    const look: TransferEnd["look"] = async (file, options) => {
      const found = await session.look(file, options);
      const isWritten = (await readdir(local)).includes("file");
      if (file.endsWith("/file") && isWritten && !isLost) {
        isLost = true;
        throw new NetworkError("unplugged", undefined);
      }
      return found;
    };
    const source = changedEnd(session, { look });
    let isLost = false;
    const target = localEnd(local);
    const outcome = await carry({ source, target, paths: [`${folder}/file`], folder: local });
    assert.deepEqual([outcome.files, outcome.failures, isLost], [1, [], true]);
    assert.equal(await readFile(path.join(local, "file"), "utf8"), "all\n");
  });

  it("goes on with an archive when the connection is lost midway, and writes no file twice on a slow disk", async () => {
    await at.run(
      `mkdir '${folder}/small' && cd '${folder}/small' && for n in $(seq 200); do head -c 60000 /dev/zero > $n; done`,
    );
    const end = localEnd(local);
    const written: string[] = [];
    const write: TransferEnd["write"] = async (file, ...how) => {
      written.push(file);
      if (written.length === 1) {
        (await at.tunnels.ssh(at.client, at.sessionId).acquire()).connection.close();
        await delay(1500);
      }
      return end.write(file, ...how);
    };
    const session = sessionEnd(at);
    const readAlone: string[] = [];
    const source = changedEnd(session, {
      fetchMany: async (...asked) => session.fetchMany(...asked),
      read: (file, ...how) => {
        readAlone.push(file);
        return session.read(file, ...how);
      },
    });
    const outcome = await carry({
      source,
      target: changedEnd(end, { write }),
      paths: [`${folder}/small`],
      folder: local,
    });
    assert.deepEqual([outcome.files, outcome.failures], [200, []]);
    assert.equal((await readdir(path.join(local, "small"))).length, 200);
    assert.deepEqual(readAlone, []);
    assert.equal(written.length, new Set(written).size, "none twice");
  });

  it("sends small files again when the connection is lost midway", async () => {
    await mkdir(path.join(local, "small"));
    for (let index = 0; index < 300; index += 1) {
      await writeFile(path.join(local, "small", `${index}`), Buffer.alloc(60_000, index));
    }
    let isCut = false;
    const outcome = await carry({
      source: localEnd(),
      target: sessionEnd(at),
      paths: [path.join(local, "small")],
      folder,
      onProgress: ({ bytes }) => {
        if (!isCut && bytes > 6_000_000) {
          isCut = true;
          void at.tunnels
            .ssh(at.client, at.sessionId)
            .acquire()
            .then(({ connection }) => connection.close());
        }
      },
    });
    assert.deepEqual([outcome.files, outcome.failures, isCut], [300, [], true]);
    const sizes = await at.run(`cd '${folder}' && find small -type f -size 60000c | wc -l`);
    assert.equal(Number(sizes), 300);
    await until(
      "what was begun to be gone",
      async () => (await at.run(`find '${folder}' -name '.backendai*'`)) === "",
    );
  });
});
