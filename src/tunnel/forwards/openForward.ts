import * as l10n from "@vscode/l10n";
import type { Duplex } from "node:stream";
import { isAbort } from "../../base/abort.js";
import { ConfigurationError, StreamClosedError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { LoopbackListener } from "../loopbackListener.js";
import type { SessionTunnels } from "../sessionTunnels.js";
import { SilentAppError, TunnelDuplex } from "../tunnelDuplex.js";
import type { ForwardPlace } from "./forwardTarget.js";
import { reachError } from "./reachErrors.js";
import { reachPort } from "./reachPort.js";

/** What a forward is made of. */
export interface OpenForwardParts {
  readonly place: ForwardPlace;
  /** The only port of this computer that will do, when one was named. */
  readonly localPort?: number | undefined;
  /** The one to take where none was named and this is free. */
  readonly preferredPort?: number | undefined;
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
  /** Told of the first connection that did not come about. */
  readonly onFailure: (error: unknown) => void;
  readonly onConnections: () => void;
}

/** A port of this computer that leads to a port inside a session, until it is disposed. */
export class OpenForward implements Disposable {
  readonly #parts: OpenForwardParts;
  readonly #far = new Set<Duplex>();
  #listener: LoopbackListener | undefined;
  #hasAnswered = false;
  #hasFailed = false;

  private constructor(parts: OpenForwardParts) {
    this.#parts = parts;
  }

  /**
   * Listens on a port of this computer.
   * @throws {ConfigurationError} (`port`) when the named port of this computer can't be had.
   */
  static async open(parts: OpenForwardParts): Promise<OpenForward> {
    const forward = new OpenForward(parts);
    const { localPort, preferredPort, logger, onConnections } = parts;
    const listener = await LoopbackListener.listen({
      open: (signal) => forward.#reach(signal),
      preferredPort: localPort ?? preferredPort,
      logger,
      onFailure: (error) => forward.#failed(error),
      onConnections,
    });
    if (localPort !== undefined && listener.port !== localPort) {
      listener.dispose();
      throw new ConfigurationError(
        "port",
        l10n.t("Port {0} of this computer is in use, or not for you.", localPort),
      );
    }
    forward.#listener = listener;
    return forward;
  }

  get localPort(): number {
    return this.#listener?.port ?? 0;
  }

  get connectionCount(): number {
    return this.#listener?.connectionCount ?? 0;
  }

  /** Closes the port and every connection. */
  dispose(): void {
    this.#listener?.dispose();
    for (const far of this.#far) {
      far.destroy();
    }
  }

  async #reach(signal: AbortSignal): Promise<Duplex> {
    const far = await reachPort(this.#parts.place, this.#parts.tunnels, signal);
    this.#far.add(far);
    far.on("error", (error) => this.#broke(far, error));
    far.once("close", () => {
      this.#far.delete(far);
      this.#hasAnswered ||= !(far instanceof TunnelDuplex) || far.hasReceived;
    });
    return far;
  }

  /**
   * A tunnel to an app is open before the app is called: only its end tells that nothing answers. Browsers open connections
   * ahead of need, which apps close unused: where the app has answered before, that is no failure.
   */
  #broke(far: Duplex, error: Error): void {
    const isMute = far instanceof TunnelDuplex && !far.hasReceived;
    if (isMute && !isAbort(error) && !(isHangUp(error) && this.#hasAnsweredEver())) {
      this.#failed(reachError(error, this.#parts.place));
    }
  }

  #hasAnsweredEver(): boolean {
    return this.#hasAnswered || [...this.#far].some((far) => far instanceof TunnelDuplex && far.hasReceived);
  }

  #failed(error: unknown): void {
    if (!this.#hasFailed) {
      this.#hasFailed = true;
      this.#parts.onFailure(error);
    }
  }
}

/** The app hung up; who writes at that moment finds the tunnel closed, without a code. */
function isHangUp(error: Error): boolean {
  return (
    error instanceof SilentAppError || (error instanceof StreamClosedError && error.closeCode === undefined)
  );
}
