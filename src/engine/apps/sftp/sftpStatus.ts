import { messageOf } from "../../../base/errors.js";
import { OutsidePathError } from "../../files/workPath.js";
import { BadPacketError, packet, replyType, string, uint32 } from "./packets.js";

/** Status codes of version 3. */
export const statusCode = {
  ok: 0,
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

/** What a request that has no other answer is answered by throwing. */
export class SftpRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const statusOfErrno: Readonly<Record<string, number>> = {
  ENOENT: statusCode.noSuchFile,
  ENOTDIR: statusCode.noSuchFile,
  EACCES: statusCode.permissionDenied,
  EPERM: statusCode.permissionDenied,
  EROFS: statusCode.permissionDenied,
};

const words: Readonly<Record<number, string>> = {
  [statusCode.ok]: "Success",
  [statusCode.noSuchFile]: "No such file",
  [statusCode.permissionDenied]: "Permission denied",
};

/** A status packet. */
export function status(id: number, code: number, message = words[code] ?? ""): Buffer {
  return packet(replyType.status, uint32(id), uint32(code), string(message), string(""));
}

/** The status that an error is answered with. What went wrong in the engine itself is not told. */
export function statusOf(id: number, error: unknown): Buffer {
  if (error instanceof SftpRefusal) {
    return status(id, error.status, error.message);
  }
  if (error instanceof OutsidePathError) {
    return status(id, statusCode.permissionDenied);
  }
  if (error instanceof BadPacketError) {
    return status(id, statusCode.badMessage, error.message);
  }
  const errno = error instanceof Error && "code" in error ? String(error.code) : "";
  const code = statusOfErrno[errno] ?? statusCode.failure;
  return status(id, code, words[code] ?? messageOf(error).replace(/,.*$/s, ""));
}
