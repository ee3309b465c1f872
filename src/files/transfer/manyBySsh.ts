import { posix } from "node:path";
import type { BackendAIClient } from "../../api/index.js";
import { homeDirectory } from "../../api/index.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import type { SessionSftp } from "../sftp/sessionSftp.js";
import { batchesOf } from "../upload/batches.js";
import { createSender } from "../upload/sender.js";
import { againAfterLoss, isLoss } from "./retries.js";
import type { ArchiveContent } from "./tar/tarUpload.js";
import type { ManyWay } from "./sessionEnd.js";
import type { ManyOptions, SmallFile } from "./transferEnd.js";

/** What travels in one archive: when the connection is lost, so much is sent again. */
const batch = { files: 2000, bytes: 64 * 1024 * 1024 };

/** What the way works with. */
export interface ManyBySshParts {
  readonly client: BackendAIClient;
  readonly sessionId: string;
  readonly tunnels: SessionTunnels;
  readonly sftp: SessionSftp;
  readonly logger: Logger;
}

/**
 * Many small files at once: as archives that programs of the session pack and unpack; where that can't be, they are sent as runs send
 * theirs.
 */
export function manyBySsh(parts: ManyBySshParts): ManyWay {
  return {
    sendMany: async (folder, files, open, options) => {
      const done = new Set<SmallFile>();
      for (const part of batchesOf(files, batch)) {
        for (const file of await sendBatch(parts, folder, { files: part, open }, options)) {
          done.add(file);
        }
      }
      return done;
    },
    fetchMany: async (folder, files, take, options) => {
      const { fetchArchive } = await import("./tar/tarDownload.js");
      const ssh = parts.tunnels.ssh(parts.client, parts.sessionId);
      const taken = new Set<SmallFile>();
      const takeOnce = async (file: SmallFile, bytes: Uint8Array): Promise<void> => {
        taken.add(file);
        await take(file, bytes);
      };
      for (const part of batchesOf(files, batch)) {
        const fetchRest = (): Promise<void> =>
          fetchArchive(
            ssh,
            folder,
            part.filter((file) => !taken.has(file)),
            takeOnce,
            options,
          );
        await againAfterLoss(fetchRest, options.signal).catch((error: unknown) =>
          tell(parts, error, options),
        );
      }
    },
  };
}

async function sendBatch(
  parts: ManyBySshParts,
  folder: string,
  content: ArchiveContent,
  options: ManyOptions,
): Promise<ReadonlySet<SmallFile>> {
  const { sendArchive } = await import("./tar/tarUpload.js");
  const ssh = parts.tunnels.ssh(parts.client, parts.sessionId);
  const count = countingBytes(options);
  try {
    const sent = await againAfterLoss(async () => {
      count.takeBack();
      return sendArchive(ssh, folder, content, { ...options, onBytes: count.add });
    }, options.signal);
    if (sent.size > 0) {
      return sent;
    }
  } catch (error) {
    tell(parts, error, options);
  }
  count.takeBack();
  return sendPlainly(parts, folder, content, options);
}

/** Counts what one try has told of, so that a failed one can be taken back. */
function countingBytes({ onBytes }: ManyOptions): { add: (bytes: number) => void; takeBack: () => void } {
  let counted = 0;
  return {
    add: (bytes) => {
      counted += bytes;
      onBytes(bytes);
    },
    takeBack: () => {
      onBytes(-counted);
      counted = 0;
    },
  };
}

/** By SFTP or the server's own upload, without the session's programs. */
async function sendPlainly(
  parts: ManyBySshParts,
  folder: string,
  { files, open }: ArchiveContent,
  options: ManyOptions,
): Promise<ReadonlySet<SmallFile>> {
  const inside = posix.relative(homeDirectory, folder);
  if (inside.split("/")[0] === "..") {
    return new Set();
  }
  const count = countingBytes(options);
  let counted = 0;
  const outgoing = files.map((file) => ({
    path: posix.join(inside, file.name),
    size: file.size,
    read: async () => open(file),
  }));
  try {
    await createSender(parts)(parts.client, parts.sessionId, outgoing, {
      signal: options.signal,
      onProgress: (sent) => {
        count.add(files.slice(counted, sent).reduce((total, { size }) => total + size, 0));
        counted = sent;
      },
    });
    return new Set(files);
  } catch (error) {
    count.takeBack();
    tell(parts, error, options);
    return new Set();
  }
}

/** What can't go together goes one by one, and each file then says what is wrong with it. */
function tell({ logger }: ManyBySshParts, error: unknown, { signal }: ManyOptions): void {
  signal.throwIfAborted();
  logger.debug(`files go one by one${isLoss(error) ? ", the connection is lost" : ""}: ${messageOf(error)}`);
}
