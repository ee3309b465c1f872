import { ConfigurationError } from "../base/errors.js";
import type { Credentials } from "../api/index.js";
import { hostOf, type Profile, profileId } from "./profiles/profile.js";
import type { ConnectionTarget } from "./target.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the variables name a server at all. */
export function hasEnvironmentTarget(environment: Environment): boolean {
  return read(environment, "ENDPOINT") !== undefined;
}

/**
 * The server that the variables of the reference client name (`protocol.md` §2.5): `BACKEND_*`, else the older `SORNA_*`.
 * @throws {ConfigurationError} naming the variable that is missing or wrong.
 */
export function environmentTarget(environment: Environment): ConnectionTarget {
  return {
    kind: "environment",
    endpoints: endpoints(environment),
    credentials: credentials(environment),
    ...surroundings(environment),
  };
}

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
  const isWeb = read(environment, "ENDPOINT_TYPE") === "session";
  const addresses = endpoints(environment).map((endpoint) => new URL(endpoint).href.replace(/\/+$/, ""));
  const same = known.find(({ endpoints: others }) => others.join() === addresses.join());
  const name = same?.name ?? freeName(hostOf(addresses[0] ?? ""), known);
  return {
    profile: {
      ...surroundings(environment),
      id: profileId(name),
      name,
      endpoints: addresses,
      login: isWeb ? "password" : "keypair",
      caFile: same?.caFile,
    },
    keys: isWeb ? undefined : credentials(environment),
  };
}

/** What the variables say beside who and where. */
function surroundings(
  environment: Environment,
): Pick<Profile, "domain" | "group" | "mounts" | "skipVerification"> {
  return {
    domain: read(environment, "DOMAIN") ?? "default",
    group: read(environment, "GROUP") ?? "default",
    mounts: list(read(environment, "VFOLDER_MOUNTS")),
    skipVerification: /^(y|yes|t|true|1)$/i.test(read(environment, "SKIP_SSLCERT_VALIDATION") ?? ""),
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

function endpoints(environment: Environment): readonly string[] {
  const urls = list(read(environment, "ENDPOINT"));
  const wrong = urls.find((url) => !/^https?:\/\//.test(url) || !URL.canParse(url));
  if (urls.length === 0) {
    throw new ConfigurationError(
      "BACKEND_ENDPOINT",
      "BACKEND_ENDPOINT is not set: set it to the address of a server.",
    );
  }
  if (wrong !== undefined) {
    throw new ConfigurationError(
      "BACKEND_ENDPOINT",
      `BACKEND_ENDPOINT is not an http or https address: “${wrong}”.`,
    );
  }
  return urls;
}

function credentials(environment: Environment): Extract<Credentials, { type: "keypair" }> {
  const type = read(environment, "ENDPOINT_TYPE") ?? "api";
  if (type !== "api") {
    throw new ConfigurationError(
      "BACKEND_ENDPOINT_TYPE",
      `BACKEND_ENDPOINT_TYPE is “${type}”: only “api”, with a keypair, can be connected to at once. Keep the server of the environment to log in.`,
    );
  }
  const required = (name: string): string => {
    const value = read(environment, name);
    if (value === undefined) {
      throw new ConfigurationError(`BACKEND_${name}`, `BACKEND_ENDPOINT is set, but BACKEND_${name} is not.`);
    }
    return value;
  };
  return { type: "keypair", accessKey: required("ACCESS_KEY"), secretKey: required("SECRET_KEY") };
}

function read(environment: Environment, name: string): string | undefined {
  return environment[`BACKEND_${name}`]?.trim() || environment[`SORNA_${name}`]?.trim() || undefined;
}

function list(value: string | undefined): readonly string[] {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
