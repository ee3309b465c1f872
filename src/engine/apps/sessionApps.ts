import type { Duplex } from "node:stream";
import type { Logger } from "../../base/logger.js";
import { type ProcessHost, SessionEndedError } from "../execution/index.js";
import type { Service, Session } from "../sessions/session.js";
import { OpenConnections } from "./appConnection.js";
import { dialLoopback } from "./loopbackPort.js";
import { SessionKeys } from "./ssh/sessionKeys.js";
import type { SshServer } from "./ssh/sshServer.js";
import { TmuxHome } from "./tmuxHome.js";
import { TtydServer } from "./ttyd/ttydServer.js";

/** What every session has, as real servers list it: before the ports that a session opens itself. */
const [sshdPort, ttydPort] = [2200, 7681];

/**
 * The apps of one session. `sshd` and `ttyd` listen nowhere: on a computer with several users a shell on a port of loopback
 * would be everybody's. `SessionLifecycle` makes this before the session's processes and ends it with them.
 */
export class SessionApps {
  readonly #session: Session;
  readonly #logger: Logger;
  readonly #keys: SessionKeys;
  readonly #tmux: TmuxHome;
  readonly #connections = new OpenConnections();
  readonly #ttyd: TtydServer;
  #sshd: Promise<SshServer> | undefined;
  #hasEnded = false;

  private constructor(session: Session, keys: SessionKeys, tmux: TmuxHome, logger: Logger) {
    this.#session = session;
    this.#keys = keys;
    this.#tmux = tmux;
    this.#logger = logger;
    this.#ttyd = new TtydServer(() => this.#processes());
  }

  /** Writes the session's key into its home and makes room for its tmux. */
  static async make(session: Session, logger: Logger): Promise<SessionApps> {
    const keys = await SessionKeys.make(session.workDir, logger);
    return new SessionApps(session, keys, await TmuxHome.make(logger), logger);
  }

  /** What the session's processes need in their environment. */
  get variables(): Record<string, string> {
    return this.#tmux.variables;
  }

  /** The built-in apps, then the ports that the session was created with. */
  services(): Service[] {
    const preopen = this.#session.spec.preopenPorts.map((port) => ({
      name: String(port),
      protocol: "preopen",
      containerPort: port,
      hostPort: port,
      connect: async () => dialLoopback(port),
    }));
    const builtIn = { hostPort: 0 };
    return [
      {
        ...builtIn,
        name: "sshd",
        protocol: "tcp",
        containerPort: sshdPort,
        connect: async () => this.#connectSshd(),
      },
      {
        ...builtIn,
        name: "ttyd",
        protocol: "http",
        containerPort: ttydPort,
        connect: async () => this.#connectTtyd(),
      },
      ...preopen,
    ];
  }

  /** Breaks all connections, as a container that restarts does: its sshd has another host key afterwards, the key stays. */
  async restart(): Promise<void> {
    this.#connections.breakAll();
    this.#sshd = undefined;
    await this.#endTmux();
  }

  /** Breaks all connections. To be called before the session's processes are ended. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    this.#connections.breakAll();
    await this.#endTmux();
  }

  /** Removes what is outside the session's own directories; after its processes have ended. Never rejects. */
  async removeFiles(): Promise<void> {
    await this.#tmux.remove();
  }

  async #connectSshd(): Promise<Duplex> {
    this.#sshd ??= this.#startSshd();
    const sshd = await this.#sshd;
    this.#processes(); // the session may have ended meanwhile
    return this.#connections.connect((server) => sshd.serve(server));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to be a rejection
  async #connectTtyd(): Promise<Duplex> {
    this.#processes();
    return this.#connections.connect((server) => this.#ttyd.serve(server));
  }

  /** ssh2 is heavy: it is loaded when somebody first calls. */
  async #startSshd(): Promise<SshServer> {
    const { SshServer } = await import("./ssh/sshServer.js");
    return new SshServer({
      session: this.#session,
      keys: this.#keys,
      processes: () => this.#processes(),
      logger: this.#logger,
    });
  }

  #processes(): ProcessHost {
    const { execution } = this.#session;
    if (execution === undefined || this.#hasEnded) {
      throw new SessionEndedError();
    }
    return execution.processes;
  }

  async #endTmux(): Promise<void> {
    const { execution } = this.#session;
    await this.#tmux.endServer(() => execution?.processes.environment ?? {});
  }
}
