import { silentLogger } from "../base/logger.js";
import type { Dialect } from "../wire/dialect.js";
import type { Hello } from "../wire/records/server.js";
import { AuthCalls } from "./account/authCalls.js";
import { GroupCalls, ImageCalls } from "./account/catalogCalls.js";
import { graphqlRequest } from "./account/graphql.js";
import { ResourceCalls } from "./account/resourceCalls.js";
import { ServerCalls } from "./account/serverCalls.js";
import { connect, type Connection } from "./connect.js";
import { FileCalls } from "./files/fileCalls.js";
import type { Findings } from "./findings.js";
import { FolderCalls } from "./folders/folderCalls.js";
import type { CallOptions, ConnectOptions, SessionDefaults } from "./options.js";
import { CompletionCalls } from "./runs/completionCalls.js";
import { RunCalls } from "./runs/runCalls.js";
import { SessionCalls } from "./sessions/sessionCalls.js";
import { AppCalls } from "./streams/appCalls.js";
import { EventCalls } from "./streams/eventCalls.js";
import { TerminalCalls } from "./streams/terminalCalls.js";

/**
 * A Backend.AI server as one caller sees it. Made by {@link BackendAIClient.connect}; who makes it, closes it. Every call
 * takes `{ signal }` last, has deadlines (`Timeouts`), and throws the errors of `errors.ts`.
 */
export class BackendAIClient {
  /** The server itself: version, status, announcement. */
  readonly server: ServerCalls;
  /** Accounts and credentials. */
  readonly auth: AuthCalls;
  /** Sessions: create, list, look at, end. */
  readonly sessions: SessionCalls;
  /** Running code. */
  readonly runs: RunCalls;
  /** Files below `/home/work`. */
  readonly files: FileCalls;
  /** Completion by a session's interpreter. */
  readonly completion: CompletionCalls;
  /** Server-sent events. */
  readonly events: EventCalls;
  /** Terminals. */
  readonly terminals: TerminalCalls;
  /** Apps inside sessions, and TCP connections to them. */
  readonly apps: AppCalls;
  /** Virtual folders, and the files in them. */
  readonly folders: FolderCalls;
  /** Presets, limits, resource groups. */
  readonly resources: ResourceCalls;
  /** Images. */
  readonly images: ImageCalls;
  /** Groups (projects). */
  readonly groups: GroupCalls;
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
    const { context } = connection;
    this.server = new ServerCalls(context);
    this.auth = new AuthCalls(context);
    this.sessions = new SessionCalls(context);
    this.runs = new RunCalls(context);
    this.files = new FileCalls(context);
    this.completion = new CompletionCalls(context);
    this.events = new EventCalls(context);
    this.terminals = new TerminalCalls(context);
    this.apps = new AppCalls(context);
    this.folders = new FolderCalls(context);
    this.resources = new ResourceCalls(context);
    this.images = new ImageCalls(context);
    this.groups = new GroupCalls(context);
  }

  /**
   * Asks the server for its version, picks the dialect, and logs in when the credentials are a login. A keypair is not
   * verified: `client.auth.test()` does that.
   * @throws {ConfigurationError} for an endpoint or a proxy that is no URL.
   * @throws {NetworkError} of the last endpoint tried.
   * @throws {NotAServerError} when something else answers.
   * @throws {CertificateError} and {ProxyError}, which are network errors, saying whose.
   * @throws {LoginError}
   */
  static async connect(options: ConnectOptions, call: CallOptions = {}): Promise<BackendAIClient> {
    return new BackendAIClient(await connect({ logger: silentLogger, ...options }, call));
  }

  /** The endpoint that answered, without a slash at its end. */
  get endpoint(): string {
    return this.#connection.endpoint;
  }

  /** What the server said of itself when it was connected to. */
  get hello(): Hello {
    return this.#connection.hello;
  }

  /** What a server of that release expects and can do. */
  get dialect(): Dialect {
    return this.#connection.context.dialect;
  }

  /** What works on this server, as far as its release and its answers tell. */
  get findings(): Findings {
    return this.#connection.context.findings;
  }

  /** For whom and with what sessions are started where nothing is said. */
  get defaults(): SessionDefaults {
    return this.#connection.context.defaults;
  }

  /** Changes what sessions are started for and with, from the next call on. */
  setDefaults(defaults: SessionDefaults): void {
    this.#connection.context.defaults = defaults;
  }

  /** The caller's access key; `undefined` on anonymous connections. */
  get accessKey(): string | undefined {
    return this.#connection.context.authentication.accessKey;
  }

  /**
   * A GraphQL query in the server's own schema (`protocol.md` §3.4).
   * @returns The data object.
   * @throws {GraphqlError}
   */
  async graphql(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    call: CallOptions = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    return graphqlRequest(this.#connection.context, query, variables, call);
  }

  /** Closes the connections. Requests and sockets that are under way fail. Harmless to repeat. */
  async close(): Promise<void> {
    await this.#connection.close();
  }
}
