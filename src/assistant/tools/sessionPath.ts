import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { homeDirectory } from "../../api/index.js";
import { escapeMarkdown } from "../../base/shownText.js";
import { checkedPath } from "../../files/access/checkedPath.js";
import { FileFilter } from "../../files/search/query/fileFilter.js";
import type { ToolConsent, ToolPlace } from "../tool.js";
import { whichSession } from "./whichSession.js";

/** Files and folders that hold keys and passwords, wherever they are. */
export const secretPlaces: readonly string[] = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  "**/.config/gcloud",
  ".env",
  ".env.*",
  ".netrc",
  ".pgpass",
  ".my.cnf",
  ".npmrc",
  ".pypirc",
  ".git-credentials",
  ".vault-token",
  ".*_history",
  "id_rsa*",
  "id_ecdsa*",
  "id_ed25519*",
  "*.pem",
  "*.key",
  "*.p12",
  "*.pfx",
  "*.kdbx",
];

const secrets = new FileFilter({ include: secretPlaces, exclude: [] });

/**
 * A path as a model writes it, absolute in the session: relative ones begin in the home.
 * @throws {FileAccessError} (`invalid`)
 */
export function sessionPath(path: string): string {
  const fromHome = path.replace(/^~(?=\/|$)/, homeDirectory);
  return checkedPath(posix.resolve(homeDirectory, fromHome));
}

/** Whether a person is asked before a path is looked at: outside the home of the session, and where secrets are kept. */
function isSensitive(path: string): boolean {
  const isAtHome = path === homeDirectory || path.startsWith(`${homeDirectory}/`);
  return !isAtHome || secrets.accepts(path.slice(1));
}

/** What is done with a path, in words. */
export interface PathUse {
  readonly session: string | undefined;
  readonly path: string;
  readonly title: string;
  readonly verb: "read" | "list" | "search";
}

/**
 * What to ask before a path is looked at. A session's home is to its person what the folder of a window is: a model may look at it as it
 * may at files of the window. What else there is may be the person's own computer, or a secret.
 */
export async function pathConsent(
  { session, path, title, verb }: PathUse,
  place: ToolPlace,
): Promise<ToolConsent | undefined> {
  const full = sessionPath(path);
  if (!isSensitive(full)) {
    return undefined;
  }
  const { id, name } = whichSession(await place.sessions(), session);
  const where = `session **${escapeMarkdown(name)}** on **${escapeMarkdown(place.server)}**`;
  const question = {
    read: l10n.t("The language model wants to read this file in {0}:", where),
    list: l10n.t("The language model wants to list this folder in {0}:", where),
    search: l10n.t("The language model wants to search this folder in {0}:", where),
  }[verb];
  const reason = l10n.t(
    "It is outside the home of the session, or a place where secrets are usually kept. What it holds goes to the model.",
  );
  return {
    title,
    message: `${question}\n\n${escapeMarkdown(full)}\n\n${reason}`,
    meaning: JSON.stringify([verb, id, full]),
  };
}
