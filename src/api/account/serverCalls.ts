import * as z from "zod/mini";
import { Hello, ManagerStatus } from "../../wire/records/server.js";
import type { Context } from "../context.js";
import type { CallOptions } from "../options.js";

const Announcement = z.looseObject({ enabled: z.boolean(), message: z.optional(z.nullable(z.string())) });

/** The server itself. */
export class ServerCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** API version and release. `GET /`, any manager, unsigned (`protocol.md` §1.1). */
  async hello({ signal }: CallOptions = {}): Promise<Hello> {
    return this.#context.transport.json(Hello, { method: "GET", path: "/", route: "/", signal });
  }

  /** `running` or `frozen`, and the manager's nodes. `GET /manager/status`, any manager (§3.7). */
  async managerStatus({ signal }: CallOptions = {}): Promise<ManagerStatus> {
    const path = "/manager/status";
    return this.#context.transport.json(ManagerStatus, { method: "GET", path, route: path, signal });
  }

  /** What the administrators announce; `undefined` for nothing. `GET /manager/announcement`, any manager (§3.7). */
  async announcement({ signal }: CallOptions = {}): Promise<string | undefined> {
    const path = "/manager/announcement";
    const spec = { method: "GET", path, route: path, signal } as const;
    const { enabled, message } = await this.#context.transport.json(Announcement, spec);
    return enabled ? (message ?? undefined) : undefined;
  }
}
