import assert from "node:assert/strict";
import { once } from "node:events";
import { promisify } from "node:util";
import type ssh2 from "ssh2";
import type { ClientChannel, FileEntryWithStats, OpenMode, SFTPWrapper } from "ssh2";
import { ended, login, openSftp, run } from "../support/appClients.js";
import { engines } from "../support/engines.js";

const status = { permissionDenied: 3, failure: 4, badMessage: 5, unsupported: 8 } as const;
const handlesLimit = 256;

/** A packet as version 3 has it: length, type, id, and what follows. */
function packet(type: number, id: number, rest: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32BE(5 + rest.length, 0);
  head.writeUInt8(type, 4);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, rest]);
}

/** The packets of a whole stream: type, id and the number that follows. */
function packetsOf(stream: Buffer): { type: number; id: number; code: number }[] {
  const packets: { type: number; id: number; code: number }[] = [];
  for (let at = 0; at < stream.length; at += 4 + stream.readUInt32BE(at)) {
    const [type, id, code] = [
      stream.readUInt8(at + 4),
      stream.readUInt32BE(at + 5),
      stream.readUInt32BE(at + 9),
    ];
    packets.push({ type, id, code });
  }
  return packets;
}

describe("engine sftp: what it refuses", () => {
  const start = engines();
  let ssh: ssh2.Client;
  let sftp: SFTPWrapper;
  before(async () => {
    const { client } = await start();
    ({ ssh } = await login(client, await client.create("sftp-limits")));
    sftp = await openSftp(ssh);
    await run(
      ssh,
      "mkdir sub; echo inside > sub/file; ln -s /etc out; ln -s ../nothing dangling; ln -s sub in",
    );
  });
  after(() => ssh.end());

  const open = async (name: string, flags: OpenMode, on = sftp): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      on.open(name, flags, (error, handle) => (error ? reject(error) : resolve(handle)));
    });
  const list = async (place: string | Buffer): Promise<FileEntryWithStats[]> =>
    promisify<string | Buffer, FileEntryWithStats[]>(sftp.readdir.bind(sftp))(place);
  const close = async (handle: Buffer): Promise<void> => promisify(sftp.close.bind(sftp))(handle);
  const read = async (handle: Buffer): Promise<string> =>
    new Promise((resolve, reject) => {
      const into = Buffer.alloc(100);
      sftp.read(handle, into, 0, into.length, 0, (error: Error | undefined, count) =>
        error ? reject(error) : resolve(into.toString("utf8", 0, count)),
      );
    });
  const subsystem = async (name: string): Promise<ClientChannel> =>
    new Promise((resolve, reject) => {
      ssh.subsys(name, (error, channel) => (error ? reject(error) : resolve(channel)));
    });

  it("follows no path out of the session, links included", async () => {
    const denied = { code: status.permissionDenied };
    const stat = promisify(sftp.stat.bind(sftp));
    for (const outside of [
      "/etc/passwd",
      "..",
      "sub/../../x",
      "/home/workshop",
      "out",
      "out/passwd",
      "dangling",
    ]) {
      await assert.rejects(stat(outside), denied, outside);
      await assert.rejects(open(outside, "r"), denied, outside);
      await assert.rejects(list(outside), denied, outside);
    }
    for (const outside of ["out/planted", "dangling", "dangling/planted", "../planted"]) {
      await assert.rejects(open(outside, "w"), denied, outside);
      await assert.rejects(promisify(sftp.rename.bind(sftp))("sub/file", `${outside}/x`), denied, outside);
    }
    assert.equal((await run(ssh, "cat in/file; ls ..; ls /etc/planted")).stdout.includes("planted"), false);
    assert.equal(await read(await open("in/file", "r")), "inside\n");
  });

  it("lets a link that leads out be looked at, made, moved and removed, but not followed", async () => {
    await promisify(sftp.symlink.bind(sftp))("/etc/passwd", "made");
    assert.ok((await promisify(sftp.lstat.bind(sftp))("made")).isSymbolicLink());
    assert.equal(await promisify(sftp.readlink.bind(sftp))("made"), "/etc/passwd");
    await assert.rejects(open("made", "r"), { code: status.permissionDenied });
    await assert.rejects(promisify(sftp.chmod.bind(sftp))("made", 0o777), { code: status.permissionDenied });
    await promisify(sftp.rename.bind(sftp))("made", "moved");
    await promisify(sftp.unlink.bind(sftp))("moved");
    assert.equal((await run(ssh, "ls -l moved; test -e /etc/passwd")).code, 0);
  });

  it("leaves the home itself where it is", async () => {
    const denied = { code: status.permissionDenied };
    await assert.rejects(promisify(sftp.rename.bind(sftp))("/home/work", "/home/work/x"), denied);
    await assert.rejects(promisify(sftp.rmdir.bind(sftp))("."), denied);
    await assert.rejects(promisify(sftp.rmdir.bind(sftp))("/home/work/"), denied);
  });

  it("knows no handles but those it gave, each for its kind and until it is closed", async () => {
    const invalid = { code: status.failure, message: "Invalid handle" };
    await assert.rejects(read(Buffer.from("nosuch")), invalid);
    await assert.rejects(close(Buffer.alloc(256, "x")), invalid);
    const file = await open("sub/file", "r");
    await assert.rejects(list(file), invalid);
    const directory = await promisify(sftp.opendir.bind(sftp))("sub");
    await assert.rejects(read(directory), invalid);
    await close(file);
    await assert.rejects(read(file), invalid);
    await assert.rejects(close(file), invalid);
    const other = await openSftp(ssh);
    await assert.rejects(promisify(other.close.bind(other))(directory), invalid);
    other.end();
    await close(directory);
  });

  it("opens so many files and no more, until one is closed", async () => {
    const fresh = await openSftp(ssh);
    const openAnother = async (): Promise<Buffer> => open("sub/file", "r", fresh);
    const handles = await Promise.all(Array.from({ length: handlesLimit }, openAnother));
    await assert.rejects(openAnother(), { code: status.failure, message: "Too many open files" });
    await assert.rejects(promisify(fresh.opendir.bind(fresh))("sub"), { message: "Too many open files" });
    await promisify(fresh.close.bind(fresh))(handles[0] ?? assert.fail());
    await openAnother();
    fresh.end();
  });

  it("waits for no program on a named pipe", async () => {
    await run(ssh, "mkfifo pipe");
    await assert.rejects(open("pipe", "w"), { code: status.failure });
    await assert.rejects(read(await open("pipe", "r")), { code: status.failure });
  });

  it("answers requests that are none, and ends with its client", async () => {
    const channel = await subsystem("sftp");
    const end = ended(channel);
    channel.write(packet(1, 3)); // INIT with the version in the id's place
    channel.write(packet(99, 7));
    channel.end(packet(17, 8, Buffer.from([0, 0, 1, 0, 0x78]))); // STAT of a path of 256 bytes that has one
    const { stdout, code } = await end;
    const [version, ...answers] = packetsOf(stdout);
    assert.deepEqual([version?.type, version?.id], [2, 3]);
    assert.deepEqual(answers, [
      { type: 101, id: 7, code: status.unsupported },
      { type: 101, id: 8, code: status.badMessage },
    ]);
    assert.equal(code, 0);
  });

  it("hangs up on a packet that is too long, and refuses other subsystems", async () => {
    const channel = await subsystem("sftp");
    const closed = once(channel, "close");
    channel.resume();
    channel.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 3]));
    await closed;
    await assert.rejects(subsystem("netconf"), /Unable to start subsystem: netconf/);
    assert.equal((await run(ssh, "echo alive")).stdout.toString(), "alive\n");
  });
});
