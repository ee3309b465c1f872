import { logScheme } from "../../platform/contributedIds.js";
import type { LogPlace } from "./logSource.js";

/** The parts of a document's address, as `vscode.Uri` has them. */
export interface LogAddress {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
}

/** A log and the server that has it. */
export interface ServerLog extends LogPlace {
  /** See `serverIdOf` of `account/target.ts`. */
  readonly server: string;
}

/** The address of a log; `title` is what its tab says. */
export function logAddress({ server, kind, sessionId, kernelId }: ServerLog, title: string): LogAddress {
  const which = kernelId === undefined ? kind : `${kind}~${kernelId}`;
  const file = title.replaceAll(/[/\\?#]/g, "_");
  return { scheme: logScheme, authority: server, path: `/${file}.log`, query: `${sessionId}/${which}` };
}

/** The log that an address means; `undefined` for other addresses. */
export function logOf({ scheme, authority, query }: LogAddress): ServerLog | undefined {
  const parts = /^([^/]+)\/(container|task)(?:~([^/]+))?$/.exec(query);
  const [, sessionId, kind, kernelId] = parts ?? [];
  if (scheme !== logScheme || sessionId === undefined || (kind === "task" && kernelId === undefined)) {
    return undefined;
  }
  return { server: authority, sessionId, kind: kind === "task" ? "task" : "container", kernelId };
}
