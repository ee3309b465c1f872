import { ConfigurationError } from "../base/errors.js";
import type { Credentials } from "../api/index.js";
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
    domain: read(environment, "DOMAIN") ?? "default",
    group: read(environment, "GROUP") ?? "default",
    mounts: list(read(environment, "VFOLDER_MOUNTS")),
    skipVerification: /^(y|yes|t|true|1)$/i.test(read(environment, "SKIP_SSLCERT_VALIDATION") ?? ""),
  };
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

function credentials(environment: Environment): Credentials {
  const type = read(environment, "ENDPOINT_TYPE") ?? "api";
  if (type !== "api") {
    throw new ConfigurationError(
      "BACKEND_ENDPOINT_TYPE",
      `BACKEND_ENDPOINT_TYPE is “${type}”: only “api”, with a keypair, can be taken from the environment.`,
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
