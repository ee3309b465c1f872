import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { deadline } from "../../base/abort.js";
import { BackendAIError, messageOf } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { describeError } from "../../platform/describeError.js";
import { join } from "../loopbackListener.js";
import { SilentAppError } from "../tunnelDuplex.js";
import { SocketServer } from "./socketServer.js";

/** Connections of all sessions at once; an editor takes a handful. */
const connectionLimit = 128;

/** The longest line with a token, and how long it may take to come, in milliseconds. */
const lineLimitBytes = 128;
const lineMs = 5000;

/** How long an sshd may take for its first word, in milliseconds; it speaks without being asked. */
const greetingMs = 15_000;

/** Opens a byte stream to a session's sshd. */
export type OpenSshd = (signal: AbortSignal) => Promise<Duplex>;

/** Why a program is not let in; its message is what the program shows. */
class RelayRefusal extends BackendAIError {
  readonly code = "SSH_REFUSED";
}

/**
 * A socket through which other programs of this user reach the sessions of this window. A program sends a token and a line
 * end; the answer is `ok`, or one sentence that says why not, and a line end; then the bytes of the session's sshd.
 */
export class SessionRelay implements Disposable {
  readonly #logger: Logger;
  readonly #ending = new AbortController();
  readonly #byToken = new Map<string, OpenSshd>();
  #server: SocketServer | undefined;

  private constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @throws {ConfigurationError} when there can be no socket at `path`. */
  static async listen(path: string, logger: Logger): Promise<SessionRelay> {
    const relay = new SessionRelay(logger);
    const serve = (socket: Socket): void => void relay.#connected(socket);
    relay.#server = await SocketServer.listen(path, { connectionLimit, serve });
    return relay;
  }

  /** Lets programs through that show the token returned, each to a stream of its own. One given before may be given again. */
  admit(open: OpenSshd, token = randomBytes(24).toString("hex")): string {
    this.#byToken.set(token, open);
    return token;
  }

  /** Closes the socket and every connection. */
  dispose(): void {
    this.#ending.abort();
    this.#server?.dispose();
  }

  async #connected(socket: Socket): Promise<void> {
    const gone = new AbortController();
    socket.on("close", () => gone.abort());
    const signal = AbortSignal.any([this.#ending.signal, gone.signal]);
    try {
      const open = this.#byToken.get(await firstLine(socket, signal));
      if (open === undefined) {
        throw new RelayRefusal(l10n.t("This window does not know the session."));
      }
      const sshd = await greeted(await open(signal), signal);
      socket.write("ok\n");
      join(socket, sshd, (error) => this.#logger.debug(`an ssh relay ended: ${messageOf(error)}`));
    } catch (error) {
      if (!signal.aborted) {
        const { summary } = describeError(error);
        this.#logger.warn(`an ssh program was refused: ${summary}`);
        socket.end(`${summary.replaceAll(/\s+/g, " ")}\n`);
        socket.resume(); // what it still sends is of no use, but its end is
        socket.setTimeout(lineMs, () => socket.destroy());
      }
    }
  }
}

/** The first line, without its end; what follows stays in the socket. */
async function firstLine(socket: Socket, signal: AbortSignal): Promise<string> {
  const limit = deadline(lineMs, "handshake", l10n.t("The name of a session"));
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    let bytes = Buffer.alloc(0);
    for (;;) {
      const end = bytes.indexOf("\n");
      if (end >= 0) {
        socket.unshift(bytes.subarray(end + 1));
        return bytes.toString("latin1", 0, end);
      }
      if (bytes.length > lineLimitBytes || socket.readableEnded) {
        throw new RelayRefusal(l10n.t("The program did not say which session."));
      }
      const chunk: unknown = socket.read();
      if (Buffer.isBuffer(chunk)) {
        bytes = Buffer.concat([bytes, chunk]);
      } else {
        await once(socket, "readable", { signal: either });
      }
    }
  } catch (error) {
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    limit.clear();
  }
}

/**
 * The stream, when something has come: only then is it known that there is an sshd.
 * @throws {RelayRefusal}
 */
async function greeted(sshd: Duplex, signal: AbortSignal): Promise<Duplex> {
  const limit = deadline(greetingMs, "handshake", l10n.t("The session's sshd"));
  try {
    await once(sshd, "readable", { signal: AbortSignal.any([signal, limit.signal]) });
    if (sshd.readableLength > 0) {
      return sshd;
    }
    throw new SilentAppError(undefined);
  } catch (error) {
    sshd.on("error", () => undefined);
    sshd.destroy();
    limit.signal.throwIfAborted();
    throw error instanceof SilentAppError
      ? new RelayRefusal(l10n.t("No sshd answers in the session: its image may have none."), { cause: error })
      : error;
  } finally {
    limit.clear();
  }
}
