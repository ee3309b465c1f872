import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { silentLogger } from "../../../../src/base/logger.js";
import type { FileAccess } from "../../../../src/files/access/fileAccess.js";
import { openSessionFiles } from "../../../../src/files/access/sessionFiles.js";
import type { FileConnection } from "../../../../src/files/access/ways/routedAccess.js";
import { SessionSftp } from "../../../../src/files/sftp/sessionSftp.js";
import { LocalEnd } from "../../../../src/files/transfer/localEnd.js";
import { manyBySsh } from "../../../../src/files/transfer/manyBySsh.js";
import { SessionEnd } from "../../../../src/files/transfer/sessionEnd.js";
import { createSender } from "../../../../src/files/upload/sender.js";
import { wordsFor } from "../../../../src/platform/describeError.js";
import { bytesOf, calm, contentOf } from "../../../unit/files/support/accessTarget.js";
import { carry } from "../../../unit/files/support/transferTarget.js";
import type { Cell } from "../cell.js";
import type { Operation } from "../operation.js";

const isTunnel = ({ target }: { readonly target: string }): boolean => target.includes("/tcpproxy");

const list: Operation = {
  name: "list files",
  words: "The files of a folder, by the server's calls",
  at: ({ target }) => target.includes("/files"),
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  prepare: async (cell) => writeFile(cell.diskPath("grüße 한글.txt"), "x"),
  act: async (cell) => {
    const names = (await (await accessOf(cell, "api")).list("/home/work", calm)).map(({ name }) => name);
    assert.ok(names.includes("grüße 한글.txt"), names.join());
  },
  verify: () => Promise.resolve(),
};

function read(connection: FileConnection): Operation {
  const isBySsh = connection === "ssh";
  return {
    name: isBySsh ? "read a large file" : "read a small file",
    words: isBySsh ? "Opening a large file, by SFTP" : "Opening a small file, by the server's calls",
    at: isBySsh ? isTunnel : ({ target }) => target.includes("/download"),
    carries: isBySsh ? "tunnel" : "answer",
    flowBytes: isBySsh ? 60_000 : 0,
    hasSession: true,
    prepare: async (cell) => {
      cell.content = randomBytes(isBySsh ? cell.options.largeBytes : cell.options.smallBytes);
      await writeFile(cell.diskPath("read.bin"), cell.content);
    },
    act: async (cell) => {
      const access = await accessOf(cell, connection);
      const bytes = await bytesOf(access.read("/home/work/read.bin", calm));
      assert.ok(
        bytes.equals(cell.content),
        `${String(bytes.length)} of ${String(cell.content.length)} bytes`,
      );
    },
    verify: () => Promise.resolve(),
  };
}

function write(connection: FileConnection): Operation {
  const isBySsh = connection === "ssh";
  const old = Buffer.from("the old content\n");
  return {
    name: isBySsh ? "save a large file" : "save a small file",
    words: isBySsh ? "Saving a large file, by SFTP" : "Saving a small file, by the server's calls",
    at: isBySsh ? isTunnel : ({ target }) => target.includes("/upload"),
    carries: isBySsh ? "tunnel" : "answer",
    flowBytes: isBySsh ? 60_000 : 0,
    hasSession: true,
    prepare: async (cell) => {
      cell.content = randomBytes(isBySsh ? cell.options.largeBytes : cell.options.smallBytes);
      await writeFile(cell.diskPath("saved.bin"), old);
    },
    act: async (cell) => {
      const access = await accessOf(cell, connection);
      await access.write("/home/work/saved.bin", contentOf(cell.content), calm);
    },
    verify: async (cell, { isDone }) => {
      const now = await cell.fileOf("saved.bin");
      const kept = cell.told.flatMap((sentence) => /\S+backendai-kept-\w+\Sold\b/.exec(sentence) ?? []);
      for (const file of kept) {
        assert.ok((await readFile(file)).equals(old), "what is kept is the old content");
        await rm(path.dirname(file), { recursive: true });
      }
      const isKnown = now?.equals(cell.content) === true || (!isDone && now?.equals(old) === true);
      assert.ok(isKnown, "old or new");
    },
  };
}

