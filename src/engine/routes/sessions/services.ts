import type { Era } from "../../era.js";
import type { Service, Session } from "../../sessions/session.js";

/** Apps as `/apps` and a new session's answer list them. */
export function appList(session: Session): Record<string, unknown>[] {
  return session.services.map(({ name, protocol, containerPort }) => ({
    name,
    protocol,
    ports: [containerPort],
  }));
}

/** Apps as GraphQL and the answer to a reuse list them. */
export function portList(session: Session): Record<string, unknown>[] {
  return session.services.map(({ name, protocol, containerPort, hostPort }: Service) => ({
    name,
    protocol,
    host_ports: [hostPort],
    is_inference: false,
    container_ports: [containerPort],
  }));
}

/** The answer to create (`protocol.md` §3.1). */
export function createdView(
  session: Session,
  status: string,
  created: boolean,
  era: Era,
): Record<string, unknown> {
  const { create } = era.dialect;
  const identity =
    create.idField === "kernelId"
      ? { kernelId: session.name }
      : { sessionId: session.id, sessionName: session.name };
  const ports = created
    ? { servicePorts: status === "RUNNING" ? appList(session) : [] }
    : {
        service_ports: portList(session),
        ...(era.rules.session.reusePorts === "both" ? { servicePorts: portList(session) } : {}),
      };
  return { ...identity, status, ...ports, created };
}
