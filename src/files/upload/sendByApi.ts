import type { BackendAIClient } from "../../api/index.js";
import { FileTooLargeError } from "../../api/errors.js";
import { limits } from "../../wire/limits.js";
import { batchesOf } from "./batches.js";
import type { OutgoingFile, SendOptions } from "./outgoingFile.js";

/** What is read ahead, in bytes. */
const batchBytes = 16 * 1024 * 1024;

/** Files of one batch: after each, every folder of it is listed once, which takes servers 0.2 s. */
const batchFiles = 100;

/**
 * Writes files into a session by the server's own upload. On many servers they belong to root then (`real-servers.md`).
 * @throws {FileTooLargeError} for 1 MiB and more, before anything is sent.
 * @throws {UnsafePathError}
 * @throws {UploadLostError}
 */
export async function sendByApi(
  { client, sessionId }: { readonly client: BackendAIClient; readonly sessionId: string },
  files: readonly OutgoingFile[],
  { signal, onProgress }: SendOptions,
): Promise<void> {
  for (const { path, size } of files) {
    if (size >= limits.uploadFileBytes) {
      throw new FileTooLargeError(path, size, limits.uploadFileBytes);
    }
  }
  let sent = 0;
  for (const batch of batchesOf(files, { files: batchFiles, bytes: batchBytes })) {
    const contents = await Promise.all(
      batch.map(async (file) => ({ path: file.path, content: await file.read() })),
    );
    await client.files.upload(sessionId, contents, { signal });
    sent += batch.length;
    onProgress?.(sent);
  }
}
