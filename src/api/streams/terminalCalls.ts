import { type Context, sessionRequest } from "../context.js";
import type { CallOptions } from "../options.js";
import { StreamPty } from "./streamPty.js";

/** Terminals of sessions (`protocol.md` §5.2). */
export class TerminalCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Opens the session's terminal; the signal ends it as well. `WS /stream/{prefix}/{id}/pty`, any manager, though real ones from 20.03 on accept it and then
   * show nothing or close at the first key (`real-servers.md`).
   * @throws {NotFoundError}
   * @throws {NetworkError}
   * @throws {TimeoutError} (`handshake`)
   */
  async open(id: string, { signal }: CallOptions = {}): Promise<StreamPty> {
    const { path, route } = sessionRequest(this.#context, { method: "GET", id, tail: "/pty" });
    const socket = await this.#context.sockets.open({
      path: `/stream${path}`,
      route: `/stream${route}`,
      signal,
    });
    return new StreamPty(socket, this.#context.findings);
  }
}
