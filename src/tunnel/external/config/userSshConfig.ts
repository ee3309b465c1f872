import * as l10n from "@vscode/l10n";
import { mkdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError, messageOf } from "../../../base/errors.js";
import { replaceFile } from "../privateDirectory.js";

/** The ssh configuration that the user writes. Only one line of it is ours. */
export class UserSshConfig {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Whether `line` stands where every host is read: before the first block. */
  async has(line: string): Promise<boolean> {
    const text = await readFile(this.file, "utf8").catch(() => "");
    const [preamble = ""] = text.split(/^[ \t]*(?:host|match)[ \t=]/im);
    return preamble.split(/\r?\n/).some((candidate) => candidate.trim() === line);
  }

  /**
   * Puts `line` at the top. What links lead to is written, not the links; the file keeps its mode.
   * @throws {ConfigurationError}
   */
  async add(line: string): Promise<void> {
    try {
      await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
      const file = await realpath(this.file).catch((error: unknown) => {
        if (isAbsent(error)) {
          return this.file;
        }
        throw error;
      });
      const text = await readFile(file, "utf8").catch((error: unknown) => {
        if (isAbsent(error)) {
          return "";
        }
        throw error;
      });
      const mode = text === "" ? 0o600 : (await stat(file)).mode & 0o777;
      await replaceFile(
        file,
        `# Sessions that windows of Backend.AI Sessions have opened\n${line}\n\n${text}`,
        mode,
      );
    } catch (error) {
      throw new ConfigurationError(
        "remote.SSH.configFile",
        l10n.t("{0} could not be written: {1}", this.file, messageOf(error)),
        { cause: error },
      );
    }
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
