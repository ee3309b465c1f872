import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { homeDirectory } from "../../../api/files/remoteName.js";
import { delay } from "../../../base/abort.js";
import { NetworkError } from "../../../base/errors.js";
import { shellCommand } from "../../../base/text.js";
import { type ProgramOutput, programOutput } from "../../../tunnel/programOutput.js";
import type { RemoteFiles } from "../../sftp/remoteFiles.js";
import { codeOf, isGivenUp, refusal } from "../../sftp/sftpRequests.js";
import { FileAccessError } from "../fileAccessError.js";
import { programFailure } from "../programErrors.js";
import { permissions } from "./sftpInfo.js";
import type { Asked, SftpLink } from "./sftpLink.js";
import { explaining, requestsAtOnce } from "./sftpReading.js";

/** Copying or removing a large tree, in milliseconds. */
const treeMs = 30 * 60_000;

const wordsBytes = 4 * 1024;

/** Connections that may be lost under a program, and the pause after each, in milliseconds. */
const lossesBorne = 3;
const pauseMs = 300;

/** Exit codes of a shell that could not start a program. */
const notStarted: readonly (number | undefined)[] = [126, 127];

/** Folders within each other that are walked through; systems have no deeper ones that can be named. */
const mostFolders = 2048;

/** Removes what is there, never through links; nothing there is fine. By a program of the session where it has it. */
export async function removeTree(link: SftpLink, asked: Asked): Promise<void> {
  const done = await program(link, asked, 'exec rm -rf -- "$1"', [asked.path]); // for programs
  if (notStarted.includes(done.exitCode)) {
    await link.persist(asked, async (files) =>
      explaining(files, { path: asked.path, act: "remove" }, async () => removeWalking(files, asked.path, 0)),
    );
  } else if (done.exitCode !== 0) {
    throw programFailure(asked.path, done.errorText);
  }
}

/** Copies a file or a folder to a path that is this copy's alone, links as links. By a program of the session where it has it. */
export async function copyTree(
  link: SftpLink,
  asked: Asked,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  // for programs
  const done = await program(link, asked, 'rm -rf -- "$2" && exec cp -a -- "$1" "$2"', [from, to]);
  if (notStarted.includes(done.exitCode)) {
    await link.once(asked, async (files) =>
      explaining(files, { path: from, act: "read" }, async () =>
        copyWalking(files, { from, to, depth: 0 }, asked),
      ),
    );
  } else if (done.exitCode !== 0) {
    throw programFailure(asked.path, done.errorText);
  }
}

/**
 * Programs run where the home is, which other paths than SFTP's may lead to: those below it are given as relative ones. What a
 * script does may be done again, as the sshd of real sessions hangs up at times (`real-servers.md`).
 */
async function program(
  link: SftpLink,
  { signal }: Asked,
  script: string,
  paths: readonly string[],
): Promise<ProgramOutput> {
  const words = paths.map((path) =>
    path === homeDirectory || path.startsWith(`${homeDirectory}/`)
      ? `./${posix.relative(homeDirectory, path)}`
      : path,
  );
  // for programs
  const command = shellCommand(`cd "$HOME" && LC_ALL=C && export LC_ALL && ${script}`, "sh", ...words);
  for (let losses = 1; ; losses += 1) {
    try {
      return await programOutput(link.ssh, command, { signal, limitBytes: wordsBytes, timeoutMs: treeMs });
    } catch (error) {
      if (!(error instanceof NetworkError) || losses > lossesBorne) {
        throw error;
      }
      await delay(pauseMs, signal);
    }
  }
}

async function removeWalking(files: RemoteFiles, path: string, depth: number): Promise<void> {
  const own = await files.look(path);
  if (own?.isDirectory() !== true) {
    await (own === undefined ? Promise.resolve() : files.remove(path));
    return;
  }
  expectBounded(path, depth);
  for (const { filename } of await files.list(path)) {
    await removeWalking(files, posix.join(path, filename), depth + 1);
  }
  await files.removeFolder(path);
}

interface Copied {
  readonly from: string;
  readonly to: string;
  readonly depth: number;
}

async function copyWalking(files: RemoteFiles, { from, to, depth }: Copied, asked: Asked): Promise<void> {
  asked.signal.throwIfAborted();
  const own = await files.look(from);
  if (own?.isDirectory() === true) {
    expectBounded(from, depth);
    await files.makeFolder(to);
    for (const { filename } of await files.list(from)) {
      const [one, other] = [posix.join(from, filename), posix.join(to, filename)];
      await copyWalking(files, { from: one, to: other, depth: depth + 1 }, asked);
    }
  } else if (own?.isSymbolicLink() === true) {
    await files.makeLink(await files.linkTarget(from), to);
  } else if (own?.isFile() === true) {
    await copyFile(files, { from, to, mode: own.mode & permissions, size: own.size }, asked);
  } else if (own !== undefined) {
    throw new FileAccessError(
      "invalid",
      from,
      l10n.t("{0} is no file but a device, a pipe or a socket.", from),
    );
  }
}

interface CopiedFile {
  readonly from: string;
  readonly to: string;
  readonly mode: number;
  readonly size: number;
}

/** Through this computer, with bounded memory. */
async function copyFile(
  files: RemoteFiles,
  { from, to, mode, size }: CopiedFile,
  { signal }: Asked,
): Promise<void> {
  const source = await files.open(from, "r");
  try {
    const target = await files.open(to, "wx");
    try {
      await files.setMode(target, mode);
      const atOnce = requestsAtOnce / 2;
      await files.write(target, files.read(source, { start: 0, end: size, atOnce }), {
        start: 0,
        atOnce,
        signal,
      });
    } catch (error) {
      throw codeOf(error) === refusal.failure && !isGivenUp(error)
        ? new FileAccessError(
            "full",
            to,
            l10n.t("There is no room for {0}: the session's disk, or its quota, is full.", to),
          )
        : error;
    } finally {
      await files.close(target);
    }
  } finally {
    await files.close(source);
  }
}

function expectBounded(path: string, depth: number): void {
  if (depth > mostFolders) {
    throw new FileAccessError("invalid", path, l10n.t("{0} has too many folders within each other.", path));
  }
}
