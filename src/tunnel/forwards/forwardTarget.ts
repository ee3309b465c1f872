import * as l10n from "@vscode/l10n";
import type { BackendAIClient, SessionApp } from "../../api/index.js";

/** The session that a port is in. */
export interface SessionRef {
  readonly id: string;
  readonly name: string;
}

/** A port inside a session. */
export interface ForwardTarget {
  readonly port: number;
  /** The app that has the port: it is reached, and started if need be, by its name. Other ports are reached by ssh. */
  readonly app?: string | undefined;
  /** Whether a browser can show it. */
  readonly isHttp: boolean;
}

/** A port inside a session of a server. */
export interface ForwardPlace {
  readonly client: BackendAIClient;
  readonly session: SessionRef;
  readonly target: ForwardTarget;
}

/** The target that `port` is: that of an app which has it, else just the port, where most programs speak HTTP. */
export function targetOf(apps: readonly SessionApp[], port: number): ForwardTarget {
  const app = apps.find(({ ports }) => ports.includes(port));
  return { port, app: app?.name, isHttp: app?.protocol !== "tcp" };
}

/** A target for people: `jupyter`, or `port 8000`. */
export function targetLabel({ app, port }: ForwardTarget): string {
  return app === undefined || app === String(port) ? l10n.t("port {0}", port) : app;
}

/** What was typed for a port to forward. */
export interface TypedPorts {
  /** The port of this computer, when one was named. */
  readonly local: number | undefined;
  /** The port inside the session. */
  readonly remote: number;
}

/** Reads `8888` or `8888:80`, local port first; `undefined` when it is neither. */
export function parsePorts(text: string): TypedPorts | undefined {
  const match = /^\s*(?:(\d{1,5})\s*:)?\s*(\d{1,5})\s*$/.exec(text);
  const local = match?.[1] === undefined ? undefined : Number(match[1]);
  const remote = Number(match?.[2]);
  return match && isPort(remote) && (local === undefined || isPort(local)) ? { local, remote } : undefined;
}

function isPort(value: number): boolean {
  return value >= 1 && value <= 65_535;
}
