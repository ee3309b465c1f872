import type { SessionPlace, SessionSftp } from "../../sftp/sessionSftp.js";
import { checkedPath } from "../checkedPath.js";
import type {
  FileAbility,
  FileAccess,
  FileContent,
  FileInfo,
  MoveOptions,
  NamedFile,
  OperationOptions,
  ReadOptions,
  WriteOptions,
} from "../fileAccess.js";
import { isGivenUp } from "../../sftp/sftpRequests.js";
import { isFileFailure } from "../fileAccessError.js";
import { SftpLink } from "./sftpLink.js";
import { copyBySftp, makeDirectoryBySftp, removeBySftp, renameBySftp } from "./sftpMoving.js";
import { listBySftp, readBySftp, statBySftp } from "./sftpReading.js";
import { writeBySftp } from "./sftpWriting.js";

/** The files of a session by SFTP, over the ssh connection that others use as well. */
export class SftpAccess implements FileAccess {
  readonly #link: SftpLink;

  constructor(place: SessionPlace, sftp: SessionSftp) {
    this.#link = new SftpLink(place, sftp);
  }

  /** Whatever it is, if there is ssh; opens the connection to know. */
  async can(_ability: FileAbility, signal: AbortSignal): Promise<boolean> {
    try {
      (await this.#link.open({ path: "/", signal })).dispose();
      return true;
    } catch (error) {
      if (isFileFailure(error, "unavailable") || isGivenUp(error)) {
        return false;
      }
      throw error;
    }
  }

  async stat(path: string, { signal }: OperationOptions): Promise<FileInfo> {
    const checked = checkedPath(path);
    return this.#link.twice({ path: checked, signal }, async (files) => statBySftp(files, checked));
  }

  async list(path: string, { signal }: OperationOptions): Promise<readonly NamedFile[]> {
    const checked = checkedPath(path);
    return this.#link.twice({ path: checked, signal }, async (files) => listBySftp(files, checked));
  }

  async *read(path: string, options: ReadOptions): AsyncGenerator<Uint8Array> {
    yield* readBySftp(this.#link, checkedPath(path), options);
  }

  async write(path: string, content: FileContent, options: WriteOptions): Promise<FileInfo> {
    return writeBySftp(this.#link, checkedPath(path), { ...options, content });
  }

  async makeDirectory(path: string, options: OperationOptions): Promise<void> {
    await makeDirectoryBySftp(this.#link, checkedPath(path), options);
  }

  async remove(path: string, options: OperationOptions & { readonly recursive: boolean }): Promise<void> {
    await removeBySftp(this.#link, checkedPath(path), options);
  }

  async rename(from: string, to: string, options: MoveOptions): Promise<void> {
    await renameBySftp(this.#link, checkedPath(from), checkedPath(to), options);
  }

  async copy(from: string, to: string, options: MoveOptions): Promise<void> {
    await copyBySftp(this.#link, checkedPath(from), checkedPath(to), options);
  }
}
