import type { Credentials } from "../api/index.js";

/** A server to be connected to, and as whom. */
export type ConnectionTarget =
  | {
      /** The engine that ships with the extension, started on this computer when first needed. */
      readonly kind: "local";
    }
  | {
      /** What the `BACKEND_*` environment variables name. */
      readonly kind: "environment";
      readonly endpoints: readonly string[];
      readonly credentials: Credentials;
      readonly domain: string;
      readonly group: string;
      readonly mounts: readonly string[];
      readonly skipVerification: boolean;
    };

/** A target for people: `Local engine`, or the host of the server. */
export function targetLabel(target: ConnectionTarget): string {
  if (target.kind === "local") {
    return "Local engine";
  }
  const endpoint = target.endpoints[0] ?? "";
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

/** Whether two targets mean the same server as the same user. */
export function isSameTarget(a: ConnectionTarget, b: ConnectionTarget): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether sessions of the target are taken to cost nothing: the local engine, or a server on the loopback address. */
export function isOnThisComputer(target: ConnectionTarget): boolean {
  return (
    target.kind === "local" ||
    target.endpoints.every((endpoint) => /^https?:\/\/(127\.|localhost\b|\[::1\])/.test(endpoint))
  );
}
