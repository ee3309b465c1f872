import { DisposableStore, type Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { SshIdentity } from "../sessionSsh.js";
import type { KeyAgent } from "./agent/keyAgent.js";
import { hostBlock, hostNameFor, knownHostsLine, proxyCommandOf, shortId } from "./config/hostBlock.js";
import { configName, LiveConfigs, relayName } from "./config/liveConfigs.js";
import { PrivateDirectory } from "./privateDirectory.js";
import { type OpenSshd, SessionRelay } from "./sessionRelay.js";

/** What other programs are let in with. */
export interface ExternalSshParts {
  /** Node, or what becomes one by `ELECTRON_RUN_AS_NODE`. */
  readonly node: string;
  /** The bundle of `proxyCommand.ts`. */
  readonly proxyProgram: string;
  /** Where all windows say that they are there; made when needed. */
  readonly folder: string;
  readonly logger: Logger;
}

/** A session that other programs shall reach. */
export interface OfferedSession {
  readonly id: string;
  readonly name: string;
  readonly identity: SshIdentity;
  readonly open: OpenSshd;
}

/** How other programs reach it: `ssh -F configFile host`. */
export interface SshOffer {
  readonly host: string;
  readonly configFile: string;
}

interface Offered {
  readonly host: string;
  readonly block: string;
  readonly agent: KeyAgent;
  readonly token: string;
}

/** What the first offer makes. */
interface Premises {
  readonly directory: PrivateDirectory;
  readonly relay: SessionRelay;
}

/**
 * Lets the ssh programs of this computer into sessions. All goes through sockets of this process, so it ends with it:
 * bytes by a relay, logins by an agent that keeps the key in memory. Nothing that is written down opens a session.
 */
export class ExternalSsh implements Disposable {
  readonly live: LiveConfigs;
  readonly #parts: ExternalSshParts;
  readonly #owned = new DisposableStore();
  readonly #offered = new Map<string, Offered>();
  #premises: Promise<Premises> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ExternalSshParts) {
    this.#parts = parts;
    this.live = this.#owned.add(new LiveConfigs(parts.folder));
  }

  /**
   * Lets programs into a session until this is disposed. Offering it again takes its keys anew and keeps its name; one offer
   * is made after the other, since all are in one file.
   * @throws {ConfigurationError} where no directory or socket can be made.
   * @throws {SshUnavailableError} when the key is not one that ssh knows.
   */
  async offer(session: OfferedSession): Promise<SshOffer> {
    const made = this.#last.then(async () => this.#offer(session));
    this.#last = made.catch(() => undefined);
    return made;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #offer({ id, name, identity, open }: OfferedSession): Promise<SshOffer> {
    const { directory, relay } = await this.#ready();
    const before = this.#offered.get(id);
    const host = before?.host ?? (await this.#hostFor(name, id));
    const folder = shortId(id);
    const [{ KeyAgent }, { SigningKey }] = await Promise.all([
      import("./agent/keyAgent.js"),
      import("./agent/signingKey.js"),
    ]);
    const key = new SigningKey(identity.key);
    const agentSocket = directory.socketPath(`${folder}/agent`);
    const publicKeyFile = await directory.write(`${folder}/id.pub`, `${key.publicLine}\n`);
    const knownHostsFile = await directory.write(
      `${folder}/known_hosts`,
      knownHostsLine(id, identity.hostKey),
    );
    const agent = before?.agent ?? this.#owned.add(await KeyAgent.listen(agentSocket, key));
    agent.key = key;
    const token = relay.admit(open, before?.token);
    const ticket = await directory.write(
      `${folder}/ticket`,
      `${directory.socketPath(relayName)}\n${token}\n`,
    );
    const block = hostBlock({
      host,
      sessionId: id,
      proxyCommand: proxyCommandOf([this.#parts.node, this.#parts.proxyProgram, ticket]),
      publicKeyFile,
      agentSocket,
      knownHostsFile,
      hostKey: identity.hostKey,
    });
    this.#offered.set(id, { host, block, agent, token });
    const blocks = [...this.#offered.values()].map((offered) => offered.block);
    return { host, configFile: await directory.write(configName, blocks.join("\n")) };
  }

  async #hostFor(name: string, id: string): Promise<string> {
    const others = await this.live.hostsOfOthers();
    const own = [...this.#offered].map(([session, offered]) => [offered.host, session] as const);
    const taken = new Map([...others, ...own]);
    return hostNameFor(name, id, (host) => taken.has(host) && taken.get(host) !== id);
  }

  async #ready(): Promise<Premises> {
    this.#premises ??= this.#open();
    try {
      return await this.#premises;
    } catch (error) {
      this.#premises = undefined;
      throw error;
    }
  }

  async #open(): Promise<Premises> {
    const directory = this.#owned.add(await PrivateDirectory.create());
    const relay = this.#owned.add(
      await SessionRelay.listen(directory.socketPath(relayName), this.#parts.logger),
    );
    await this.live.add(directory.path);
    return { directory, relay };
  }
}
