import * as l10n from "@vscode/l10n";
import { ConfigurationError } from "../../base/errors.js";

/** How a person shows a server who they are: with a keypair, or with a login through its web server. */
export type LoginKind = "keypair" | "password";

/** A server that a person uses, and as whom; without secrets. */
export interface Profile {
  /** Its name in lower case, with `-` for what is no letter or digit: part of the addresses of files. */
  readonly id: string;
  readonly name: string;
  /** Without slashes at their ends; tried in order. At least one. */
  readonly endpoints: readonly string[];
  readonly login: LoginKind;
  readonly domain: string;
  /** The group (project) that sessions are started for. */
  readonly group: string;
  /** Virtual folders of every new session. */
  readonly mounts: readonly string[];
  /** A file of certificates (PEM) that are trusted beside the system's. */
  readonly caFile: string | undefined;
  readonly skipVerification: boolean;
}

/** A profile as the setting `backendai.servers` has it: what is left out has a default. */
export interface ProfileSetting {
  readonly name?: string;
  /** One address, or several with commas. */
  readonly endpoint: string;
  readonly login?: LoginKind;
  readonly domain?: string;
  readonly group?: string;
  readonly mounts?: readonly string[];
  readonly caFile?: string;
  readonly skipVerification?: boolean;
}

/** What a setting says, and what is wrong in it. */
export interface ReadProfiles {
  readonly profiles: readonly Profile[];
  /** One sentence for each entry that can't be used. */
  readonly problems: readonly string[];
}

/** Ids that mean something else. */
const reserved = ["local"];

/** The profiles of the setting. Whatever can't be used is named and left out. */
export function readProfiles(setting: unknown): ReadProfiles {
  const profiles: Profile[] = [];
  const problems: string[] = [];
  for (const [index, entry] of (Array.isArray(setting) ? setting : []).entries()) {
    try {
      const profile = profileOf(entry as unknown);
      if (reserved.includes(profile.id) || profiles.some(({ id }) => id === profile.id)) {
        throw new ConfigurationError("backendai.servers", l10n.t("the name “{0}” is taken", profile.name));
      }
      profiles.push(profile);
    } catch (error) {
      problems.push(
        l10n.t("Server {0} of the setting backendai.servers: {1}.", index + 1, (error as Error).message),
      );
    }
  }
  return { profiles, problems };
}

/**
 * A profile from one entry of the setting.
 * @throws {ConfigurationError} saying what is wrong with it, as a part of a sentence.
 */
export function profileOf(entry: unknown): Profile {
  if (typeof entry !== "object" || entry === null) {
    throw wrong(l10n.t("it is no object"));
  }
  const given = entry as Readonly<Record<string, unknown>>;
  const endpoints = endpointsOf(text(given, "endpoint") ?? "");
  const name = text(given, "name")?.trim() || hostOf(endpoints[0] ?? "");
  const login = given["login"] ?? "keypair";
  if (login !== "keypair" && login !== "password") {
    throw wrong(l10n.t("its login must be keypair or password"));
  }
  const mounts = given["mounts"] ?? [];
  if (!Array.isArray(mounts) || !mounts.every((mount) => typeof mount === "string")) {
    throw wrong(l10n.t("its mounts must be names of folders"));
  }
  return {
    id: profileId(name),
    name,
    endpoints,
    login,
    domain: text(given, "domain")?.trim() || "default",
    group: text(given, "group")?.trim() || "default",
    mounts,
    caFile: text(given, "caFile")?.trim() || undefined,
    skipVerification: given["skipVerification"] === true,
  };
}

/** What the setting says of a profile; what is as usual is left out. */
export function settingOf(profile: Profile): ProfileSetting {
  const { name, endpoints, login, domain, group, mounts, caFile, skipVerification } = profile;
  return {
    name,
    endpoint: endpoints.join(", "),
    login,
    ...(domain === "default" ? {} : { domain }),
    ...(group === "default" ? {} : { group }),
    ...(mounts.length === 0 ? {} : { mounts }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(skipVerification ? { skipVerification } : {}),
  };
}

/** The id of a profile with that name. */
export function profileId(name: string): string {
  const id = name
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}.]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return id === "" ? "server" : id;
}

/**
 * Addresses with commas between them, each without a slash at its end; one without a scheme is taken for https.
 * @throws {ConfigurationError}
 */
export function endpointsOf(words: string): readonly string[] {
  const endpoints = words
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .map((word) => (/^[a-z]+:\/\//i.test(word) ? word : `https://${word}`));
  const bad = endpoints.find((endpoint) => !isEndpoint(endpoint));
  if (endpoints.length === 0) {
    throw wrong(l10n.t("it has no endpoint"));
  }
  if (bad !== undefined) {
    throw wrong(l10n.t("“{0}” is no http or https address", bad));
  }
  return endpoints.map((endpoint) => new URL(endpoint).href.replace(/\/+$/, ""));
}

function isEndpoint(word: string): boolean {
  const url = URL.canParse(word) ? new URL(word) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.search === "";
}

/** Host and port of an address. */
export function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

function text(given: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = given[name];
  if (value !== undefined && typeof value !== "string") {
    throw wrong(l10n.t("its {0} is no text", name));
  }
  return value;
}

function wrong(words: string): ConfigurationError {
  return new ConfigurationError("backendai.servers", words);
}
