import * as l10n from "@vscode/l10n";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { ConfigurationError, messageOf } from "../base/errors.js";
import type { Disposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";

/** Connections at once; a browser takes six to a server, and some pages open sockets beside. */
const connectionLimit = 256;

/** How long a program may keep its side open and silent after the session has closed the other, in milliseconds. */
const lingerMs = 30_000;

/** What a listener leads to. */
export interface LoopbackOptions {
  /** Opens the other end of a new connection. */
  readonly open: (signal: AbortSignal) => Promise<Duplex>;
  /** Port to listen on when it is free; otherwise, or when absent, any. */
  readonly preferredPort?: number | undefined;
  readonly logger: Logger;
  /** Told why a connection did not come about; the program that made it just sees it closed. */
  readonly onFailure?: (error: unknown) => void;
  /** Told that a connection came or went. */
  readonly onConnections?: () => void;
}

/** A TCP port of this computer, on loopback alone, whose connections lead elsewhere. Who makes it disposes it. */
export class LoopbackListener implements Disposable {
  readonly #server: Server;
  readonly #options: LoopbackOptions;
  readonly #ending = new AbortController();
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, options: LoopbackOptions) {
    this.#server = server;
    this.#options = options;
    server.maxConnections = connectionLimit;
    server.on("connection", (socket) => void this.#connected(socket));
  }

  /** @throws {ConfigurationError} when no port can be had. */
  static async listen(options: LoopbackOptions): Promise<LoopbackListener> {
    const { preferredPort = 0 } = options;
    try {
      return new LoopbackListener(await listening(preferredPort), options);
    } catch (error) {
      if (preferredPort !== 0) {
        return LoopbackListener.listen({ ...options, preferredPort: 0 });
      }
      throw new ConfigurationError(
        "port",
        l10n.t("No port on loopback could be opened: {0}", messageOf(error)),
        {
          cause: error,
        },
      );
    }
  }

  get port(): number {
    const address = this.#server.address();
    return isAddress(address) ? address.port : 0;
  }

  /** Connections that are open. */
  get connectionCount(): number {
    return this.#sockets.size;
  }

  /** Closes the port and every connection. */
  dispose(): void {
    this.#ending.abort();
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.resetAndDestroy();
    }
  }

  async #connected(socket: Socket): Promise<void> {
    const { open, logger, onFailure, onConnections } = this.#options;
    this.#sockets.add(socket);
    onConnections?.();
    const gone = new AbortController();
    socket.on("error", () => undefined); // its close tells
    socket.on("close", () => {
      this.#sockets.delete(socket);
      gone.abort();
      onConnections?.();
    });
    socket.setNoDelay(true);
    try {
      const other = await open(AbortSignal.any([this.#ending.signal, gone.signal]));
      join(socket, other, (error) => logger.debug(`a forwarded connection ended: ${messageOf(error)}`));
    } catch (error) {
      socket.destroy();
      if (!gone.signal.aborted && !this.#ending.signal.aborted) {
        logger.debug(`a forwarded connection failed: ${messageOf(error)}`);
        onFailure?.(error);
      }
    }
  }
}

/** Carries both ways until both have ended; what breaks one breaks the other, so that no program takes a part for the whole. */
export function join(near: Socket, far: Duplex, onError: (error: unknown) => void): void {
  const done = (error?: Error | null): void => {
    if (error) {
      onError(error);
      near.destroy();
      far.destroy();
    }
  };
  far.once("error", () => breakOff(near)); // before the pipeline's own end of it, which looks like all was said
  pipeline(near, far, done);
  pipeline(far, near, done);
  far.once("end", () => near.setTimeout(lingerMs, () => near.destroy()));
}

/** Ends it so that its other end takes it for broken. Sockets that have no port know no reset: Node throws at the attempt. */
function breakOff(socket: Socket): void {
  if (socket.localPort === undefined) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true });
  server.listen({ port, host: "127.0.0.1" });
  await once(server, "listening");
  return server;
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
