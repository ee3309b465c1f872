import * as z from "zod/mini";
import { rememberSecret } from "../../base/secrets/knownSecrets.js";
import { rememberSecretVariables } from "../../base/secrets/maskText.js";
import { ServicePort, StartedService } from "../../wire/records/session.js";
import { type Context, requireFeature, sessionRequest } from "../context.js";
import { ServerDefectError, ServerError } from "../errors.js";
import type { CallOptions, SessionCallOptions } from "../options.js";
import { type SessionApp, sessionApp } from "../sessions/createdSession.js";
import { TunnelSocket } from "./tunnelSocket.js";

/** Apps that the server itself puts into every container. */
const intrinsicApps = new Set(["sshd", "ttyd"]);

const ServicePorts = z.array(ServicePort);

/** How to reach a port of an app. */
export interface TunnelOptions extends CallOptions {
  /** One of the app's container ports; its first when absent. */
  readonly port?: number | undefined;
  /** Variables and arguments of an app that is started by this. */
  readonly environ?: Readonly<Record<string, string>> | undefined;
  readonly arguments?: Readonly<Record<string, string>> | undefined;
}

/** Apps inside sessions (`protocol.md` §3.3). */
export class AppCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The apps that a session has. `GET /stream/session/{id}/apps`, 20.03+. */
  async list(id: string, call: SessionCallOptions = {}): Promise<readonly SessionApp[]> {
    requireFeature(this.#context, "apps", "Listing the apps of a session");
    const spec = sessionRequest(this.#context, { ...call, method: "GET", id, tail: "/apps" });
    const streamed = { ...spec, path: `/stream${spec.path}`, route: `/stream${spec.route}` };
    return (await this.#context.transport.json(ServicePorts, streamed)).map(sessionApp);
  }

  /**
   * A TCP connection to an app, which the server starts if need be. `WS /stream/{prefix}/{id}/tcpproxy`, any manager.
   * @param options The signal ends the tunnel as well.
   * @throws {NotFoundError} for an unknown app.
   * @throws {ServerError} when it can't start.
   * @throws {ServerDefectError} (`failedAppBlocks`) when another app could not start before.
   * @throws {TimeoutError} (`handshake`)
   */
  async openTunnel(id: string, app: string, options: TunnelOptions = {}): Promise<TunnelSocket> {
    const { port, environ, arguments: parameters, signal } = options;
    rememberSecretVariables(environ);
    const { path, route } = sessionRequest(this.#context, { method: "GET", id, tail: "/tcpproxy" });
    const query = {
      app,
      port,
      envs: environ && JSON.stringify(environ),
      arguments: parameters && JSON.stringify(parameters),
    };
    const spec = { path: `/stream${path}`, route: `/stream${route}`, query, signal };
    try {
      return new TunnelSocket(await this.#context.sockets.open(spec));
    } catch (error) {
      throw this.#explain(error, app);
    }
  }

  /**
   * Starts an app behind the resource group's app proxy. `POST /session/{id}/start-service`, 22.03+ (§3.2).
   * @throws {ServerError} 503 where the group has no app proxy.
   */
  async startService(
    id: string,
    app: string,
    options: Omit<TunnelOptions, "signal"> = {},
    call: SessionCallOptions = {},
  ): Promise<{ readonly token: string; readonly proxyAddress: string }> {
    requireFeature(this.#context, "startService", "Starting an app behind the app proxy");
    const { port, environ, arguments: parameters } = options;
    rememberSecretVariables(environ);
    const json = {
      app,
      port,
      envs: environ && JSON.stringify(environ),
      arguments: parameters && JSON.stringify(parameters),
    };
    const spec = sessionRequest(this.#context, { ...call, method: "POST", id, tail: "/start-service", json });
    const { token, wsproxy_addr: proxyAddress } = await this.#context.transport.json(StartedService, spec);
    rememberSecret(token);
    return { token, proxyAddress };
  }

  /** Stops an app. `POST /session/{id}/shutdown-service`, 20.03+ (§3.2). */
  async shutdownService(id: string, app: string, call: SessionCallOptions = {}): Promise<void> {
    requireFeature(this.#context, "shutdownService", "Stopping an app");
    const given = { service_name: app };
    const isQuery = this.#context.dialect.shutdownServiceParameters === "query";
    const parameters = isQuery ? { query: given } : { json: given };
    await this.#context.transport.run(
      sessionRequest(this.#context, {
        ...call,
        method: "POST",
        id,
        tail: "/shutdown-service",
        ...parameters,
      }),
    );
  }

  /** Every container has ssh and ttyd: where those can't start, an app before them could not (`real-servers.md`). */
  #explain(error: unknown, app: string): unknown {
    const { findings } = this.#context;
    const isStartFailure = error instanceof ServerError && error.slug === "app-service-start-failed";
    if (!isStartFailure || !intrinsicApps.has(app) || !findings.has("failedAppBlocks")) {
      return error;
    }
    findings.saw("failedAppBlocks");
    return new ServerDefectError("failedAppBlocks", { cause: error });
  }
}
