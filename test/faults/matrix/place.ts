import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { BackendAIClient, type Credentials, type SessionImage } from "../../../src/api/index.js";
import { type Engine, startEngine } from "../../../src/engine/index.js";

/** An engine that can be replaced under its clients, and a client that no fault touches. Who opens it closes it. */
export class Place {
  readonly #dataDir: string;
  #engine: Engine;
  #image: Promise<SessionImage> | undefined;
  #witness: BackendAIClient;
  /** Whether its engine was ended and none has taken its place. */
  isStopped = false;
  #turn: Promise<void> = Promise.resolve();

  private constructor(dataDir: string, engine: Engine, witness: BackendAIClient) {
    this.#dataDir = dataDir;
    this.#engine = engine;
    this.#witness = witness;
  }

  static async open(): Promise<Place> {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), "backendai-faults-"));
    const engine = await startEngine({ dataDir, limits: { maxSessions: 1000 } });
    return new Place(dataDir, engine, await clientOf(engine));
  }

  get endpoint(): string {
    return this.#engine.endpoint;
  }

  get credentials(): Credentials {
    return credentialsOf(this.#engine);
  }

  /** Directly connected. */
  get witness(): BackendAIClient {
    return this.#witness;
  }

  get sessionsDir(): string {
    return path.join(this.#dataDir, "sessions");
  }

  /** An image to start sessions of. */
  async image(): Promise<SessionImage> {
    this.#image ??= this.#findImage();
    return this.#image;
  }

  async #findImage(): Promise<SessionImage> {
    const found = (await this.#witness.images.list()).find(({ runtimeType }) => runtimeType === "python");
    if (found === undefined) {
      throw new Error("The engine has no image for Python.");
    }
    return found;
  }

  /** Ends the engine with all its sessions; nothing listens at its port any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.#witness.close();
    await this.#engine.close();
  }

  /** Ends the engine and starts another one, perhaps of another time, at the same port and with the same keys. */
  async restart(apiVersion?: string): Promise<void> {
    const again = async (): Promise<void> => {
      const { endpoint, accessKey, secretKey } = this.#engine;
      await this.stop();
      this.#engine = await startEngine({
        dataDir: this.#dataDir,
        port: Number(new URL(endpoint).port),
        accessKey,
        secretKey,
        apiVersion,
      });
      this.#witness = await clientOf(this.#engine);
      this.isStopped = false;
    };
    this.#turn = this.#turn.then(again);
    await this.#turn;
  }

  /** Resolves when the engine is there again that a restart is bringing. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => undefined);
    await this.stop();
    await rm(this.#dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function credentialsOf({ accessKey, secretKey }: Engine): Credentials {
  return { type: "keypair", accessKey, secretKey };
}

async function clientOf(engine: Engine): Promise<BackendAIClient> {
  return BackendAIClient.connect({ endpoint: engine.endpoint, credentials: credentialsOf(engine) });
}
