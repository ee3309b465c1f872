import type { CodeSession } from "../../../../src/sessions/interpreters.js";
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { ConnectionStore } from "../../../../src/account/connectionStore.js";
import type { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import {
  type ConversationStart,
  RemoteServers,
} from "../../../../src/completion/remote/lifecycle/remoteServers.js";
import type { RemoteServerState } from "../../../../src/completion/remote/lifecycle/remoteServer.js";
import type { ServedLanguage } from "../../../../src/completion/remote/servers/languageServers.js";
import { SessionStore } from "../../../../src/sessions/sessionStore.js";
import { HostKeys } from "../../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../../src/tunnel/sessionTunnels.js";
import { until } from "../../../support/until.js";
import { SessionPrograms } from "../../terminal/support/sessionProgram.js";
import { memoryStore } from "../../tunnel/support/memoryStore.js";

/** How soon servers of these tests are started again, in milliseconds. */
const firstMs = 40;

/** A window's servers, with a protocol client of a test in the place of VS Code's. */
export interface ServersBench {
  readonly servers: RemoteServers;
  readonly connection: ConnectionStore;
  readonly store: SessionStore;
  readonly tunnels: SessionTunnels;
  /** What the servers of languages have come to, in order. */
  readonly states: readonly RemoteServerState[];
  /** The client of the server that was greeted last. */
  readonly talk: () => ProtocolConnection;
  /** Ends with all its servers. */
  stop(): Promise<void>;
}

/** A window that is connected to `client`'s server. */
export async function serversBench(client: BackendAIClient): Promise<ServersBench> {
  const connection = new ConnectionStore(
    async () =>
      Promise.resolve({
        client,
        onDidClose: () => ({ dispose: () => undefined }),
        close: async () => Promise.resolve(),
      }),
    silentLogger,
  );
  await connection.connect({ kind: "local" });
  const store = new SessionStore();
  const tunnels = new SessionTunnels({
    connection,
    hostKeys: new HostKeys(memoryStore(), silentLogger),
    logger: silentLogger,
  });
  let talk: ProtocolConnection | undefined;
  const servers = new RemoteServers({
    connection,
    store,
    tunnels,
    logger: silentLogger,
    backoff: { firstMs, longestMs: 16 * firstMs },
    converse: async (start) => {
      talk = await greet(start);
      const current = talk;
      return {
        stop: async () => {
          await current.sendRequest("shutdown");
          await current.sendNotification("exit");
          current.dispose();
        },
      };
    },
  });
  const states: RemoteServerState[] = [];
  servers.onDidChange(({ state }) => states.push(state));
  return {
    ...{ servers, connection, store, tunnels, states },
    talk: () => {
      if (talk === undefined) {
        throw new Error("no server was greeted yet");
      }
      return talk;
    },
    stop: async () => {
      servers.dispose();
      await servers.ended();
      tunnels.dispose();
    },
  };
}

async function greet({ process }: ConversationStart): Promise<ProtocolConnection> {
  process.channel.on("error", () => undefined);
  const talk = createProtocolConnection(
    new StreamMessageReader(process.channel),
    new StreamMessageWriter(process.channel),
  );
  talk.onClose(() => talk.dispose());
  talk.onError(() => undefined);
  talk.listen();
  process.channel.resume();
  await talk.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  return talk;
}

/** Waits until the server of a language runs. */
export async function running({ servers }: ServersBench, language: ServedLanguage): Promise<void> {
  await until("a server that runs", () => servers.status(language)?.state.phase === "running");
}

/** A new session of the local engine, and its home on this computer. */
export async function freshSession(
  client: BackendAIClient,
  store: SessionStore,
): Promise<CodeSession & { readonly home: string }> {
  const { id } = await client.sessions.create({ image: "python" });
  const session = await client.sessions.summary(id);
  store.update({ put: [session] });
  store.setState({ phase: "ready" });
  const programs = new SessionPrograms(client, id);
  try {
    return { client, session, home: (await programs.run("cd; pwd -P")).trim() };
  } finally {
    programs.dispose();
  }
}
