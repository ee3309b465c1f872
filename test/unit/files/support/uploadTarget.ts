import { randomBytes } from "node:crypto";
import type { ConnectionStore } from "../../../../src/account/connectionStore.js";
import type { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import type { OutgoingFile } from "../../../../src/files/upload/outgoingFile.js";
import { HostKeys } from "../../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../../src/tunnel/sessionTunnels.js";
import { openServerTarget, type ServerTarget } from "../../../support/serverTarget.js";
import { SessionPrograms } from "../../terminal/support/sessionProgram.js";
import { connectionTo } from "../../tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../../tunnel/support/memoryStore.js";

/** A session to send files into. */
export interface UploadTarget {
  readonly isReal: boolean;
  readonly client: BackendAIClient;
  readonly sessionId: string;
  /** The image that the session was made of. */
  readonly image: string;
  readonly programs: SessionPrograms;
  /** New for each test. */
  readonly tunnels: SessionTunnels;
  readonly connection: ConnectionStore;
}

/** Inside a `describe`: a session for all its tests, on an engine or on the server of the environment. */
export function withUploads(): UploadTarget {
  let server: ServerTarget;
  let id: string;
  let programs: SessionPrograms;
  let connection: ConnectionStore;
  let tunnels: SessionTunnels;
  before(async () => {
    server = await openServerTarget(process.env);
    const image = server.pythonImage;
    ({ id } = await server.client.sessions.create({
      image,
      name: `upload-${randomBytes(4).toString("hex")}`,
    }));
    programs = new SessionPrograms(server.client, id);
  });
  beforeEach(async () => {
    connection = await connectionTo(server.client);
    const hostKeys = new HostKeys(memoryStore(), silentLogger);
    tunnels = new SessionTunnels({ connection, hostKeys, logger: silentLogger });
  });
  afterEach(() => tunnels.dispose());
  after(async () => {
    programs.dispose();
    await server.client.sessions.destroy(id);
    await server.end();
  });
  return {
    get isReal() {
      return server.isReal;
    },
    get client() {
      return server.client;
    },
    get sessionId() {
      return id;
    },
    get image() {
      return server.pythonImage;
    },
    get programs() {
      return programs;
    },
    get tunnels() {
      return tunnels;
    },
    get connection() {
      return connection;
    },
  };
}

/** A file with these bytes, or of that size. */
export function outgoing(path: string, content: string | number): OutgoingFile {
  const bytes =
    typeof content === "number" ? Buffer.alloc(content, `${path} ${content}`) : Buffer.from(content);
  return { path, size: bytes.length, read: () => Promise.resolve(bytes) };
}
