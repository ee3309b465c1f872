import { lstat } from "node:fs/promises";
import path from "node:path";
import { create } from "tar";
import { limits } from "../../wire/limits.js";

/** A tar would be larger than servers send. */
export class ArchiveTooLargeError extends Error {}

/**
 * The tar of a file or of a directory tree, as the container engine of a real server makes it: the entry is named by the
 * last part of the path.
 * @throws {ArchiveTooLargeError} when it would be longer than `limits.downloadTarBytes`.
 */
export async function archive(target: string): Promise<Buffer> {
  const stats = await lstat(target);
  if (stats.isFile() && stats.size > limits.downloadTarBytes) {
    throw new ArchiveTooLargeError(target);
  }
  const pack = create(
    {
      cwd: path.dirname(target),
      portable: false,
      onWriteEntry: (entry) => {
        entry.path = entry.path.replace(/^\.\//, "");
      },
    },
    [`./${path.basename(target)}`], // a bare name that begins with "@" would mean an archive
  );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of pack) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limits.downloadTarBytes) {
      throw new ArchiveTooLargeError(target);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
