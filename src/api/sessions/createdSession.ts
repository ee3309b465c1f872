import type { CreateResponse, ServicePort } from "../../wire/records/session.js";
import type * as z from "zod/mini";

/** An app that runs inside a session. */
export interface SessionApp {
  readonly name: string;
  /** `http`, `tcp`, `pty`, `preopen`, … */
  readonly protocol: string;
  /** Ports inside the container. */
  readonly ports: readonly number[];
}

/** The outcome of create. */
export interface CreatedSession {
  /** What every other call wants: a UUID, or the name on servers of v4. */
  readonly id: string;
  readonly name: string;
  /** `RUNNING`, `PENDING` (only queued), `TIMEOUT` (it may still start), or what it failed with. */
  readonly status: string;
  /** `false` when a live session was returned. */
  readonly created: boolean;
  readonly servicePorts: readonly SessionApp[];
  readonly domain: string;
  readonly group: string;
}

/** Create's answer of any era as one shape. `asked` fills in what the server did not repeat. */
export function createdSession(
  response: z.infer<typeof CreateResponse>,
  asked: {
    readonly name: string;
    readonly domain: string;
    readonly group: string;
    readonly httpStatus: number;
  },
): CreatedSession {
  return {
    id: response.sessionId ?? response.kernelId ?? asked.name,
    name: response.sessionName ?? response.kernelId ?? asked.name,
    status: response.status ?? "RUNNING",
    created: response.created ?? asked.httpStatus === 201,
    servicePorts: (response.servicePorts ?? response.service_ports ?? []).map(sessionApp),
    domain: asked.domain,
    group: asked.group,
  };
}

/** An app of any answer: reused sessions name the ports `container_ports`. */
export function sessionApp({ name, protocol, ports, container_ports }: ServicePort): SessionApp {
  return { name, protocol, ports: ports ?? container_ports ?? [] };
}
