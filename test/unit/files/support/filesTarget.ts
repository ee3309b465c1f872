import { posix } from "node:path";
import type { Account } from "../../../../src/account/account.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { shellQuote } from "../../../../src/base/text.js";
import type { FileAccess } from "../../../../src/files/access/fileAccess.js";
import { FileSessions } from "../../../../src/files/fileSessions.js";
import { SessionFeed } from "../../../../src/sessions/sessionFeed.js";
import { SessionStore } from "../../../../src/sessions/sessionStore.js";
import { testAccount } from "../../../support/testAccount.js";
import { type UploadTarget, withUploads } from "./uploadTarget.js";

/** A session whose files are worked with, and what parts of the room get. */
export interface FilesTarget extends UploadTarget {
  readonly account: Account;
  readonly store: SessionStore;
  readonly files: FileSessions;
  readonly access: FileAccess;
  /** A new folder of the session: its path for file operations. */
  folder(): Promise<string>;
  /** What a script prints that runs in the home; a path below `/home/work` is written relative to it. */
  run(script: string): Promise<string>;
}

/** Inside a `describe`: see {@link FilesTarget}; the parts are new for each test. */
export function withFiles(): FilesTarget {
  const at = withUploads();
  const each = {} as { account: Account; store: SessionStore; files: FileSessions; access: FileAccess };
  let feed: SessionFeed;
  let folders = 0;
  beforeEach(async () => {
    each.account = testAccount(at.connection);
    each.store = new SessionStore();
    feed = new SessionFeed({ connection: at.connection, store: each.store, logger: silentLogger });
    await feed.refresh();
    const { tunnels } = at;
    each.files = new FileSessions({ ...each, feed, tunnels, logger: silentLogger });
    each.access = await each.files.accessOf(at.client, at.sessionId);
  });
  afterEach(() => feed.dispose());
  const run = async (script: string): Promise<string> =>
    at.programs.run(script.replaceAll("/home/work/", "./"));
  return Object.defineProperties(
    {
      run,
      folder: async () => {
        folders += 1;
        const path = posix.join("/home/work", `folder ${folders}`);
        await run(`mkdir ${shellQuote(path)}`);
        return path;
      },
    },
    {
      ...Object.getOwnPropertyDescriptors(at),
      account: { get: () => each.account },
      store: { get: () => each.store },
      files: { get: () => each.files },
      access: { get: () => each.access },
    },
  ) as FilesTarget;
}
