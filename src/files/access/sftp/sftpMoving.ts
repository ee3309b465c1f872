import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type { Stats } from "ssh2";
import { deadline } from "../../../base/abort.js";
import type { RemoteFiles } from "../../sftp/remoteFiles.js";
import { codeOf, isGivenUp, refusal } from "../../sftp/sftpRequests.js";
import { besides } from "../../sftp/temporaryFile.js";
import type { MoveOptions, OperationOptions } from "../fileAccess.js";
import { FileAccessError } from "../fileAccessError.js";
import { missing, taken } from "./sftpErrors.js";
import type { Asked, SftpLink } from "./sftpLink.js";
import { explaining } from "./sftpReading.js";
import { copyTree, removeTree } from "./sftpTrees.js";

/** For what has to be put right after a failure, in milliseconds. */
const tidyMs = 30_000;

/** Makes a folder that is not there yet. */
export async function makeDirectoryBySftp(
  link: SftpLink,
  path: string,
  { signal }: OperationOptions,
): Promise<void> {
  let isLost = false;
  await link.twice({ path, signal }, async (files) =>
    explaining(files, { path, act: "make" }, async () => {
      try {
        await files.makeFolder(path);
      } catch (error) {
        const isMade = isLost && !isGivenUp(error) && (await files.look(path))?.isDirectory() === true;
        isLost = isGivenUp(error);
        if (!isMade) {
          throw error;
        }
      }
    }),
  );
}

/** Removes what is at a path: a link itself, a folder with all that is in it when `recursive`. */
export async function removeBySftp(
  link: SftpLink,
  path: string,
  { signal, recursive }: OperationOptions & { readonly recursive: boolean },
): Promise<void> {
  const asked = { path, signal };
  let isAgain = false;
  const isTree = await link.twice(asked, async (files) =>
    explaining(files, { path, act: "remove" }, async () => {
      const own = await files.look(path);
      if (own === undefined) {
        if (isAgain) {
          return false; // it was removed, and the answer was lost
        }
        throw missing(path);
      }
      isAgain = true;
      if (own.isDirectory() && recursive) {
        return true;
      }
      await (own.isDirectory() ? files.removeFolder(path) : files.remove(path));
      return false;
    }),
  );
  if (isTree) {
    await removeTree(link, asked);
  }
}

/** Gives something another name, also on another disk. */
export async function renameBySftp(
  link: SftpLink,
  from: string,
  to: string,
  { overwrite, signal }: MoveOptions,
): Promise<void> {
  expectOutside(from, to);
  if (from === to) {
    await link.twice({ path: from, signal }, async (files) => expectThere(files, from));
    return;
  }
  const moving = new Moving(link, { from, to, overwrite });
  await moving.run({ path: from, signal });
}

/** Copies a file or a folder: beside its place first, so that it is there whole or not at all. */
export async function copyBySftp(
  link: SftpLink,
  from: string,
  to: string,
  { overwrite, signal }: MoveOptions,
): Promise<void> {
  expectOutside(from, to);
  const asked = { path: to, signal };
  const isDone = await link.twice(asked, async (files) => {
    await expectThere(files, from);
    if (from !== to) {
      await expectFree(files, to, overwrite);
    }
    return from === to;
  });
  if (isDone) {
    return;
  }
  const temporary = besides(to, "part");
  try {
    await copyTree(link, asked, { from, to: temporary });
    await new Moving(link, { from: temporary, to, overwrite }).run(asked);
  } catch (error) {
    await tidied(link, temporary);
    throw error;
  }
}

/** A rename that is gone on with after a lost connection. */
class Moving {
  readonly #link: SftpLink;
  readonly #from: string;
  readonly #to: string;
  readonly #overwrite: boolean;
  /** Where what was in its place is meanwhile. */
  #aside: string | undefined;
  #isBegun = false;

  constructor(
    link: SftpLink,
    { from, to, overwrite }: { readonly from: string; readonly to: string; readonly overwrite: boolean },
  ) {
    this.#link = link;
    this.#from = from;
    this.#to = to;
    this.#overwrite = overwrite;
  }

