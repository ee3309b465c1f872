import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { ConnectionStore } from "../../../src/account/connectionStore.js";
import {
  BackendAIClient,
  type ConnectOptions,
  type SessionImage,
  type SessionSummary,
} from "../../../src/api/index.js";
import { DisposableStore } from "../../../src/base/lifecycle.js";
import { silentLogger } from "../../../src/base/logger.js";
import { HostKeys } from "../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../src/tunnel/sessionTunnels.js";
import { loopbackCertificate } from "../../unit/api/support/loopbackCertificate.js";
import { connectionTo } from "../../unit/tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../../unit/tunnel/support/memoryStore.js";
import { certificates } from "../proxy/certificates.js";
import { FaultProxy } from "../proxy/faultProxy.js";
import type { Place } from "./place.js";

/** Deadlines that a person would not wait for in vain, short enough for tests. */
const timeouts = {
  connectMs: 4000,
  headersMs: 4000,
  bodyMs: 4000,
  handshakeMs: 4000,
  idleMs: 4000,
  createMs: 4000,
  endMs: 4000,
  completionMs: 1500,
  runDoubtMs: 1000,
  busyMs: 4000,
  runGraceMs: 1000,
};

/** What a cell needs beside its place. */
export interface CellOptions {
  /** Whether there is a session. */
  readonly hasSession: boolean;
  readonly isSecure: boolean;
  /** Whether there is no proxy on the way. */
  readonly isDirect: boolean;
  /** Bytes of small contents, and of large ones. */
  readonly smallBytes: number;
  readonly largeBytes: number;
}

/**
 * What one operation of the matrix works with: a client behind a proxy of its own, a session of its own, the parts of the upper layers,
 * and what a person was told. Who opens it closes it.
 */
export class Cell {
  readonly name = `cell-${randomBytes(6).toString("hex")}`;
  readonly options: CellOptions;
  readonly place: Place;
  readonly proxy: FaultProxy;
  readonly owned = new DisposableStore();
  /** What a person was told, in the order of it. */
  readonly told: string[] = [];
  /** What stood on a screen. */
  shown = "";
  /** What a program wrote, without the words around it. */
  output = "";
  /** Whether it waits for the server, says so, and goes on trying. */
  isWaiting = false;
  /** What is read or written. */
  content: Buffer = Buffer.alloc(0);
  received: Buffer = Buffer.alloc(0);
  port = 0;
  /** Whether a person has typed what the operation is about. */
  hasTyped = false;
  /** Whether something nobody waits for did not come about. */
  isMissed = false;
  /** How far the client's clock is off, in milliseconds. */
  skewMs = 0;
  #client: BackendAIClient | undefined;
  #connection: ConnectionStore | undefined;
  #tunnels: SessionTunnels | undefined;
  #session: { readonly id: string; readonly name: string } | undefined;
  #image: SessionImage | undefined;
  #summary: SessionSummary | undefined;
  #local: string | undefined;

  private constructor(place: Place, proxy: FaultProxy, options: CellOptions) {
    this.place = place;
    this.proxy = proxy;
    this.options = options;
    proxy.certificate = options.isSecure ? certificates.good : undefined;
  }

  static async open(place: Place, options: CellOptions): Promise<Cell> {
    const cell = new Cell(place, await FaultProxy.start(), options);
    try {
      cell.#image = await place.image();
      cell.#client = await BackendAIClient.connect(cell.connectOptions);
      cell.#connection = await connectionTo(cell.client);
      cell.#tunnels = cell.owned.add(
        new SessionTunnels({
          connection: cell.#connection,
          hostKeys: new HostKeys(memoryStore(), silentLogger),
          logger: silentLogger,
        }),
      );
      cell.#local = await mkdtemp(path.join(os.tmpdir(), "backendai-cell-"));
      if (options.hasSession) {
        const { reference: image } = cell.image;
        const { id } = await place.witness.sessions.create({ image, name: cell.name });
        cell.#session = { id, name: cell.name };
        cell.#summary = await place.witness.sessions.summary(id);
      }
      return cell;
    } catch (error) {
      await cell.close();
      throw error;
    }
  }

  /** How to reach the server through the proxy. */
  get connectOptions(): ConnectOptions {
    const { endpoint, credentials } = this.place;
    return {
      endpoint: this.options.isSecure ? endpoint.replace("http:", "https:") : endpoint,
      credentials,
      proxy: this.options.isDirect ? undefined : this.proxy.url,
      tls: {
        ca: [certificates.good, certificates.ofAnotherHost, certificates.expired].map(({ cert }) => cert),
      },
      timeouts,
      now: () => new Date(Date.now() + this.skewMs),
    };
  }

  get client(): BackendAIClient {
    return existing(this.#client);
  }

  get connection(): ConnectionStore {
    return existing(this.#connection);
  }

  get tunnels(): SessionTunnels {
    return existing(this.#tunnels);
  }

  get session(): { readonly id: string; readonly name: string } {
    return existing(this.#session);
  }

  /** One to start sessions of. */
  get image(): SessionImage {
    return existing(this.#image);
  }

  /** The session as it was when the cell was opened. */
  get summary(): SessionSummary {
    return existing(this.#summary);
  }

  /** A folder of this computer, gone with the cell. */
  get local(): string {
    return existing(this.#local);
  }

  tell(sentence: string): void {
    this.told.push(sentence);
  }

  /** Runs code in the session's interpreter, past the proxy. */
  async query(code: string): Promise<void> {
    const run = this.place.witness.runs.query(this.session.id, code);
    for await (const event of run) {
      if (event.type === "finished" && event.exitCode !== 0) {
        throw new Error(`The code ended with ${String(event.exitCode)}.`);
      }
    }
  }

  /** Writes a file into the session, past the proxy. */
  async upload(name: string, text: string): Promise<void> {
    await writeFile(this.diskPath(name), text);
  }

  /** How many such requests went on to the server as a whole. */
  carried(part: string, method?: string): number {
    return this.proxy.delivered.filter(
      (request) => request.target.includes(part) && (method === undefined || request.method === method),
    ).length;
  }

  /** A file in the session, read on the disk that the engine keeps it on; `undefined` when it is not there. */
  async fileOf(name: string): Promise<Buffer | undefined> {
    return readFile(this.diskPath(name)).catch(() => undefined);
  }

  /** Where the engine keeps a file of the session. */
  diskPath(name: string): string {
    const { id, name: session } = this.session;
    return path.join(this.place.sessionsDir, `${session}-${id.slice(0, 8)}`, "work", name);
  }

  /** A server that shows a certificate that nobody has signed whom the client knows. */
  showStranger(): void {
    this.proxy.certificate = loopbackCertificate;
  }

  /** Ends everything of the client's. The proxy stays, so that one sees what was left. */
  async end(): Promise<void> {
    this.owned.dispose();
    await this.#client?.close();
    await this.#connection?.disconnect();
  }

  async close(): Promise<void> {
    await this.end();
    await this.proxy.stop();
    await this.place.settled();
    if (this.#session !== undefined) {
      await this.place.witness.sessions.destroy(this.#session.id, { forced: true }).catch(() => undefined);
    }
    if (this.#local !== undefined) {
      await rm(this.#local, { recursive: true, force: true });
    }
  }
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("The cell is not open.");
  }
  return value;
}
