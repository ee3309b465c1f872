import { randomBytes } from "node:crypto";
import { environmentTarget } from "../../src/account/environment.js";
import {
  ApiError,
  BackendAIClient,
  type ConnectOptions,
  type CreatedSession,
  type CreateSessionOptions,
  NetworkError,
  NotFoundError,
  type SessionSummary,
  TimeoutError,
} from "../../src/api/index.js";
import { deadline } from "../../src/base/abort.js";
import { startEngine } from "../../src/engine/index.js";
import { type Release, releases } from "../../src/wire/releases.js";
import { liveStatusesOf } from "../../src/wire/status.js";
import { eventually } from "./assertions.js";

/** A server that the suite is run against. */
export interface TargetSpec {
  /** As it stands in the report: the release, or `environment`. */
  readonly name: string;
  /** Whether it is a server of the world, not the engine. */
  readonly isReal: boolean;
  /** Cases that are tried at the same time, each by a client and a shared session of its own. */
  readonly workers: number;
  open(): Promise<OpenTarget>;
}

/** Most of a case on a real server is waiting for containers, but each of them wants a share of the processors. */
const realWorkers = 3;

/** The releases that the engine plays, or the one server of the environment with `CONFORMANCE_TARGET=environment`. */
export function targets(environment: NodeJS.ProcessEnv): readonly TargetSpec[] {
  if (environment["CONFORMANCE_TARGET"] === "environment") {
    const workers = Number(environment["CONFORMANCE_WORKERS"] ?? realWorkers);
    return [{ name: "environment", isReal: true, workers, open: async () => openEnvironment(environment) }];
  }
  const wanted = environment["CONFORMANCE_RELEASES"]?.split(",");
  return releases
    .filter(({ release }) => wanted?.includes(release) ?? true)
    .map((release) => ({
      name: release.release,
      isReal: false,
      workers: 1,
      open: async () => openEngine(release),
    }));
}

/** Longest a session may take to come or to go, in milliseconds. Busy real sessions took 14 s to go. */
const sessionMs = 90_000;

/** Real servers cancel a new session now and then, such as after another one that was ended by force. */
const createTries = 3;

/** Names of this run's sessions begin so: nothing else is touched on a server that others use as well. */
const namePrefix = `conf-${randomBytes(3).toString("hex")}-`;

/** A name for a session or for a folder that nobody else has. */
export function caseName(): string {
  return `${namePrefix}${randomBytes(5).toString("hex")}`;
}

/** How to log in through a web server. */
export interface Login {
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
}

/** What opening a target gives it. */
export interface TargetParts {
  readonly client: BackendAIClient;
  readonly connection: ConnectOptions;
  readonly keypair: { readonly accessKey: string; readonly secretKey: string };
  /** The account's password and the web server that takes it, where they are known. */
  readonly login: Login | undefined;
  /** Whether it is a server of the world, not the engine. */
  readonly isReal: boolean;
  /** Reference of the image for Python; looked up when absent. */
  readonly pythonImage: string | undefined;
  /** Ends what was started for it. */
  readonly end: () => Promise<void>;
}

