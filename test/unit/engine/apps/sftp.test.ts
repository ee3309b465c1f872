import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type ssh2 from "ssh2";
import type { FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { login, openSftp, run } from "../support/appClients.js";
import { engines } from "../support/engines.js";

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** The calls that answer nothing. */
type Plain = "mkdir" | "rmdir" | "unlink" | "rename" | "chmod" | "utimes" | "symlink" | "ext_openssh_rename";

const status = { noSuchFile: 2, failure: 4 } as const;

describe("engine sftp", () => {
  const start = engines();
  const folder = temporaryFolders();
  let ssh: ssh2.Client;
  let sftp: SFTPWrapper;
  before(async () => {
    const { client } = await start();
    ({ ssh } = await login(client, await client.create("sftp")));
    sftp = await openSftp(ssh);
  });
  after(() => ssh.end());

  const call = async (name: Plain, ...args: readonly unknown[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      const method: unknown = Reflect.get(sftp, name);
      assert.ok(typeof method === "function");
      Reflect.apply(method, sftp, [...args, done]);
    });
  const stat = async (name: string): Promise<Stats> => promisify(sftp.stat.bind(sftp))(name);
  const shell = async (command: string): Promise<string> => (await run(ssh, command)).stdout.toString();
  const list = async (name: string): Promise<FileEntryWithStats[]> =>
    (await promisify<string, FileEntryWithStats[]>(sftp.readdir.bind(sftp))(name)).sort((one, other) =>
      one.filename < other.filename ? -1 : 1,
    );

  it("puts and gets 5 MB, whole", async () => {
    const [local, sent] = [await folder(), randomBytes(5_000_001)];
    const [from, back] = [path.join(local, "sent"), path.join(local, "back")];
    await writeFile(from, sent);
    await promisify(sftp.fastPut.bind(sftp) as (from: string, to: string, done: () => void) => void)(
      from,
      "put",
    );
    assert.equal(await shell("sha256sum < put"), `${sha256(sent)}  -\n`);
    await promisify(sftp.fastGet.bind(sftp) as (from: string, to: string, done: () => void) => void)(
      "put",
      back,
    );
    assert.equal(sha256(await readFile(back)), sha256(sent));
  });

  it("streams a file to a slow reader, and a reader may stop in the middle", async () => {
    await shell("head -c 3000000 /dev/zero > zeros");
    let size = 0;
    for await (const bytes of sftp.createReadStream("zeros") as AsyncIterable<Buffer>) {
      size += bytes.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(size, 3_000_000);
    const stopped = sftp.createReadStream("zeros");
    await once(stopped, "readable");
    stopped.destroy();
    await once(stopped, "close");
    assert.equal((await stat("zeros")).size, 3_000_000);
  });

  it("appends, truncates and refuses to overwrite as the flags say", async () => {
    const write = async (text: string, flag: string): Promise<void> => {
      const stream = sftp.createWriteStream("flags", { flags: flag as "w" });
      stream.end(text);
      await once(stream, "close");
    };
    await write("one,", "w");
    await write("two", "a");
    assert.equal(await shell("cat flags"), "one,two");
    await write("three", "w");
    assert.equal(await shell("cat flags"), "three");
    await assert.rejects(write("four", "wx"), { code: status.failure });
    assert.equal(await shell("cat flags"), "three");
  });

  it("tells and changes size, mode and times", async () => {
    await shell("printf 12345 > facts; chmod 640 facts");
    const before = await stat("/home/work/facts");
    assert.deepEqual([before.size, before.mode & 0o7777, before.isFile()], [5, 0o640, true]);
    await call("chmod", "facts", 0o600);
    await call("utimes", "facts", 1_000_000_000, 1_100_000_000);
    const { mode, atime, mtime } = await stat("facts");
    assert.deepEqual([mode & 0o7777, atime, mtime], [0o600, 1_000_000_000, 1_100_000_000]);
    assert.equal(await shell("stat -c %a facts"), "600\n");
    assert.ok((await stat(".")).isDirectory());
    await assert.rejects(stat("nosuch"), { code: status.noSuchFile });
    await assert.rejects(stat("facts/inside"), { code: status.noSuchFile });
  });

  it("lists directories, large ones as well", async () => {
    await shell("mkdir -p listed/sub; printf abc > listed/é.txt; ln -s é.txt listed/link");
    const [link, sub, file, ...rest] = await list("listed");
    assert.deepEqual(
      [link, sub, file].map((entry) => entry?.filename),
      ["link", "sub", "é.txt"],
    );
    assert.deepEqual(rest, []);
    assert.ok(link?.attrs.isSymbolicLink());
    assert.ok(sub?.attrs.isDirectory());
    assert.equal(file?.attrs.size, 3);
    assert.match(file.longname, /^-rw-r--r-- +1 work +work +3 \w{3} [ \d]\d \d\d:\d\d é\.txt$/);
    await shell("mkdir many; cd many; seq 1 1000 | xargs touch");
    assert.equal((await list("many")).length, 1000);
    await assert.rejects(list("nosuch"), { code: status.noSuchFile });
    await assert.rejects(list("listed/é.txt"), { code: status.noSuchFile });
  });

  it("makes, renames and removes", async () => {
    await call("mkdir", "made", { mode: 0o700 });
    assert.equal((await stat("made")).mode & 0o7777, 0o700);
    await assert.rejects(call("mkdir", "made"), { code: status.failure });
    await shell("echo old > made/old; echo taken > made/taken");
    await call("rename", "made/old", "/home/work/made/new");
    assert.equal(await shell("cat made/new; ls made"), "old\nnew\ntaken\n");
    await assert.rejects(call("rename", "made/new", "made/taken"), { code: status.failure });
    assert.equal(await shell("cat made/taken"), "taken\n");
    await call("ext_openssh_rename", "made/new", "made/taken");
    assert.equal(await shell("cat made/taken; ls made"), "old\ntaken\n");
    await assert.rejects(call("rmdir", "made"), { code: status.failure });
    await assert.rejects(call("rmdir", "made/taken"));
    await assert.rejects(call("unlink", "made"));
    await call("unlink", "made/taken");
    await assert.rejects(call("unlink", "made/taken"), { code: status.noSuchFile });
    await call("rmdir", "made");
    assert.equal(await shell("ls -d made 2>&1 >/dev/null | wc -l"), "1\n");
  });

  it("makes links that lead where the client means, and reads them", async () => {
    await shell("mkdir linked; echo there > linked/file");
    await call("symlink", "file", "linked/relative");
    await call("symlink", "/home/work/linked/file", "linked/absolute");
    assert.equal(await shell("cat linked/relative linked/absolute"), "there\nthere\n");
    assert.equal(await promisify(sftp.readlink.bind(sftp))("linked/relative"), "file");
    assert.ok((await promisify(sftp.lstat.bind(sftp))("linked/absolute")).isSymbolicLink());
    assert.ok((await stat("linked/absolute")).isFile());
  });

  it("writes paths out below the home", async () => {
    const real = promisify<string, string>(sftp.realpath.bind(sftp));
    assert.equal(await real("/home/work/a/../b"), "/home/work/b");
    assert.equal(await real("."), (await shell("pwd")).trim());
  });
});
