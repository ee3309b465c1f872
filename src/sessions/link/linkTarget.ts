import { hostOf, profileId, type Profile } from "../../account/profiles/profile.js";
import { type ConnectionTarget, endpointsOfTarget, serverIdOf } from "../../account/target.js";

/** The servers that a person has anyway: links never add one. */
export interface KnownServers {
  /** The server in use, or the one that would be used. */
  readonly current: ConnectionTarget;
  readonly profiles: readonly Profile[];
  readonly environment: ConnectionTarget | undefined;
}

/** How links name a server, for people who have other names for it: host and port, or `local`. */
export function serverInLink(target: ConnectionTarget): string {
  return target.kind === "local" ? "local" : hostOf(endpointsOfTarget(target)[0] ?? "");
}

/**
 * The server that a link means: the one in use where it fits, else the person's own profile of that name or address, else the
 * environment's; `undefined` where the person has none such.
 */
export function targetOfLink(
  server: string | undefined,
  { current, profiles, environment }: KnownServers,
): ConnectionTarget | undefined {
  if (server === undefined) {
    return current;
  }
  const targets: readonly ConnectionTarget[] = [
    current,
    ...profiles.map((profile) => ({ kind: "profile", profile }) as const),
    ...(environment === undefined ? [] : [environment]),
  ];
  return targets.find((target) => isNamed(target, server));
}

function isNamed(target: ConnectionTarget, server: string): boolean {
  if (target.kind === "local") {
    return server === "local";
  }
  const named = server.toLowerCase();
  return (
    endpointsOfTarget(target).some((endpoint) => hostOf(endpoint).toLowerCase() === named) ||
    (target.kind === "profile" && server !== "local" && serverIdOf(target) === profileId(server))
  );
}
