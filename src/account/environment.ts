import * as l10n from "@vscode/l10n";
import { ConfigurationError } from "../base/errors.js";
import type { Credentials } from "../api/index.js";
import type { Profile } from "./profiles/profile.js";
import type { ConnectionTarget } from "./target.js";

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the variables name a server at all. */
export function hasEnvironmentTarget(environment: Environment): boolean {
  return environmentValue(environment, "ENDPOINT") !== undefined;
}

/**
 * The server that the variables of the reference client name (`protocol.md` §2.5): `BACKEND_*`, else the older `SORNA_*`.
 * @throws {ConfigurationError} naming the variable that is missing or wrong.
 */
export function environmentTarget(environment: Environment): ConnectionTarget {
  return {
    kind: "environment",
    endpoints: environmentEndpoints(environment),
    credentials: environmentKeypair(environment),
    ...environmentSurroundings(environment),
  };
}

/** What the variables say beside who and where. */
export function environmentSurroundings(
  environment: Environment,
): Pick<Profile, "domain" | "group" | "mounts" | "skipVerification"> {
  return {
    domain: environmentValue(environment, "DOMAIN") ?? "default",
    group: environmentValue(environment, "GROUP") ?? "default",
    mounts: list(environmentValue(environment, "VFOLDER_MOUNTS")),
    skipVerification: /^(y|yes|t|true|1)$/i.test(
      environmentValue(environment, "SKIP_SSLCERT_VALIDATION") ?? "",
    ),
  };
}

/** @throws {ConfigurationError} */
export function environmentEndpoints(environment: Environment): readonly string[] {
  const urls = list(environmentValue(environment, "ENDPOINT"));
  const wrong = urls.find((url) => !/^https?:\/\//.test(url) || !URL.canParse(url));
  if (urls.length === 0) {
    throw new ConfigurationError(
      "BACKEND_ENDPOINT",
      l10n.t("BACKEND_ENDPOINT is not set: set it to the address of a server."),
    );
  }
  if (wrong !== undefined) {
    throw new ConfigurationError(
      "BACKEND_ENDPOINT",
      l10n.t("BACKEND_ENDPOINT is not an http or https address: “{0}”.", wrong),
    );
  }
  return urls;
}

/** @throws {ConfigurationError} */
export function environmentKeypair(environment: Environment): Extract<Credentials, { type: "keypair" }> {
  const type = environmentValue(environment, "ENDPOINT_TYPE") ?? "api";
  if (type !== "api") {
    throw new ConfigurationError(
      "BACKEND_ENDPOINT_TYPE",
      l10n.t(
        "BACKEND_ENDPOINT_TYPE is “{0}”: only “api”, with a keypair, can be connected to at once. Keep the server of the environment to log in.",
        type,
      ),
    );
  }
  const required = (name: string): string => {
    const value = environmentValue(environment, name);
    if (value === undefined) {
      throw new ConfigurationError(
        `BACKEND_${name}`,
        l10n.t("BACKEND_ENDPOINT is set, but BACKEND_{0} is not.", name),
      );
    }
    return value;
  };
  return { type: "keypair", accessKey: required("ACCESS_KEY"), secretKey: required("SECRET_KEY") };
}

/** The value of a variable, by its name without the prefix; none when it is empty. */
export function environmentValue(environment: Environment, name: string): string | undefined {
  return environment[`BACKEND_${name}`]?.trim() || environment[`SORNA_${name}`]?.trim() || undefined;
}

function list(value: string | undefined): readonly string[] {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
