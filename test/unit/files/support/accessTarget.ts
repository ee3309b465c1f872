import { randomBytes } from "node:crypto";
import type { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { shellQuote } from "../../../../src/base/text.js";
import type { FileAccess, FileContent } from "../../../../src/files/access/fileAccess.js";
import { SftpAccess } from "../../../../src/files/access/sftp/sftpAccess.js";
import { SessionSftp } from "../../../../src/files/sftp/sessionSftp.js";
import { HostKeys } from "../../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../../src/tunnel/sessionTunnels.js";
import { connectionTo } from "../../tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../../tunnel/support/memoryStore.js";
import { type UploadTarget, withUploads } from "./uploadTarget.js";

/** A session whose files are worked with. */
export interface AccessTarget extends UploadTarget {
  /** Its files by SFTP; new for each test. */
  readonly sftp: FileAccess;
  /** A folder of its own, new for each test. */
  readonly folder: string;
  /** What a script of `sh` prints that runs in {@link folder}. */
  run(script: string): Promise<string>;
}

/** Inside a `describe`: a session for all its tests, on an engine or on the server of the environment. */
export function withAccess(): AccessTarget {
  const at = withUploads();
  let sftp: FileAccess;
  let name = "";
  beforeEach(async () => {
    name = `access-${randomBytes(4).toString("hex")}`;
    sftp = sftpAccessOf(at.tunnels, at.client, at.sessionId);
    await at.programs.run(`mkdir ${name}`);
  });
  const own = {
    get sftp() {
      return sftp;
    },
    get folder() {
      return `/home/work/${name}`;
    },
    run: async (script: string) => at.programs.run(`cd ${shellQuote(name)} && { ${script}\n}`),
  };
  // What their getters give comes later.
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(at)) as typeof own & UploadTarget;
}

/** Files of a session by SFTP. */
export function sftpAccessOf(
  tunnels: SessionTunnels,
  client: BackendAIClient,
  sessionId: string,
): SftpAccess {
  return new SftpAccess({ client, sessionId }, new SessionSftp(tunnels, silentLogger));
}

/** Tunnels for a client of one's own, such as one behind a proxy. Who makes them disposes them. */
export async function tunnelsOf(client: BackendAIClient): Promise<SessionTunnels> {
  const connection = await connectionTo(client);
  return new SessionTunnels({
    connection,
    hostKeys: new HostKeys(memoryStore(), silentLogger),
    logger: silentLogger,
  });
}

/** What is to be written, given in pieces. */
export function contentOf(bytes: Uint8Array | string, pieceBytes = 50_000): FileContent {
  const all = Buffer.from(bytes);
  return {
    size: all.length,
    *open(start) {
      for (let at = start; at < all.length; at += pieceBytes) {
        yield all.subarray(at, at + pieceBytes);
      }
    },
  };
}

/** All bytes of something that is read. */
export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) {
    all.push(piece);
  }
  return Buffer.concat(all);
}

/** Never aborted. */
export const calm = { signal: new AbortController().signal };
