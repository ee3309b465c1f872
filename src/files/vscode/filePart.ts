import type { Account } from "../../account/account.js";
import type { Logger } from "../../base/logger.js";
import type { Tally } from "../../base/tally.js";
import type { Commands } from "../../platform/commands.js";
import type { Contributions } from "../../platform/contributions/contributions.js";
import type { FormerNames } from "../../sessions/lifecycle/formerNames.js";
import type { SessionBranches } from "../../sessions/sessionBranches.js";
import type { SessionFeed } from "../../sessions/sessionFeed.js";
import type { SessionStarter } from "../../sessions/sessionStarter.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import type { FileChanges } from "../fileChanges.js";
import type { FileSessions } from "../fileSessions.js";

/** What files of sessions work with. */
export interface FilesDeps {
  readonly commands: Commands;
  readonly contributions: Contributions;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly branches: SessionBranches;
  readonly tunnels: SessionTunnels;
  readonly formerNames: FormerNames;
  /** The folder that is this extension's own on this computer. */
  readonly globalStorage: string;
  /** Told how transfers come out. */
  readonly tally: Tally;
  readonly logger: Logger;
}

/** What every part of the room works with. */
export interface FilePartDeps extends FilesDeps {
  readonly files: FileSessions;
  /** Told by each part of what it has changed. */
  readonly changes: FileChanges;
}
