import { posix } from "node:path";
import { fileScheme } from "../platform/contributedIds.js";

/** The home of every session. The SDK has it too, and is not loaded before somebody connects. */
export const sessionHome = "/home/work";

/** A file or folder of a session. */
export interface FilePlace {
  /** See `serverIdOf` of `account/target.ts`. */
  readonly server: string;
  /** The name of the session, or its id. */
  readonly session: string;
  /** Absolute in the session, normalized, without a slash at its end: `/home/work/a.py`, `/`. */
  readonly path: string;
}

/** The parts of a document's address, as `vscode.Uri` has them. */
export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** The place that an address means; `undefined` for other schemes and for addresses without a session. */
export function placeOf({ scheme, authority, path }: UriParts): FilePlace | undefined {
  const [, session = "", rest = ""] = /^\/([^/]+)(\/.*)?$/s.exec(path) ?? [];
  return scheme !== fileScheme || authority === "" || session === ""
    ? undefined
    : { server: authority, session, path: normalized(rest) };
}

/** The address of a place. */
export function uriPartsOf({ server, session, path }: FilePlace): UriParts {
  return { scheme: fileScheme, authority: server, path: `/${session}${path === "/" ? "/" : path}` };
}

function normalized(path: string): string {
  const clean = posix.normalize(path === "" ? "/" : path);
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}
