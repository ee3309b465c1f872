import { readFile, stat } from "node:fs/promises";
import { limits } from "../../wire/limits.js";
import type { Era } from "../era.js";
import { Refusal } from "../http/refusal.js";
import type { Session } from "../sessions/session.js";
import { archive, ArchiveTooLargeError } from "./archive.js";
import { listDirectory } from "./listing.js";
import { OutsidePathError, resolveWorkPath, sessionHome } from "./workPath.js";

/** The answer of `GET /session/{id}/files` (`protocol.md` §6.3). */
export interface FileList {
  /** JSON in a string, with a line feed; empty when the directory could not be read. */
  readonly files: string;
  /** The traceback of the script that lists. */
  readonly errors: string;
  /** The path as it was asked for. */
  readonly abspath: string;
}

/**
 * Lists a directory. A missing one is no refusal but an answer with `errors`.
 * @throws {Refusal} when the path leads out of the session.
 */
export async function listFiles(session: Session, asked: string, era: Era): Promise<FileList> {
  const target = await confined(session, asked, "list");
  try {
    const entries = await listDirectory(target);
    return { files: `${JSON.stringify(entries)}\n`, errors: "", abspath: asked };
  } catch (error) {
    return { files: "", errors: traceback(error, asked, era), abspath: asked };
  }
}

/**
 * One tar per path.
 * @throws {Refusal} for a missing file, a path that leads out, too many files or too large ones.
 */
export async function downloadFiles(session: Session, paths: readonly string[], era: Era): Promise<Buffer[]> {
  if (paths.length > limits.downloadFiles) {
    throw new Refusal("too-many-files", {
      ...(era.rules.files.tooManyStatus === 400 ? { msg: "Too many files (maximum 5 files allowed)" } : {}),
    });
  }
  if (paths.length === 0) {
    throw new Refusal("internal");
  }
  return Promise.all(paths.map((path) => tarOf(session, path, era)));
}

/**
 * The content of one file, or its tar where servers answer so.
 * @throws {Refusal}
 */
export async function downloadSingle(session: Session, asked: string, era: Era): Promise<Buffer> {
  if (era.dialect.files.downloadSingle === "tar") {
    return tarOf(session, asked, era);
  }
  const target = await confined(session, asked, "download");
  const stats = await stat(target).catch(() => undefined);
  if (stats?.isFile() !== true) {
    throw missing(asked, era);
  }
  if (stats.size + 1536 > limits.downloadTarBytes) {
    throw tooLarge(era);
  }
  return readFile(target);
}

async function tarOf(session: Session, asked: string, era: Era): Promise<Buffer> {
  const target = await confined(session, asked, "download");
  try {
    return await archive(target);
  } catch (error) {
    throw error instanceof ArchiveTooLargeError ? tooLarge(era) : missing(asked, era);
  }
}

async function confined(session: Session, asked: string, verb: "list" | "download"): Promise<string> {
  try {
    return await resolveWorkPath(session, asked);
  } catch (error) {
    if (error instanceof OutsidePathError) {
      throw new Refusal("execution", {
        exception: `PermissionError('You cannot ${verb} files outside /home/work')`,
      });
    }
    throw error;
  }
}

function missing(asked: string, era: Era): Refusal {
  const full = asked.startsWith("/") ? asked : `${sessionHome}/${asked}`;
  return new Refusal("execution", {
    exception: era.since("24.03")
      ? `RuntimeError('Could not download the archive to: ${full}')`
      : `FileNotFoundError('Could not found the file: ${full}')`,
  });
}

function tooLarge(era: Era): Refusal {
  return new Refusal("execution", {
    exception: era.since("24.03")
      ? "ValueError('Too large archive file exceeding 1 MiB')"
      : "ValueError('too large file')",
  });
}

/** What the listing script of a real server prints when it fails. */
function traceback(error: unknown, asked: string, era: Era): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const [name, text] =
    code === "ENOTDIR"
      ? ["NotADirectoryError", "[Errno 20] Not a directory"]
      : code === "EACCES"
        ? ["PermissionError", "[Errno 13] Permission denied"]
        : ["FileNotFoundError", "[Errno 2] No such file or directory"];
  const shown = era.rules.files.absoluteErrors && !asked.startsWith("/") ? `${sessionHome}/${asked}` : asked;
  return `Traceback (most recent call last):\n  File "<string>", line 8, in <module>\n${name}: ${text}: '${shown}'\n`;
}
