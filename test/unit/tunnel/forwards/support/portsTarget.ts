import type { Socket } from "node:net";
import { ConnectionStore } from "../../../../../src/account/connectionStore.js";
import type { ConnectionTarget } from "../../../../../src/account/target.js";
import { BackendAIClient } from "../../../../../src/api/index.js";
import { silentLogger } from "../../../../../src/base/logger.js";
import type { ForwardTarget, SessionRef } from "../../../../../src/tunnel/forwards/forwardTarget.js";
import { HostKeys } from "../../../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../../../src/tunnel/sessionTunnels.js";
import { type LocalServer, startLocalServer } from "../../../../support/localServer.js";
import { until } from "../../../../support/until.js";
import { SessionPrograms } from "../../../terminal/support/sessionProgram.js";
import { freePort } from "../../support/ports.js";
import { memoryStore } from "../../support/memoryStore.js";

/** A running session of an engine, and what forwards and watches of its ports need. */
export interface PortsTarget {
  readonly client: BackendAIClient;
  readonly session: SessionRef;
  /** A port that the session was made with, as an app of the same name. */
  readonly preopenPort: number;
  readonly connection: ConnectionStore;
  readonly tunnels: SessionTunnels;
  readonly programs: SessionPrograms;
  /** Another client of the same server; who connects it closes it. */
  connect(): Promise<BackendAIClient>;
}

/** Inside a `describe`: an engine with a session for all its tests, and a connection of its own for each. */
export function withPorts(): PortsTarget {
  const at: { server?: LocalServer; session?: SessionRef; programs?: SessionPrograms; preopenPort?: number } =
    {};
  const each: { connection?: ConnectionStore; tunnels?: SessionTunnels } = {};
  before(async () => {
    at.server = await startLocalServer();
    const { client } = at.server;
    const images = await client.images.list();
    const image = images.find(({ runtimeType }) => runtimeType === "python")?.reference ?? "";
    at.preopenPort = await freePort();
    const { id } = await client.sessions.create({ image, name: "ports", preopenPorts: [at.preopenPort] });
    at.session = { id, name: "ports" };
    at.programs = new SessionPrograms(client, id);
  });
  beforeEach(async () => {
    each.connection = await connectionTo(existing(at.server).client);
    const hostKeys = new HostKeys(memoryStore(), silentLogger);
    each.tunnels = new SessionTunnels({ connection: each.connection, hostKeys, logger: silentLogger });
  });
  afterEach(() => each.tunnels?.dispose());
  after(async () => {
    at.programs?.dispose();
    await at.server?.stop();
  });
  return {
    get preopenPort() {
      return existing(at.preopenPort);
    },
    connect: async () => {
      const { endpoint, accessKey, secretKey } = existing(at.server).engine;
      const credentials = { type: "keypair", accessKey, secretKey } as const;
      return BackendAIClient.connect({ endpoint, credentials });
    },
    get client() {
      return existing(at.server).client;
    },
    get session() {
      return existing(at.session);
    },
    get programs() {
      return existing(at.programs);
    },
    get connection() {
      return existing(each.connection);
    },
    get tunnels() {
      return existing(each.tunnels);
    },
  };
}

/** A connection that stands, to a server that somebody else ends. */
export async function connectionTo(
  client: BackendAIClient,
  target: ConnectionTarget = { kind: "local" },
): Promise<ConnectionStore> {
  const onDidClose = () => ({ dispose: () => undefined });
  const open = { client, onDidClose, close: () => Promise.resolve() };
  const connection = new ConnectionStore(() => Promise.resolve(open), silentLogger);
  await connection.connect(target);
  return connection;
}

/** A program of a session that listens. */
export interface ListeningProgram {
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves `folder` of a session's home by HTTP, on `port` or any. */
export async function serveHttp(
  programs: SessionPrograms,
  { folder = "www", port = 0 }: { readonly folder?: string; readonly port?: number } = {},
): Promise<ListeningProgram> {
  const script = `cd && mkdir -p ${folder} && cd ${folder} || exit
    python3 -u -m http.server ${port} --bind 127.0.0.1 > ../${folder}.log 2>&1 < /dev/null & echo $!`;
  const pid = (await programs.run(script)).trim();
  const listening = await until("an HTTP server in the session", async () => {
    const log = await programs.run(`cat ${folder}.log`);
    return /127\.0\.0\.1 port (\d+)/.exec(log)?.[1];
  });
  return {
    port: Number(listening),
    stop: async () => {
      await programs.run(`kill ${pid}; while kill -0 ${pid} 2>/dev/null; do sleep 0.02; done`);
    },
  };
}

/** A port reached by ssh, where programs speak HTTP. */
export function bySsh(port: number): ForwardTarget {
  return { port, isHttp: true };
}

/** What `path` of an HTTP server on a port of this computer answers. */
export async function fetchBytes(port: number, path: string): Promise<Buffer> {
  const response = await fetch(`http://127.0.0.1:${port}/${path}`, { headers: { Connection: "close" } });
  return Buffer.from(await response.arrayBuffer());
}

/** Resolves when the other end has left a connection, in whatever way. */
export async function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("end", () => socket.destroy());
    socket.resume().once("close", () => resolve());
  });
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("There is none before the tests begin.");
  }
  return value;
}