const rename: Operation = {
  name: "rename a file",
  words: "Renaming a file, by SFTP",
  at: isTunnel,
  carries: "tunnel",
  flowBytes: 5000,
  hasSession: true,
  prepare: async (cell) => writeFile(cell.diskPath("from.txt"), "moved\n"),
  act: async (cell) => {
    const access = await accessOf(cell, "auto");
    await access.rename("/home/work/from.txt", "/home/work/to.txt", { ...calm, overwrite: false });
  },
  verify: async (cell, { isDone }) => {
    const [from, to] = await Promise.all([cell.fileOf("from.txt"), cell.fileOf("to.txt")]);
    const there = [from, to].filter((content) => content !== undefined);
    assert.deepEqual(there.map(String), ["moved\n"], "it is there once");
    assert.ok(!isDone || to !== undefined);
  },
};

const archive: Operation = {
  name: "download an archive",
  words: "Downloading a folder as the server's archive",
  at: ({ target }) => target.includes("/download"),
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  prepare: async (cell) => {
    await mkdir(cell.diskPath("results"));
    for (const name of ["a.bin", "b.bin"]) {
      await writeFile(cell.diskPath(`results/${name}`), name.repeat(cell.options.smallBytes / 8));
    }
  },
  act: async (cell) => {
    await cell.client.files.downloadTo(cell.session.id, ["results"], cell.local);
  },
  verify: async (cell, { isDone }) => {
    const names = await readdir(path.join(cell.local, "results")).catch(() => []);
    for (const name of names) {
      const content = await readFile(path.join(cell.local, "results", name), "utf8");
      assert.equal(content, name.repeat(cell.options.smallBytes / 8), `${name} is whole`);
    }
    assert.ok(!isDone || names.length === 2);
  },
};

const send: Operation = {
  name: "send files",
  words: "The files that travel with a run",
  at: ({ target }) => target.includes("/upload"),
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  act: async (cell) => {
    const files = Array.from({ length: 5 }, (_, index) => ({
      path: `sent/${String(index)}.txt`,
      size: 100,
      read: () => Promise.resolve(Buffer.alloc(100, String(index))),
    }));
    await createSender({ tunnels: cell.tunnels, logger: silentLogger })(
      cell.client,
      cell.session.id,
      files,
      calm,
    );
  },
  verify: async (cell, { isDone }) => {
    for (let index = 0; index < 5 && isDone; index += 1) {
      assert.equal(String(await cell.fileOf(`sent/${String(index)}.txt`)), String(index).repeat(100));
    }
  },
};

const transfer: Operation = {
  name: "transfer many files",
  words: "Uploading a folder of 40 files, which go together as an archive by ssh",
  at: isTunnel,
  carries: "tunnel",
  flowBytes: 8000,
  hasSession: true,
  prepare: async (cell) => {
    await mkdir(path.join(cell.local, "tree"));
    for (let index = 0; index < filesOf(cell); index += 1) {
      await writeFile(
        path.join(cell.local, "tree", `${String(index)}.txt`),
        `file ${String(index)}\n`.repeat(4),
      );
    }
  },
  act: async (cell) => {
    const { client, tunnels } = cell;
    const sessionId = cell.session.id;
    const sftp = new SessionSftp(tunnels, silentLogger);
    const many = manyBySsh({ client, sessionId, tunnels, sftp, logger: silentLogger });
    const access = await openSessionFiles({ client, sessionId }, sftp);
    const outcome = await carry({
      source: new LocalEnd(),
      target: new SessionEnd("session", access, many),
      paths: [path.join(cell.local, "tree")],
      folder: "/home/work",
    });
    for (const sentence of new Set(outcome.failures.map(({ error }) => wordsFor(error)))) {
      cell.tell(sentence);
    }
  },
  verify: async (cell, { isDone }) => {
    const names = await readdir(cell.diskPath("tree")).catch(() => []);
    for (const name of names.filter((name) => /^\d+\.txt$/.test(name))) {
      const content = String(await cell.fileOf(`tree/${name}`));
      assert.equal(content, `file ${name.replace(".txt", "")}\n`.repeat(4), `${name} is whole`);
    }
    assert.ok(!isDone || names.length === filesOf(cell), names.join());
  },
};

export const fileOperations: readonly Operation[] = [
  list,
  read("api"),
  read("ssh"),
  write("api"),
  write("ssh"),
  rename,
  archive,
  send,
  transfer,
];

/** So few that a slow connection carries them in time, and so many that they go together. */
function filesOf({ options }: Cell): number {
  return options.largeBytes > 10_000 ? 40 : 9;
}

async function accessOf(cell: Cell, connection: FileConnection): Promise<FileAccess> {
  const { client, session, tunnels } = cell;
  return openSessionFiles({ client, sessionId: session.id }, new SessionSftp(tunnels, silentLogger), {
    connection: () => connection,
    mayRunCommands: () => Promise.resolve(false),
  });
}
