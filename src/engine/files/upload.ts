import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { constants } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { limits } from "../../wire/limits.js";
import type { PlayedDefects } from "../defects/playedDefects.js";
import type { Era } from "../era.js";
import { Refusal } from "../http/refusal.js";
import type { Session } from "../sessions/session.js";
import type { PartName } from "./disposition.js";
import { boundaryOf, readParts } from "./multipart.js";
import { OutsidePathError, resolveRealPath, sessionHome } from "./workPath.js";

/** Makes or replaces a file, but follows no link that was put in its place since its path was checked. */
const replaceNoLink = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
/** As the agents say it; they differ between releases only in the words. */
const outside = "PermissionError('Not allowed to upload files outside /home/work')";

/** Where uploads go, and what the server does to them. */
export interface UploadRules {
  readonly era: Era;
  readonly defects: PlayedDefects;
}

/**
 * Takes the files of an upload, each written as it comes: with the 21st refused, 20 are there; since 26.1 none is
 * (`docs/real-servers.md`).
 * @throws {Refusal} as the era's servers do.
 */
export async function receiveUpload(
  request: IncomingMessage,
  session: Session,
  rules: UploadRules,
): Promise<void> {
  const boundary = boundaryOf(request);
  if (boundary === undefined) {
    request.resume();
    throw new Refusal("internal");
  }
  const isWholeOrNothing = rules.era.rules.files.tooManyUploads === "nothing";
  const waiting: (() => Promise<void>)[] = [];
  let count = 0;
  for await (const { name, content } of readParts(request, boundary)) {
    count += 1;
    if (count > limits.uploadFiles) {
      throw new Refusal("invalid-input", { msg: "Too many files" });
    }
    if (content === undefined) {
      throw new Refusal("invalid-input", { msg: "Too large file" });
    }
    const target = pathInSession(name, rules);
    const write = async (): Promise<void> => store(session, target, content, rules);
    if (isWholeOrNothing) {
      waiting.push(write); // 20 files of less than 1 MiB at most
    } else {
      await write();
    }
  }
  for (const write of waiting) {
    await write();
  }
}

/**
 * Where a file is to go, by the era's rules for names (`protocol.md` §6.1).
 * @returns a path relative to `/home/work`; it may still lead out.
 */
export function pathInSession(part: PartName | undefined, { era, defects }: UploadRules): string {
  if (part === undefined) {
    if (era.since("26.1")) {
      return `upload-${randomBytes(8).toString("hex")}`;
    }
    throw new Refusal("execution", {
      exception:
        "TypeError(\"argument should be a str or an os.PathLike object where __fspath__ returns a str, not 'NoneType'\")",
    });
  }
  const absolute = part.name.startsWith("/");
  // Servers read quoted names with a parser that drops leading slashes.
  const name = part.form === "quoted" ? part.name.replace(/^\/+/, "") : part.name;
  if (era.dialect.files.uploadNames === "absolute" || defects.has("uploadNames")) {
    if (part.form === "quoted" || !name.startsWith(`${sessionHome}/`)) {
      throw new Refusal("execution", { exception: outside });
    }
    return name;
  }
  if (part.form === "extended" && absolute) {
    throw new Refusal("execution", { exception: outside });
  }
  // Relative to the home, even when it says `home/work/…`.
  return `./${name}`;
}

async function store(
  session: Session,
  name: string,
  content: Buffer,
  { era, defects }: UploadRules,
): Promise<void> {
  if (defects.has("uploadsVanish")) {
    return;
  }
  try {
    const target = await resolveRealPath(session, name);
    await mkdir(path.dirname(target), { recursive: true });
    if (defects.has("uploadsForeign")) {
      await rm(target, { force: true });
    }
    await writeFile(target, content, { flag: replaceNoLink });
    if (defects.has("uploadsForeign")) {
      await chmod(target, 0o444); // another owner's file, as far as one user can play two
    }
  } catch (error) {
    if (!(error instanceof OutsidePathError)) {
      throw new Refusal("execution", { exception: `OSError('${name}')` }, { cause: error });
    }
    if (era.rules.files.uploadEscapes === "confined") {
      throw new Refusal("execution", { exception: outside });
    }
  }
}
