import { Account } from "../../src/account/account.js";
import { ConnectionStore } from "../../src/account/connectionStore.js";
import { environmentTarget } from "../../src/account/environment.js";
import { ProfileStore } from "../../src/account/profiles/profileStore.js";
import { BackendAIClient } from "../../src/api/index.js";
import { Emitter } from "../../src/base/event.js";
import { DisposableStore } from "../../src/base/lifecycle.js";
import { silentLogger } from "../../src/base/logger.js";
import { TurnQueue } from "../../src/base/turnQueue.js";
import { SessionSources } from "../../src/completion/sessionSources.js";
import { FileSessions } from "../../src/files/fileSessions.js";
import { SessionFeed } from "../../src/sessions/sessionFeed.js";
import { SessionStore } from "../../src/sessions/sessionStore.js";
import { SessionForest } from "../../src/sessions/tree/sessionForest.js";
import { RungMemory } from "../../src/terminal/rungMemory.js";
import { HostKeys } from "../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../src/tunnel/sessionTunnels.js";
import { type RunningEngine, startEngine } from "../../scripts/support/engineProcess.js";
import { EngineHeap } from "./engineHeap.js";
import { memoryStore } from "../unit/tunnel/support/memoryStore.js";

/** What a window holds while it lives, put together as `compose.ts` does it, on the built engine in a process of its own. */
export interface SoakPlace {
  readonly engine: RunningEngine;
  readonly engineHeap: EngineHeap;
  readonly client: BackendAIClient;
  readonly image: string;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly forest: SessionForest;
  readonly tunnels: SessionTunnels;
  readonly files: FileSessions;
  /** The same, by the server's calls alone. */
  readonly filesByCalls: FileSessions;
  readonly sources: SessionSources;
  readonly rungs: RungMemory;
  readonly turns: TurnQueue;
  /** Ends all of it, the engine last. */
  close(): Promise<void>;
}

/** Starts the engine, connects, and begins to look at the sessions. Who opens it closes it. */
export async function openSoakPlace(): Promise<SoakPlace> {
  const engine = await startEngine(["--rate-limit", "10000000"], ["--inspect=127.0.0.1:0"]);
  try {
    return await connected(engine, await EngineHeap.open(engine.logFile));
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function connected(engine: RunningEngine, engineHeap: EngineHeap): Promise<SoakPlace> {
  const target = environmentTarget(engine.env);
  if (target.kind !== "environment" || target.credentials.type !== "keypair") {
    throw new Error("The engine names no keypair.");
  }
  const client = await BackendAIClient.connect({
    endpoint: target.endpoints,
    credentials: target.credentials,
  });
  const python = (await client.images.list()).find(({ runtimeType }) => runtimeType === "python");
  if (python === undefined) {
    throw new Error("The engine has no Python.");
  }
  const open = { client, onDidClose: new Emitter<Error>().event, close: async () => client.close() };
  const connection = new ConnectionStore(() => Promise.resolve(open), silentLogger);
  const owned = new DisposableStore();
  const logger = silentLogger;
  const servers = {
    read: () => undefined,
    write: () => Promise.resolve(),
    onDidChange: new Emitter<void>().event,
  };
  const profiles = owned.add(new ProfileStore(servers));
  const account = owned.add(
    new Account({ connection, profiles, environment: engine.env, memory: memoryStore() }),
  );
  const store = new SessionStore();
  const forest = owned.add(new SessionForest(store));
  const feed = owned.add(new SessionFeed({ connection, store, logger }));
  const tunnels = owned.add(
    new SessionTunnels({ connection, hostKeys: new HostKeys(memoryStore(), logger), logger }),
  );
  const parts = { account, store, feed, tunnels, logger };
  const mayRunCommands = (): Promise<boolean> => Promise.resolve(false);
  owned.add(store.onDidEnd((id) => tunnels.forget(id)));
  const files = owned.add(new FileSessions(parts));
  const filesByCalls = owned.add(
    new FileSessions({ ...parts, ways: { connection: () => "api", mayRunCommands } }),
  );
  const sources = owned.add(new SessionSources({ connection, store, tunnels, logger }));
  await connection.connect(target);
  feed.setWatched(true);
  return {
    ...{ engine, engineHeap, client, store, feed, forest, tunnels, files, filesByCalls, sources },
    image: python.reference,
    rungs: new RungMemory(),
    turns: new TurnQueue(),
    close: async () => {
      owned.dispose();
      engineHeap.close();
      await connection.disconnect();
      await engine.stop();
    },
  };
}
