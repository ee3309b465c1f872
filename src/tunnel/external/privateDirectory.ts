import * as l10n from "@vscode/l10n";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rename, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ConfigurationError, messageOf } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";

/** How the names of such directories begin. */
const prefix = "backendai-ssh-";

/** The longest path that a unix socket can have on every system, in bytes (macOS has 104 with the end). */
const socketPathLimit = 103;

/** Room for what comes after the parent: our prefix, six random characters, and the longest name inside. */
const ownLength = `/${prefix}XXXXXX/12345678/agent`.length;

/** A directory that only this user can look into. It is gone, with all that is in it, when it is disposed. */
export class PrivateDirectory implements Disposable {
  readonly path: string;
  #isDisposed = false;

  private constructor(directory: string) {
    this.path = directory;
  }

  /**
   * Makes one in the user's runtime directory, which nobody tidies, else among the temporary files: VS Code's storage has
   * paths too long for a socket.
   * @throws {ConfigurationError}
   */
  static async create(environment: NodeJS.ProcessEnv = process.env): Promise<PrivateDirectory> {
    let cause: unknown;
    for (const parent of [environment["XDG_RUNTIME_DIR"], os.tmpdir(), "/tmp"]) {
      if (parent !== undefined && parent !== "" && fits(parent)) {
        try {
          return new PrivateDirectory(await mkdtemp(path.join(parent, prefix))); // 0700
        } catch (error) {
          cause = error;
        }
      }
    }
    throw new ConfigurationError(
      "TMPDIR",
      l10n.t("No private directory could be made: {0}", messageOf(cause)),
      {
        cause,
      },
    );
  }

  /** Whether `directory` is named as these are. */
  static isOne(directory: string): boolean {
    return path.basename(directory).startsWith(prefix);
  }

  /** Writes a file for this user alone, at once or not at all, and returns its path. */
  async write(name: string, text: string): Promise<string> {
    if (this.#isDisposed) {
      throw new DOMException("The directory is not needed any more.", "AbortError"); // for programs
    }
    const file = path.join(this.path, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await replaceFile(file, text);
    return file;
  }

  /** Where a socket called `name` may listen: in here, or among the pipes of Windows. */
  socketPath(name: string): string {
    return socketPathIn(this.path, name);
  }

  dispose(): void {
    this.#isDisposed = true;
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Where the socket called `name` of the directory is. */
export function socketPathIn(directory: string, name: string): string {
  return process.platform === "win32"
    ? `//./pipe/${path.basename(directory)}-${name.replaceAll("/", "-")}`
    : path.join(directory, name);
}

/** Puts a file in the place of another: who reads it sees the one or the other, whole. */
export async function replaceFile(file: string, text: string, mode = 0o600): Promise<void> {
  const next = `${file}.${process.pid}~`;
  await writeFile(next, text, { mode });
  await rename(next, file);
}

/** Short enough for a socket, and without characters that an ssh configuration can't hold. */
function fits(parent: string): boolean {
  const isShort = process.platform === "win32" || Buffer.byteLength(parent) + ownLength <= socketPathLimit;
  return isShort && !/["\n\r$%]/.test(parent);
}
