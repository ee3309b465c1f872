import { lstat, mkdir, readlink, rename, rmdir, stat, symlink, unlink } from "node:fs/promises";
import { handlesLimit } from "./openHandles.js";
import { attributes, type PacketReader, packet, replyType, string, uint32, uint64 } from "./packets.js";
import { readLimitBytes, type SftpFiles } from "./fileRequests.js";
import { SftpRefusal, status, statusCode } from "./sftpStatus.js";

/** The longest packet that is taken: that of a WRITE of the largest size, with room for its head. */
export const packetLimitBytes = 256 * 1024;

/** What is offered beyond version 3. */
export const extensions: readonly (readonly [name: string, version: string])[] = [
  ["posix-rename@openssh.com", "1"],
  ["fsync@openssh.com", "1"],
  ["limits@openssh.com", "1"],
];

type Answer = (id: number, request: PacketReader, files: SftpFiles) => Promise<Buffer>;

/** STAT. */
export const statFile: Answer = async (id, request, { paths }) =>
  packet(replyType.attrs, uint32(id), attributes(await stat(await paths.file(request.text()))));

/** LSTAT. */
export const statEntry: Answer = async (id, request, { paths }) =>
  packet(replyType.attrs, uint32(id), attributes(await lstat(await paths.look(request.text()))));

/** REALPATH: by names alone, so that a virtual folder is where it was mounted. */
export const writePath: Answer = async (id, request, { paths }) =>
  Promise.resolve(oneName(id, paths.written(request.text())));

/** READLINK. */
export const readLink: Answer = async (id, request, { paths }) =>
  oneName(id, await readlink(await paths.entry(request.text())));

/** SYMLINK, in the order of OpenSSH, which all clients that know it follow: where the link leads comes first. */
export const makeLink: Answer = async (id, request, { paths }) => {
  const [target, link] = [request.text(), request.text()];
  await symlink(paths.linkTarget(target), await paths.entry(link));
  return status(id, statusCode.ok);
};

/** MKDIR. */
export const makeDirectory: Answer = async (id, request, { paths }) => {
  const place = await paths.entry(request.text());
  await mkdir(place, (request.attributes().permissions ?? 0o777) & 0o7777);
  return status(id, statusCode.ok);
};

/** RMDIR. */
export const removeDirectory: Answer = async (id, request, { paths }) => {
  await rmdir(await paths.entry(request.text()));
  return status(id, statusCode.ok);
};

/** REMOVE. */
export const removeFile: Answer = async (id, request, { paths }) => {
  await unlink(await paths.entry(request.text()));
  return status(id, statusCode.ok);
};

/** RENAME: never over something. */
export const moveEntry: Answer = async (id, request, { paths }) => {
  const [from, to] = [await paths.entry(request.text()), await paths.entry(request.text())];
  const taken = await lstat(to).catch(() => undefined);
  if (taken !== undefined) {
    throw new SftpRefusal(statusCode.failure, "File already exists");
  }
  await rename(from, to);
  return status(id, statusCode.ok);
};

/** EXTENDED. */
export const answerExtension: Answer = async (id, request, { paths, handles }) => {
  switch (request.text()) {
    case "posix-rename@openssh.com":
      await rename(await paths.entry(request.text()), await paths.entry(request.text()));
      return status(id, statusCode.ok);
    case "fsync@openssh.com": {
      const handle = request.bytes();
      await handles.settled(handle);
      await handles.withFile(handle, async ({ file }) => file.sync());
      return status(id, statusCode.ok);
    }
    case "limits@openssh.com": {
      const limits = [packetLimitBytes, readLimitBytes, readLimitBytes, handlesLimit];
      return packet(replyType.extended, uint32(id), ...limits.map(uint64));
    }
    default:
      throw new SftpRefusal(statusCode.unsupported, "Operation unsupported");
  }
};

function oneName(id: number, name: string): Buffer {
  const noAttributes = uint32(0);
  return packet(replyType.name, uint32(id), uint32(1), string(name), string(name), noAttributes);
}