  async run(asked: Asked): Promise<void> {
    try {
      const isElsewhere = await this.#link.persist(asked, async (files) =>
        explaining(files, { path: this.#to, act: "make" }, async () => this.#move(files)),
      );
      if (isElsewhere) {
        await this.#moveAcross(asked);
      }
    } catch (error) {
      await this.#putBack();
      throw error;
    }
    if (this.#aside !== undefined) {
      await removeTree(this.#link, { ...asked, path: this.#aside });
    }
  }

  /** @returns Whether it has to be copied, as it goes to another disk. */
  async #move(files: RemoteFiles): Promise<boolean> {
    const [own, there] = await Promise.all([files.look(this.#from), files.look(this.#to)]);
    if (own === undefined) {
      if (this.#isBegun && there !== undefined) {
        return false; // it was done, and the answer was lost
      }
      throw missing(this.#from);
    }
    if (there !== undefined) {
      await expectFree(files, this.#to, this.#overwrite);
      if (!own.isDirectory() && !there.isDirectory()) {
        this.#isBegun = true;
        return this.#tried(files, async () => files.replace(this.#from, this.#to));
      }
      const aside = (this.#aside ??= besides(this.#to, "old"));
      await files.rename(this.#to, aside);
    }
    this.#isBegun = true;
    return this.#tried(files, async () => files.rename(this.#from, this.#to));
  }

  async #tried(files: RemoteFiles, rename: () => Promise<void>): Promise<boolean> {
    try {
      await rename();
      return false;
    } catch (error) {
      if (codeOf(error) !== refusal.failure) {
        throw error;
      }
      const [folder, there] = await Promise.all([
        files.follow(posix.dirname(this.#to)),
        files.look(this.#to),
      ]);
      if (folder?.isDirectory() !== true || (there !== undefined && !this.#overwrite)) {
        throw error;
      }
      return true;
    }
  }

  async #moveAcross(asked: Asked): Promise<void> {
    const temporary = besides(this.#to, "part");
    try {
      await copyTree(this.#link, asked, { from: this.#from, to: temporary });
      await this.#link.persist(asked, async (files) => {
        const isPlaced = (await files.look(temporary)) === undefined;
        await (isPlaced ? Promise.resolve() : files.replace(temporary, this.#to));
      });
    } catch (error) {
      await tidied(this.#link, temporary);
      throw error;
    }
    await removeTree(this.#link, { ...asked, path: this.#from });
  }

  async #putBack(): Promise<void> {
    const aside = this.#aside;
    if (aside === undefined) {
      return;
    }
    const limit = deadline(tidyMs, "total", "Putting it back"); // for programs
    const back = this.#link.persist({ path: aside, signal: limit.signal }, async (files) => {
      if ((await files.look(this.#to)) === undefined) {
        await files.rename(aside, this.#to);
      }
    });
    await back.catch(() => undefined).finally(() => limit.clear());
  }
}

function expectOutside(from: string, to: string): void {
  if (to.startsWith(`${from === "/" ? "" : from}/`)) {
    throw new FileAccessError("invalid", to, l10n.t("{0} can't be put into itself.", from));
  }
}

async function expectThere(files: RemoteFiles, path: string): Promise<Stats> {
  const own = await files.look(path);
  if (own === undefined) {
    throw missing(path);
  }
  return own;
}

async function expectFree(files: RemoteFiles, path: string, overwrite: boolean): Promise<void> {
  if (!overwrite && (await files.look(path)) !== undefined) {
    throw taken(path);
  }
}

/** Removes what was begun; never rejects. */
async function tidied(link: SftpLink, path: string): Promise<void> {
  const limit = deadline(tidyMs, "total", "Tidying up"); // for programs
  await removeTree(link, { path, signal: limit.signal })
    .catch(() => undefined)
    .finally(() => limit.clear());
}
