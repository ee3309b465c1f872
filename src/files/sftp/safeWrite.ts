import type { FileContent } from "../access/fileAccess.js";
import { isFileFailure } from "../access/fileAccessError.js";
import { writeInPlace } from "./inPlaceWrite.js";
import type { RemoteFiles } from "./remoteFiles.js";
import { codeOf, refusal } from "./sftpRequests.js";
import { type FillOptions, type PlaceOptions, TemporaryFile } from "./temporaryFile.js";

/**
 * Does one step with the files of a session. After a lost connection it may do the step again over another one, as long as
 * `progress` (bytes that are there) gets on.
 */
export type WithFiles = <T>(
  action: (files: RemoteFiles) => Promise<T>,
  progress?: () => number,
) => Promise<T>;

/** How steps reach the session. */
export interface WriteSteps {
  readonly step: WithFiles;
  /** For what has to be done after a failure or an abort as well. */
  readonly tidy: WithFiles;
}

/** How a file is replaced. */
export interface SafeWriteOptions extends FillOptions, PlaceOptions {}

/**
 * Writes a file so that programs see the old one or the new one, and never a part: beside it, then with its name. Where the
 * folder allows no new file, the old one is written as it is, and put back when that fails.
 * @param target No link: see `finalTarget`.
 * @throws {UploadLostError}
 * @throws {FileAccessError}
 * @throws what the steps throw, such as refusals with their code.
 */
export async function replaceFile(
  steps: WriteSteps,
  target: string,
  { content, ...options }: SafeWriteOptions & { readonly content: FileContent },
): Promise<void> {
  const temporary = new TemporaryFile(target);
  try {
    await steps.step(
      (files) => temporary.fill(files, content, options),
      () => temporary.written,
    );
    await steps.step((files) => temporary.place(files, options));
  } catch (error) {
    await steps.tidy((files) => temporary.remove(files)).catch(() => undefined);
    if (!isDenied(error) || !options.overwrite || options.mode === undefined) {
      throw error;
    }
    await writeInPlace(steps, target, { content, ...options });
  }
}

function isDenied(error: unknown): boolean {
  return codeOf(error) === refusal.permissionDenied || isFileFailure(error, "permissionDenied");
}
