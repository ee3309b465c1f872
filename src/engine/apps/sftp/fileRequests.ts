import { constants } from "node:fs";
import { chmod, chown, lstat, open, opendir, truncate, utimes } from "node:fs/promises";
import path from "node:path";
import { longName } from "./longName.js";
import { type OpenDirectory, type OpenHandles } from "./openHandles.js";
import {
  attributes,
  type PacketReader,
  packet,
  replyType,
  string,
  uint32,
  type WantedAttributes,
} from "./packets.js";
import type { SessionPaths } from "./sessionPaths.js";
import { SftpRefusal, status, statusCode } from "./sftpStatus.js";

/** The most that one READ answers; what OpenSSH's server answers, too. */
export const readLimitBytes = 255 * 1024;
/** Names in one answer to READDIR. */
const namesLimit = 128;
const openFlags = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;
/** Length, type, id and length of the data, in front of the data. */
const dataHeadBytes = 13;

/** What requests about files work with. */
export interface SftpFiles {
  readonly paths: SessionPaths;
  readonly handles: OpenHandles;
}

/** OPEN. */
export async function openFile(
  id: number,
  request: PacketReader,
  { paths, handles }: SftpFiles,
): Promise<Buffer> {
  const place = await paths.file(request.text());
  const flags = request.uint32();
  const { permissions = 0o666 } = request.attributes();
  const handle = await handles.open(async () => {
    const file = await open(place, systemFlags(flags), permissions & 0o7777);
    return { kind: "file", file, isAppending: (flags & openFlags.append) !== 0 };
  });
  return packet(replyType.handle, uint32(id), string(handle));
}

function systemFlags(flags: number): number {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const access = has(openFlags.write)
    ? has(openFlags.read)
      ? constants.O_RDWR
      : constants.O_WRONLY
    : constants.O_RDONLY;
  return (
    access |
    (has(openFlags.append) ? constants.O_APPEND : 0) |
    (has(openFlags.create) ? constants.O_CREAT : 0) |
    (has(openFlags.truncate) ? constants.O_TRUNC : 0) |
    (has(openFlags.exclusive) ? constants.O_EXCL : 0) |
    constants.O_NONBLOCK // a named pipe must not hold anything up
  );
}

/** READ: straight into the answer. */
export async function readFile(id: number, request: PacketReader, { handles }: SftpFiles): Promise<Buffer> {
  const handle = request.bytes();
  const [offset, length] = [request.uint64(), Math.min(request.uint32(), readLimitBytes)];
  return handles.withFile(handle, async ({ file }) => {
    const reply = Buffer.allocUnsafe(dataHeadBytes + length);
    const { bytesRead } = await file.read(reply, dataHeadBytes, length, offset);
    if (bytesRead === 0 && length > 0) {
      return status(id, statusCode.endOfFile, "End of file");
    }
    reply.writeUInt32BE(dataHeadBytes - 4 + bytesRead, 0);
    reply.writeUInt8(replyType.data, 4);
    reply.writeUInt32BE(id, 5);
    reply.writeUInt32BE(bytesRead, 9);
    return reply.subarray(0, dataHeadBytes + bytesRead);
  });
}

/** WRITE. */
export async function writeFile(id: number, request: PacketReader, { handles }: SftpFiles): Promise<Buffer> {
  const handle = request.bytes();
  const [offset, bytes] = [request.uint64(), request.bytes()];
  return handles.withFile(handle, async ({ file, isAppending }) => {
    for (let done = 0; done < bytes.length;) {
      const position = isAppending ? null : offset + done;
      done += (await file.write(bytes, done, bytes.length - done, position)).bytesWritten;
    }
    return status(id, statusCode.ok);
  });
}

/** FSTAT. */
export async function statHandle(id: number, request: PacketReader, { handles }: SftpFiles): Promise<Buffer> {
  const handle = request.bytes();
  await handles.settled(handle);
  const stats = await handles.withFile(handle, async ({ file }) => file.stat());
  return packet(replyType.attrs, uint32(id), attributes(stats));
}

/** FSETSTAT. */
export async function changeHandle(
  id: number,
  request: PacketReader,
  { handles }: SftpFiles,
): Promise<Buffer> {
  const handle = request.bytes();
  const wanted = request.attributes();
  await handles.settled(handle);
  await handles.withFile(handle, async ({ file }) =>
    apply(wanted, {
      truncate: async (size) => file.truncate(size),
      chmod: async (mode) => file.chmod(mode),
      utimes: async (accessed, modified) => file.utimes(accessed, modified),
      chown: async (uid, gid) => file.chown(uid, gid),
    }),
  );
  return status(id, statusCode.ok);
}

/** SETSTAT. */
export async function changeFile(id: number, request: PacketReader, { paths }: SftpFiles): Promise<Buffer> {
  const place = await paths.file(request.text());
  await apply(request.attributes(), {
    truncate: async (size) => truncate(place, size),
    chmod: async (mode) => chmod(place, mode),
    utimes: async (accessed, modified) => utimes(place, accessed, modified),
    chown: async (uid, gid) => chown(place, uid, gid),
  });
  return status(id, statusCode.ok);
}

interface Changes {
  truncate(size: number): Promise<void>;
  chmod(mode: number): Promise<void>;
  utimes(accessed: number, modified: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
}

async function apply({ size, permissions, times, owner }: WantedAttributes, change: Changes): Promise<void> {
  if (size !== undefined) {
    await change.truncate(size);
  }
  if (permissions !== undefined) {
    await change.chmod(permissions & 0o7777);
  }
  if (times !== undefined) {
    await change.utimes(...times);
  }
  if (owner !== undefined) {
    await change.chown(...owner);
  }
}

/** OPENDIR. */
export async function openDirectory(
  id: number,
  request: PacketReader,
  { paths, handles }: SftpFiles,
): Promise<Buffer> {
  const place = await paths.file(request.text());
  const handle = await handles.open(async () => {
    const directory = await opendir(place);
    return { kind: "directory", directory, place, hasDots: false };
  });
  return packet(replyType.handle, uint32(id), string(handle));
}

/** READDIR: the next names, `.` and `..` first. */
export async function readDirectory(
  id: number,
  request: PacketReader,
  { handles }: SftpFiles,
): Promise<Buffer> {
  return handles.withDirectory(request.bytes(), async (open) => {
    const entries = await Promise.all((await nextNames(open)).map(async (name) => entryOf(open.place, name)));
    const found = entries.filter((entry) => entry !== undefined);
    if (found.length === 0) {
      throw new SftpRefusal(statusCode.endOfFile, "End of file");
    }
    return packet(replyType.name, uint32(id), uint32(found.length), ...found);
  });
}

async function nextNames(open: OpenDirectory): Promise<string[]> {
  const names = open.hasDots ? [] : [".", ".."];
  open.hasDots = true;
  while (names.length < namesLimit) {
    const entry = await open.directory.read();
    if (entry === null) {
      break;
    }
    names.push(entry.name);
  }
  return names;
}

/** A file may vanish between the two looks. */
async function entryOf(directory: string, name: string): Promise<Buffer | undefined> {
  const stats = await lstat(path.join(directory, name)).catch(() => undefined);
  return stats && Buffer.concat([string(name), string(longName(name, stats)), attributes(stats)]);
}
