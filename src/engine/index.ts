import { messageOf } from "../base/errors.js";
import { type Logger, silentLogger } from "../base/logger.js";
import { makeAccount } from "./auth/account.js";
import { Authenticator } from "./auth/authenticator.js";
import { LoginGuard } from "./auth/logins/loginGuard.js";
import { RateLimit } from "./auth/rateLimit.js";
import { WebSessions } from "./auth/logins/webSessions.js";
import { webRoutes } from "./auth/logins/webRoutes.js";
import { type DataDir, openDataDir } from "./dataDir.js";
import { DefectiveExecution } from "./defects/defectiveExecution.js";
import { type PlayedDefects, playedDefects } from "./defects/playedDefects.js";
import { eraFor } from "./era.js";
import { BackgroundTasks } from "./events/backgroundTasks.js";
import { makeEventBus } from "./events/eventBus.js";
import { availableRuntimes, SessionExecution } from "./execution/index.js";
import { FolderStore } from "./folders/folderStore.js";
import { Tickets } from "./folders/tickets.js";
import { Uploads } from "./folders/uploads.js";
import { Dispatcher } from "./http/dispatcher.js";
import { RouteTable } from "./http/routes.js";
import { HttpServer } from "./http/transport/server.js";
import { catalogOf, type ImageCatalog } from "./images/imageCatalog.js";
import { type EngineOptions, limitsOf, newestApiVersion } from "./options.js";
import { managerRoutes, socketRoutes } from "./routes/allRoutes.js";
import type { EngineParts } from "./routes/engineParts.js";
import { findRunnersDir } from "./runnersDir.js";
import type { ExecutionFactory } from "./sessions/execution.js";
import { SessionLifecycle } from "./sessions/lifecycle.js";
import { Sessions } from "./sessions/sessions.js";
import { SessionStore } from "./sessions/sessionStore.js";

export type { EngineOptions } from "./options.js";
export { ListenError } from "./http/transport/server.js";

/** A running engine. Whoever starts it closes it. */
export interface Engine {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly email: string;
  readonly password: string;
  /** Ends every session with its processes and every connection, and removes temporary files. */
  close(): Promise<void>;
}

/**
 * Starts an engine: a Backend.AI server on loopback whose sessions are processes of this computer.
 * @throws {ListenError} when the port is taken.
 * @throws {ProtocolError} when the API version to play is none.
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const logger = options.logger ?? silentLogger;
  const data = await openDataDir(options.dataDir, logger);
  try {
    const parts = assemble(options, data, logger);
    const server = await HttpServer.listen(options.port ?? 0, dispatcherOf(parts), logger);
    parts.listening.port = server.port;
    setImmediate(() => void parts.images().catch(() => undefined));
    return engineOf(parts, server, data, logger);
  } catch (error) {
    await data.remove();
    throw error;
  }
}

interface Assembly extends EngineParts {
  readonly listening: { port: number };
}

function assemble(options: EngineOptions, data: DataDir, logger: Logger): Assembly {
  const era = eraFor(options.apiVersion ?? newestApiVersion, options.manager);
  const account = makeAccount(options);
  const events = makeEventBus();
  const folders = new FolderStore(data.folders, era);
  const defects = playedDefects(options.defects ?? [], options.defectTimes);
  const lifecycle = new SessionLifecycle({
    era,
    events,
    folders,
    makeExecution: withDefects(
      options.makeExecution ?? ((settings) => new SessionExecution(settings)),
      defects,
    ),
    defects,
    logger,
    accessKey: account.accessKey,
    runnersDir: options.runnersDir ?? findRunnersDir(),
    stepMs: options.stepMs ?? 10,
    logLimitBytes: options.logLimitBytes,
    execTimeoutMs: options.execTimeoutMs,
    keepsFiles: !data.isTemporary,
  });
  const sessions = new Sessions({
    era,
    store: new SessionStore(era),
    lifecycle,
    events,
    sessionsDir: data.sessions,
    limits: limitsOf(options),
  });
  const listening = { port: 0 };
  return {
    era,
    account,
    logger,
    defects,
    sessions,
    lifecycle,
    folders,
    uploads: new Uploads(era),
    tickets: new Tickets(),
    events,
    tasks: new BackgroundTasks(),
    webSessions: new WebSessions(),
    loginGuard: new LoginGuard(),
    images: imagesOf(logger),
    rateLimit: options.rateLimit ?? 30_000,
    commitsDir: data.commits,
    port: () => listening.port,
    listening,
  };
}

/** Sessions of an engine without defects run as they are. */
function withDefects(make: ExecutionFactory, defects: PlayedDefects): ExecutionFactory {
  return defects.isNone ? make : (settings) => new DefectiveExecution(make(settings), defects);
}

/** Looking for runtimes takes longer than a start should: it begins after it, or when somebody asks. */
function imagesOf(logger: Logger): () => Promise<ImageCatalog> {
  let catalog: Promise<ImageCatalog> | undefined;
  const look = async (): Promise<ImageCatalog> => {
    try {
      return catalogOf(await availableRuntimes());
    } catch (error) {
      logger.error(`no runtimes: ${messageOf(error)}`);
      throw error;
    }
  };
  return () => (catalog ??= look());
}

function dispatcherOf(parts: EngineParts): Dispatcher {
  return new Dispatcher({
    era: parts.era,
    routes: new RouteTable(managerRoutes(parts)),
    sockets: new RouteTable(socketRoutes(parts)),
    webRoutes: new RouteTable(webRoutes(parts)),
    authenticator: new Authenticator(parts.account, parts.era),
    webSessions: parts.webSessions,
    rateLimit: new RateLimit(parts.rateLimit),
    logger: parts.logger,
  });
}

function engineOf(parts: EngineParts, server: HttpServer, data: DataDir, logger: Logger): Engine {
  const { accessKey, secretKey, email, password } = parts.account;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    // Whatever goes wrong on the way, the files of this start must not stay.
    await Promise.allSettled([parts.sessions.disposeAll(), server.close()]);
    parts.events.dispose();
    await data.remove();
    logger.info("the engine has stopped");
  };
  return {
    endpoint: `http://127.0.0.1:${String(server.port)}`,
    accessKey,
    secretKey,
    email,
    password,
    close: () => (closing ??= close()),
  };
}
