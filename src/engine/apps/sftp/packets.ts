import type { Stats } from "node:fs";

/** Numbers of draft-ietf-secsh-filexfer-02, which is version 3. */
export const requestType = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  extended: 200,
} as const;
export const replyType = {
  version: 2,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 201,
} as const;

const attributeFlags = { size: 1, owner: 2, permissions: 4, times: 8, extended: 0x80000000 } as const;

/** A packet ends before what it should hold. */
export class BadPacketError extends Error {}

/** What a client wants a file to be like; what it does not mention stays. Times are seconds since the epoch. */
export interface WantedAttributes {
  readonly size?: number;
  readonly owner?: readonly [uid: number, gid: number];
  readonly permissions?: number;
  readonly times?: readonly [accessed: number, modified: number];
}

/** Reads the fields of a packet in order. All methods throw {@link BadPacketError}. */
export class PacketReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  /** Exact up to 2^53; no file is longer. */
  uint64(): number {
    return this.uint32() * 2 ** 32 + this.uint32();
  }

  /** A view, no copy. */
  bytes(): Buffer {
    return this.#take(this.uint32());
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  attributes(): WantedAttributes {
    const flags = this.uint32();
    const has = (flag: number): boolean => (flags & flag) !== 0;
    return {
      ...(has(attributeFlags.size) ? { size: this.uint64() } : {}),
      ...(has(attributeFlags.owner) ? { owner: [this.uint32(), this.uint32()] as const } : {}),
      ...(has(attributeFlags.permissions) ? { permissions: this.uint32() } : {}),
      ...(has(attributeFlags.times) ? { times: [this.uint32(), this.uint32()] as const } : {}),
    };
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) {
      throw new BadPacketError("The packet is too short.");
    }
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** Unsigned, as four bytes. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Unsigned, as eight bytes. */
export function uint64(value: number): Buffer {
  return Buffer.concat([uint32(Math.floor(value / 2 ** 32)), uint32(value % 2 ** 32)]);
}

/** Bytes or text with their length in front. */
export function string(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** Attributes of a file. */
export function attributes(stats: Stats): Buffer {
  const { size, owner, permissions, times } = attributeFlags;
  const seconds = (ms: number): Buffer => uint32(Math.max(0, Math.floor(ms / 1000)));
  return Buffer.concat([
    uint32(size | owner | permissions | times),
    uint64(stats.size),
    ...[stats.uid, stats.gid, stats.mode].map(uint32),
    ...[stats.atimeMs, stats.mtimeMs].map(seconds),
  ]);
}

/** A whole packet. */
export function packet(type: number, ...fields: readonly Buffer[]): Buffer {
  const length = fields.reduce((sum, field) => sum + field.length, 1);
  return Buffer.concat([uint32(length), Buffer.of(type), ...fields]);
}