/** A server, a client of it, and the sessions that its cases share. Who opens it, closes it. */
export class OpenTarget {
  readonly #parts: TargetParts;
  #python: Promise<string> | undefined;
  #images: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(parts: TargetParts) {
    this.#parts = parts;
  }

  get client(): BackendAIClient {
    return this.#parts.client;
  }

  /** The domain and the group of every session that names none. */
  get place(): { readonly domain: string; readonly group: string } {
    const { domain = "default", group = "default" } = this.#parts.connection;
    return { domain, group };
  }

  /** For clients of one's own. */
  get connection(): ConnectOptions {
    return this.#parts.connection;
  }

  get isReal(): boolean {
    return this.#parts.isReal;
  }

  get keypair(): TargetParts["keypair"] {
    return this.#parts.keypair;
  }

  get login(): TargetParts["login"] {
    return this.#parts.login;
  }

  /** The image of a language; `undefined` when the server has none. */
  async image(runtime: string): Promise<string | undefined> {
    this.#images ??= this.#installedImages();
    return (await this.#images).get(runtime);
  }

  /** @throws when the server has no image for Python: nothing can be tried without one. */
  async pythonImage(): Promise<string> {
    const image = this.#parts.pythonImage ?? (await this.image("python"));
    if (image === undefined) {
      throw new Error(
        "The server has no image with runtime type python; name one in CONFORMANCE_PYTHON_IMAGE.",
      );
    }
    return image;
  }

  /** The id of the shared Python session, which is created when first asked for. */
  async sharedPython(): Promise<string> {
    this.#python ??= this.#createPython();
    return this.#python;
  }

  /**
   * Creates a session under a name of its own. One that came too late is ended: sessions that nobody knows of would take the
   * places of all that come after them.
   */
  async createOwn(
    options: Omit<CreateSessionOptions, "name">,
    client: BackendAIClient = this.client,
  ): Promise<CreatedSession> {
    const name = caseName();
    try {
      return await client.sessions.create({ ...options, name });
    } catch (error) {
      if (error instanceof TimeoutError || error instanceof NetworkError) {
        await this.destroy(name).catch(() => undefined); // it may never have come
      }
      throw error;
    }
  }

  /** Lets the next case have a fresh shared session. */
  async replaceShared(): Promise<void> {
    const session = await this.#python?.catch(() => undefined);
    this.#python = undefined;
    if (session !== undefined) {
      await this.destroy(session).catch(() => undefined); // it may be what failed
    }
  }

  /** Destroys a session if it still lives, and waits until it has ended. */
  async destroy(id: string): Promise<void> {
    const limit = deadline(sessionMs, "total", `The end of session ${id}`);
    try {
      await eventually(async () => this.#isGone(id, limit.signal), limit.signal);
    } finally {
      limit.clear();
    }
  }

  /** Ends the sessions of this run and closes everything. */
  async close(): Promise<void> {
    const left: SessionSummary[] = [];
    for await (const session of this.client.sessions.list({
      status: liveStatusesOf(this.client.dialect.manager),
    })) {
      left.push(session);
    }
    await Promise.all(
      left.filter(({ name }) => name.startsWith(namePrefix)).map(async ({ id }) => this.destroy(id)),
    );
    await this.client.close();
    await this.#parts.end();
  }

  async #createPython(): Promise<string> {
    const image = await this.pythonImage();
    let last = "";
    for (let left = createTries; left > 0; left -= 1) {
      const { id, status } = await this.createOwn({ image, timeoutMs: sessionMs });
      if (status === "RUNNING") {
        return id;
      }
      last = status;
    }
    throw new Error(`The shared session is ${last} instead of RUNNING, ${createTries} times.`);
  }

  /** Asks for the end; a session that is neither up nor down refuses, and is asked again. */
  async #isGone(id: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { status } = await this.client.sessions.info(id, { signal });
      if (status === "TERMINATED" || status === "CANCELLED") {
        return true;
      }
      if (status !== "TERMINATING") {
        await this.client.sessions.destroy(id, {}, { signal });
      }
      return false;
    } catch (error) {
      if (error instanceof NotFoundError) {
        return true;
      }
      if (error instanceof ApiError) {
        return false;
      }
      throw error;
    }
  }

  async #installedImages(): Promise<ReadonlyMap<string, string>> {
    const images = await this.client.images.list();
    const installed = images.filter(({ isInstalled }) => isInstalled);
    return new Map(installed.map(({ runtimeType = "", reference }) => [runtimeType, reference]));
  }
}

async function openEnvironment(environment: NodeJS.ProcessEnv): Promise<OpenTarget> {
  const target = environmentTarget(environment);
  if (target.kind !== "environment" || target.credentials.type !== "keypair") {
    throw new Error("The environment names no server of type api with a keypair.");
  }
  const { endpoints, credentials, domain, group, mounts, skipVerification } = target;
  const tls = skipVerification ? { skipVerification } : undefined;
  const connection = { endpoint: endpoints, credentials, domain, group, mounts, tls };
  const client = await BackendAIClient.connect(connection);
  return new OpenTarget({
    client,
    connection,
    keypair: credentials,
    login: loginOf(environment),
    isReal: true,
    pythonImage: environment["CONFORMANCE_PYTHON_IMAGE"],
    end: async () => Promise.resolve(),
  });
}

function loginOf(environment: NodeJS.ProcessEnv): Login | undefined {
  const [endpoint, username, password] = ["ENDPOINT", "USER", "PASSWORD"].map(
    (name) => environment[`BACKEND_WEB_${name}`],
  );
  return endpoint && username && password ? { endpoint, username, password } : undefined;
}

async function openEngine({ apiVersion, manager }: Release): Promise<OpenTarget> {
  const engine = await startEngine({ apiVersion, manager });
  const { endpoint, accessKey, secretKey, email, password } = engine;
  const keypair = { accessKey, secretKey };
  const connection: ConnectOptions = { endpoint, credentials: { type: "keypair", ...keypair } };
  const client = await BackendAIClient.connect(connection);
  return new OpenTarget({
    client,
    connection,
    keypair,
    login: { endpoint, username: email, password },
    isReal: false,
    pythonImage: undefined,
    end: async () => engine.close(),
  });
}
