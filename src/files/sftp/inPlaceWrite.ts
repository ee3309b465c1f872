import * as l10n from "@vscode/l10n";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { FileContent } from "../access/fileAccess.js";
import { FileAccessError } from "../access/fileAccessError.js";
import type { RemoteFiles } from "./remoteFiles.js";
import type { SafeWriteOptions, WriteSteps } from "./safeWrite.js";
import { closing, writeContent } from "./temporaryFile.js";

/**
 * Writes a file that is there as it is: its old bytes are kept on this computer before, and put back when the new ones can't be
 * written whole.
 * @throws {FileAccessError} also where the old bytes can't be put back: then it says where they are kept.
 */
export async function writeInPlace(
  { step, tidy }: WriteSteps,
  target: string,
  { content, atOnce, signal, check, onProgress }: SafeWriteOptions & { readonly content: FileContent },
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-kept-"));
  const kept = path.join(folder, "old");
  const state = { isKept: false };
  const forward = new Overwriting(target, content);
  try {
    await step(async (files) => {
      await check?.(files);
      await keep(files, target, kept, atOnce);
    });
    try {
      await step(
        (files) => forward.write(files, { atOnce, signal, onProgress }),
        () => forward.written,
      );
    } catch (error) {
      if (forward.isTouched) {
        state.isKept = true;
        await putBack(tidy, target, kept, { atOnce, cause: error });
        state.isKept = false;
      }
      throw error;
    }
  } finally {
    if (!state.isKept) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** A file that is written over, from its beginning; it goes on where it was when a connection was lost. */
class Overwriting {
  readonly #target: string;
  readonly #content: FileContent;
  #written = 0;
  #isTouched = false;

  constructor(target: string, content: FileContent) {
    this.#target = target;
    this.#content = content;
  }

  get written(): number {
    return this.#written;
  }

  /** Whether the file may not be any more what it was. */
  get isTouched(): boolean {
    return this.#isTouched;
  }

  async write(
    files: RemoteFiles,
    options: Pick<SafeWriteOptions, "atOnce" | "signal" | "onProgress">,
  ): Promise<void> {
    options.signal.throwIfAborted();
    const handle = await files.open(this.#target, "r+");
    await closing(files, handle, async () => {
      this.#isTouched = true;
      const target = { handle, path: this.#target, content: this.#content, start: this.#written };
      await writeContent(files, target, {
        atOnce: options.atOnce,
        signal: options.signal,
        onWritten: (end) => {
          this.#written = end;
          options.onProgress?.(end);
        },
      });
    });
  }
}

/** Copies a file of the session to this computer, whole or not at all. */
async function keep(files: RemoteFiles, source: string, kept: string, atOnce: number): Promise<void> {
  const local = await open(kept, "w", 0o600);
  try {
    const handle = await files.open(source, "r+"); // a file that can't be written need not be read
    await closing(files, handle, async () => {
      const before = await files.statOf(handle);
      let size = 0;
      for await (const piece of files.read(handle, { start: 0, end: before.size, atOnce })) {
        await local.write(piece);
        size += piece.length;
      }
      const after = await files.statOf(handle);
      if (size !== after.size || before.mtime !== after.mtime) {
        throw new FileAccessError(
          "changed",
          source,
          l10n.t("{0} was changed in the session meanwhile.", source),
        );
      }
    });
  } finally {
    await local.close();
  }
}

async function putBack(
  tidy: WriteSteps["tidy"],
  target: string,
  kept: string,
  { atOnce, cause }: { readonly atOnce: number; readonly cause: unknown },
): Promise<void> {
  try {
    const { size } = await stat(kept);
    const old = new Overwriting(target, { size, open: (start) => createReadStream(kept, { start }) });
    const { signal } = new AbortController(); // also after an abort of the writing
    await tidy(
      (files) => old.write(files, { atOnce, signal }),
      () => old.written,
    );
  } catch {
    throw new FileAccessError(
      "unavailable",
      target,
      l10n.t(
        "{0} could be written only in part, and not be put back. Its old content is kept on this computer: {1}",
        target,
        kept,
      ),
      { cause },
    );
  }
}
