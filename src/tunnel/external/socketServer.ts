import * as l10n from "@vscode/l10n";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { ConfigurationError, messageOf } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";

/** How a socket is served. */
export interface SocketServerOptions {
  /** Connections at once; more are closed at once. */
  readonly connectionLimit: number;
  /** Serves a connection; the socket is destroyed when the server ends. Its errors are heard already. */
  readonly serve: (socket: Socket) => void;
}

/** A unix socket, or a named pipe of Windows. Who makes it disposes it. */
export class SocketServer implements Disposable {
  readonly path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(path: string, server: Server, { serve, connectionLimit }: SocketServerOptions) {
    this.path = path;
    this.#server = server;
    server.maxConnections = connectionLimit;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined); // its close tells
      socket.on("close", () => this.#sockets.delete(socket));
      serve(socket);
    });
  }

  /** @throws {ConfigurationError} when there can be no socket at `path`. */
  static async listen(path: string, options: SocketServerOptions): Promise<SocketServer> {
    const server = createServer({ allowHalfOpen: true });
    try {
      server.listen(path);
      await once(server, "listening");
    } catch (error) {
      throw new ConfigurationError(
        "TMPDIR",
        l10n.t("No socket could be made at {0}: {1}", path, messageOf(error)),
        {
          cause: error,
        },
      );
    }
    return new SocketServer(path, server, options);
  }

  /** Closes the socket and every connection. */
  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }
}
