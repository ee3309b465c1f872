import path from "node:path";
import { silentLogger } from "../../../../../src/base/logger.js";
import { openSessionFiles } from "../../../../../src/files/access/sessionFiles.js";
import type { FilePlace } from "../../../../../src/files/filePlace.js";
import { PreviousContents } from "../../../../../src/files/provider/previousContents.js";
import { SessionFileSystem } from "../../../../../src/files/provider/sessionFileSystem.js";
import { SessionSftp } from "../../../../../src/files/sftp/sessionSftp.js";
import { temporaryFolders } from "../../../../support/temporaryFolder.js";
import { type UploadTarget, withUploads } from "../../support/uploadTarget.js";
import { type CountedAccess, counted } from "./countingAccess.js";

/** The files of a session as VS Code uses them; new for each test, which has a folder of its own. */
export interface FileSystemTarget {
  readonly at: UploadTarget;
  readonly system: SessionFileSystem;
  readonly access: CountedAccess;
  readonly previous: PreviousContents;
  /** Absolute, in the session. */
  readonly folder: string;
  /** The place of something in the test's folder. */
  place(name: string): FilePlace;
  /** What a script prints that runs in the test's folder. */
  run(script: string): Promise<string>;
  /** Names of documents that are open, and of those with changes that are not saved. */
  readonly open: Set<string>;
  readonly dirty: Set<string>;
  readonly limit: { bytes: number };
}

/** Inside a `describe`: a session of an engine, or of the server of the environment. */
export function withFileSystem(): FileSystemTarget {
  const at = withUploads();
  const makeFolder = temporaryFolders();
  const open = new Set<string>();
  const dirty = new Set<string>();
  const limit = { bytes: 50_000_000 };
  let count = 0;
  let made: { system: SessionFileSystem; access: CountedAccess; previous: PreviousContents; folder: string };
  beforeEach(async () => {
    count += 1;
    open.clear();
    dirty.clear();
    limit.bytes = 50_000_000;
    const folder = `/home/work/provider-${String(count)}`;
    await at.programs.run(`mkdir -p provider-${String(count)}`);
    const sftp = new SessionSftp(at.tunnels, silentLogger);
    const access = counted(await openSessionFiles({ client: at.client, sessionId: at.sessionId }, sftp));
    const previous = new PreviousContents(await makeFolder());
    const nameOf = ({ path }: FilePlace): string => path.slice(folder.length + 1);
    const system = new SessionFileSystem({
      open: () => Promise.resolve({ access }),
      editors: {
        isOpen: (place) => open.has(nameOf(place)),
        isDirty: (place) => dirty.has(nameOf(place)),
        saving: () => () => undefined,
      },
      previous,
      limitBytes: () => limit.bytes,
      logger: silentLogger,
    });
    made = { system, access, previous, folder };
  });
  afterEach(() => made.system.dispose());
  return {
    at,
    open,
    dirty,
    limit,
    get system() {
      return made.system;
    },
    get access() {
      return made.access;
    },
    get previous() {
      return made.previous;
    },
    get folder() {
      return made.folder;
    },
    place: (name) => ({
      server: "local",
      session: "files",
      path: name === "" ? made.folder : `${made.folder}/${name}`,
    }),
    run: (script) => at.programs.run(`cd ${path.posix.basename(made.folder)} && { ${script}\n}`),
  };
}
