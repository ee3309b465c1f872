import { posix } from "node:path";
import * as l10n from "@vscode/l10n";
import { ConfigurationError } from "../../base/errors.js";
import { shorten } from "../../base/text.js";

/** What a link wants shown of its session, beside its row in the view. */
export type LinkAction = "terminal" | "files";

/** What a link names. Nothing of it is believed before a person has agreed and the server knows the session. */
export interface SessionLink {
  /** The id of the session, or its name. */
  readonly session: string;
  /** Host and port of the server, the name of a person's own profile of it, or `local`; absent: the server in use. */
  readonly server: string | undefined;
  /** A file of the session: absolute, normalized. */
  readonly file: string | undefined;
  readonly action: LinkAction | undefined;
}

/** The parts of a link, as `vscode.Uri` has them. */
export interface LinkParts {
  readonly path: string;
  /** Without `?`, and percent-decoded once, as VS Code does: what is special in a value has to be encoded twice in a link. */
  readonly query: string;
  readonly fragment: string;
}

/** The only path of links. */
const linkPath = "/open";

/** Longest that a query may be, in characters. */
const queryLimitChars = 4096;

const kinds = {
  /** Names and ids of sessions, of any release. */
  session: /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,127}$/u,
  /** Hosts with ports, and names of profiles: letters, digits and what stands between them. */
  server: /^[\p{L}\p{N}[][\p{L}\p{N} ._:()[\]-]{0,199}$/u,
  /** No control characters, and none that turn the direction of what follows or are not seen. */
  file: /^\/[^\p{C}\p{Zl}\p{Zp}\\]{0,1023}$/u,
  action: /^(terminal|files)$/,
} as const;

type Parameter = keyof typeof kinds;

/** VS Code's own, which chooses the window. */
const windowParameter = "windowId";

/**
 * Reads a link.
 * @throws {ConfigurationError} (`link`) saying what is wrong with it; of its text no more than what can do no harm.
 */
export function parseSessionLink({ path, query, fragment }: LinkParts): SessionLink {
  if (path !== linkPath && path !== `${linkPath}/`) {
    throw refused(l10n.t("Links to sessions have the path {0}.", linkPath));
  }
  if (query.length > queryLimitChars) {
    throw refused(l10n.t("It has {0} characters, and may have {1}.", query.length, queryLimitChars));
  }
  if (fragment !== "") {
    throw refused(l10n.t("It has a part after “#”, which means nothing here."));
  }
  const given = parametersOf(query);
  const session = given.get("session");
  if (session === undefined) {
    throw refused(l10n.t("It names no session."));
  }
  const file = given.get("file");
  if (file?.split("/").includes("..") === true) {
    throw refused(l10n.t("The path of its file has “..”."));
  }
  return {
    session,
    server: given.get("server"),
    file: file === undefined ? undefined : fileOf(file),
    action: actionOf(given.get("action")),
  };
}

/**
 * A link typed or pasted by a person, whatever scheme their VS Code has.
 * @throws {ConfigurationError} (`link`)
 */
export function parseLinkText(text: string, extensionId: string): SessionLink {
  const trimmed = text.trim();
  const link = trimmed.length <= 2 * queryLimitChars && URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (link?.host.toLowerCase() !== extensionId.toLowerCase()) {
    throw refused(l10n.t("It has to begin as {0} does.", `vscode://${extensionId}${linkPath}`));
  }
  const { pathname: path, search, hash } = link;
  return parseSessionLink({ path, query: decoded(search.slice(1)), fragment: hash.slice(1) });
}

/** The text of a link; `scheme` is that of the VS Code where it is made. */
export function formatSessionLink(
  { session, server, file, action }: SessionLink,
  { scheme, extensionId }: { readonly scheme: string; readonly extensionId: string },
): string {
  const words = Object.entries({ session, server, file, action }).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${readable(readable(value))}`,
  );
  return `${scheme}://${extensionId}${linkPath}?${words.join("&")}`;
}

/** What is special in a query is encoded; what is not stays readable. */
function readable(value: string): string {
  return encodeURIComponent(value).replaceAll(/%(2F|3A)/g, (all) => decodeURIComponent(all));
}

function decoded(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch {
    throw refused(l10n.t("It is not encoded as a link is."));
  }
}

function parametersOf(query: string): ReadonlyMap<Parameter, string> {
  const given = new Map<Parameter, string>();
  for (const [name, value] of new URLSearchParams(query.replaceAll("+", "%2B"))) {
    if (name === windowParameter) {
      continue;
    }
    if (!isParameter(name)) {
      throw refused(l10n.t("It has the parameter “{0}”, which means nothing here.", harmless(name)));
    }
    if (given.has(name)) {
      throw refused(l10n.t("It has the parameter “{0}” twice.", name));
    }
    if (!kinds[name].test(value.normalize("NFC"))) {
      throw refused(l10n.t("Its parameter “{0}” has a value that can't be one.", name));
    }
    given.set(name, value.normalize("NFC"));
  }
  return given;
}

function actionOf(word: string | undefined): LinkAction | undefined {
  return word === "terminal" || word === "files" ? word : undefined;
}

/** The person's own file system has no say in what a path of a session means. */
function fileOf(file: string): string {
  const path = posix.normalize(file);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(kinds, name);
}

/** So much of a stranger's text as may stand in a message. */
function harmless(text: string): string {
  return shorten(text.replaceAll(/[^\p{L}\p{N}_.-]/gu, "?"), 40);
}

function refused(why: string): ConfigurationError {
  return new ConfigurationError("link", `${l10n.t("This link can't be opened.")} ${why}`);
}
