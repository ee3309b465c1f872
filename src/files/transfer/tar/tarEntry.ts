import { Header, Pax } from "tar";

/** Archives are made of blocks of so many bytes. */
const blockBytes = 512;

/** Two empty blocks end an archive. */
export const archiveEnd = Buffer.alloc(2 * blockBytes);

/**
 * The bytes of one file in an archive.
 * @param name Relative, with `/`.
 */
export function tarEntry(name: string, bytes: Uint8Array, isExecutable: boolean): Buffer {
  const size = bytes.byteLength;
  const mode = isExecutable ? 0o755 : 0o644;
  const mtime = new Date();
  // for programs
  const header = new Header({ path: name, size, mode, mtime, type: "File", uid: 0, gid: 0 });
  const block = Buffer.alloc(blockBytes);
  const needsPax = header.encode(block);
  const parts = [
    ...(needsPax ? [new Pax({ path: name, size }).encode()] : []),
    block,
    bytes,
    Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes),
  ];
  return Buffer.concat(parts);
}
