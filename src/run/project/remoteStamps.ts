import { posix } from "node:path";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { inLanes } from "../../files/upload/lanes.js";
import { isUploadSound } from "../../files/upload/sender.js";
import type { SessionPlace, SessionSftp } from "../../files/sftp/sessionSftp.js";
import type { RemoteStamp } from "./sentFiles.js";

/** Files that are looked at side by side. */
const lanes = 32;

/** Folders that are listed by the API, where each takes real servers 0.2 s; more stay unknown. */
const foldersLimit = 8;

/** What a session has of some files. Those that it has not are missing. */
export type RemoteStamps = ReadonlyMap<string, RemoteStamp>;

/** How sessions are asked. */
export interface RemoteStampsParts {
  readonly sftp: SessionSftp;
  readonly logger: Logger;
}

/**
 * What a session has of files that were sent; `undefined` when that can't be told cheaply.
 * @param paths Relative to `/home/work`.
 */
export async function remoteStamps(
  place: SessionPlace,
  paths: readonly string[],
  { sftp, logger, signal }: RemoteStampsParts & { readonly signal: AbortSignal },
): Promise<RemoteStamps | undefined> {
  if (paths.length === 0) {
    return new Map();
  }
  try {
    if (isUploadSound(place.client)) {
      return await byListing(place, paths, signal);
    }
    return (await bySftp(place, paths, { sftp, signal })) ?? (await byListing(place, paths, signal));
  } catch (error) {
    signal.throwIfAborted();
    logger.debug(`what ${place.sessionId} has can't be told: ${messageOf(error)}`);
    return undefined;
  }
}

async function bySftp(
  place: SessionPlace,
  paths: readonly string[],
  { sftp, signal }: { readonly sftp: SessionSftp; readonly signal: AbortSignal },
): Promise<RemoteStamps | undefined> {
  const [{ RemoteFiles }, { relativeName, homeDirectory }] = await Promise.all([
    import("../../files/sftp/remoteFiles.js"),
    import("../../api/index.js"),
  ]);
  const looked = await sftp.use(place, signal, async (requests) => {
    const files = new RemoteFiles(requests);
    const stamps = new Map<string, RemoteStamp>();
    await inLanes(paths, lanes, async (path) => {
      signal.throwIfAborted();
      const stats = await files.look(posix.join(homeDirectory, relativeName(path)));
      if (stats?.isFile() === true) {
        stamps.set(path, { size: stats.size, mtimeSeconds: Math.floor(stats.mtime) });
      }
    });
    return stamps;
  });
  return looked?.result;
}

async function byListing(
  { client, sessionId }: SessionPlace,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<RemoteStamps | undefined> {
  const folders = new Set(paths.map((path) => posix.dirname(path)));
  if (folders.size > foldersLimit) {
    return undefined;
  }
  const stamps = new Map<string, RemoteStamp>();
  for (const folder of folders) {
    const entries = await client.files.list(sessionId, folder, { signal }).then(
      (listing) => listing.entries,
      () => [], // where the folder is missing, so are its files; any other reason only makes them travel again
    );
    signal.throwIfAborted();
    for (const { name, size, type, mtimeMs } of entries) {
      if (type === "file") {
        stamps.set(posix.join(folder, name), { size, mtimeSeconds: Math.floor(mtimeMs / 1000) });
      }
    }
  }
  return stamps;
}
