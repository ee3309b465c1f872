import { open } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { Era } from "../era.js";
import { OutsidePathError } from "../files/workPath.js";
import { Refusal } from "../http/refusal.js";
import type { Reply } from "../http/reply.js";
import { resolveInFolder } from "./folderPath.js";
import type { Folder } from "./folderStore.js";

/** A file of a folder that is to be sent. */
export interface ServedFile {
  readonly folder: Folder;
  readonly path: string;
  readonly era: Era;
}

/**
 * Sends a file, or the part of it that `Range` names; `If-Range` is understood as a time (`protocol.md` §6.5).
 * @throws {Refusal} 404, or 400 when it is no file.
 */
export async function serveFile(
  file: ServedFile,
  range: string | undefined,
  ifRange: string | undefined,
): Promise<Reply> {
  const handle = await open(await placeOf(file), "r").catch(() => {
    throw missing(file.era);
  });
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) {
      throw file.era.since("20.09")
        ? new Refusal("storage-parameters", { msg: "The file is not a regular file." })
        : new Refusal("invalid-params", { msg: "The file is not a regular file." });
    }
    const size = Number(stats.size);
    const modified = new Date(Math.ceil(Number(stats.mtimeMs) / 1000) * 1000);
    const isFresh = ifRange === undefined || Number(stats.mtimeMs) <= Date.parse(ifRange);
    const span = isFresh ? spanOf(range, size) : undefined;
    if (span === "outside") {
      await handle.close();
      return { status: 416, headers: { "Content-Range": `bytes */${String(size)}` }, body: "" };
    }
    const { start, end } = span ?? { start: 0, end: size };
    return {
      status: span === undefined ? 200 : 206,
      headers: {
        "Accept-Ranges": "bytes",
        "Content-Type": "application/octet-stream",
        "Content-Disposition": disposition(path.posix.basename(file.path)),
        "Content-Length": String(end - start),
        ETag: `"${stats.mtimeNs.toString(16)}-${stats.size.toString(16)}"`,
        "Last-Modified": modified.toUTCString(),
        ...(span === undefined
          ? {}
          : { "Content-Range": `bytes ${String(start)}-${String(end - 1)}/${String(size)}` }),
      },
      body: async (response) => {
        if (end === start) {
          await handle.close();
          return;
        }
        await pipeline(handle.createReadStream({ start, end: end - 1 }), response); // closes the file as well
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function placeOf({ folder, path: asked, era }: ServedFile): Promise<string> {
  try {
    return await resolveInFolder(folder, asked);
  } catch (error) {
    throw error instanceof OutsidePathError ? missing(era) : error;
  }
}

function missing(era: Era): Refusal {
  return era.since("20.09")
    ? new Refusal("storage-file-missing")
    : new Refusal("invalid-params", { msg: "The file is not found." });
}

/** `undefined`: all of it. */
function spanOf(
  range: string | undefined,
  size: number,
): { start: number; end: number } | "outside" | undefined {
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (match === null) {
    return undefined;
  }
  const start = Number(match[1]);
  const end = match[2] === "" ? size : Math.min(size, Number(match[2]) + 1);
  return start >= size || end <= start ? "outside" : { start, end };
}

function disposition(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]/g, "").replaceAll(/["\\]/g, "\\$&");
  return `attachment;filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
