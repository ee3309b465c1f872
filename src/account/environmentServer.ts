import {
  type Environment,
  environmentEndpoints,
  environmentKeypair,
  environmentSurroundings,
  environmentValue,
} from "./environment.js";
import { hostOf, type Profile, profileId } from "./profiles/profile.js";

/** A server of the environment, to be kept. */
export interface EnvironmentServer {
  readonly profile: Profile;
  /** `undefined` where the variables name a web server, at which the person logs in. */
  readonly keys: { readonly accessKey: string; readonly secretKey: string } | undefined;
}

/**
 * The server that the variables name, as a profile: the one among `known` that has its addresses, else one under the name of its
 * host.
 * @throws {ConfigurationError} naming the variable that is missing or wrong.
 */
export function environmentServer(environment: Environment, known: readonly Profile[]): EnvironmentServer {
  const isWeb = environmentValue(environment, "ENDPOINT_TYPE") === "session";
  const addresses = environmentEndpoints(environment).map((endpoint) =>
    new URL(endpoint).href.replace(/\/+$/, ""),
  );
  const same = known.find(({ endpoints: others }) => others.join() === addresses.join());
  const name = same?.name ?? freeName(hostOf(addresses[0] ?? ""), known);
  return {
    profile: {
      ...environmentSurroundings(environment),
      id: profileId(name),
      name,
      endpoints: addresses,
      login: isWeb ? "password" : "keypair",
      caFile: same?.caFile,
    },
    keys: isWeb ? undefined : environmentKeypair(environment),
  };
}

/** A name that no other server has. */
function freeName(name: string, known: readonly Profile[]): string {
  const isTaken = (candidate: string): boolean =>
    known.some(({ id }) => id === profileId(candidate)) || profileId(candidate) === "local";
  let candidate = name;
  for (let count = 2; isTaken(candidate); count += 1) {
    candidate = `${name} (${count})`;
  }
  return candidate;
}
