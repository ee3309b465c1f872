import * as l10n from "@vscode/l10n";
import { ApiError } from "../../api/errors.js";
import type { BackendAIClient, SessionDetail } from "../../api/index.js";
import { groupNameOf } from "./groupName.js";
import { amountOf } from "../start/slots.js";
import type { StartRequest } from "../start/startRequest.js";

/** A session as it would have to be asked for again, its name included. */
export interface Likeness {
  readonly request: StartRequest;
  readonly detail: SessionDetail;
}

/**
 * The request that makes a session like one that is there: same image, resources, folders, variables and name.
 * @throws {NotFoundError}
 */
export async function likenessOf(
  client: BackendAIClient,
  id: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<Likeness> {
  const [detail, environment] = await Promise.all([
    client.sessions.detail(id, { signal }),
    environmentOf(client, id, signal),
  ]);
  const group = await groupNameOf(client, detail.groupId, { signal });
  const { type, requestedSlots, mounts } = detail;
  const resources = Object.entries(requestedSlots).filter(([, amount]) => (amountOf(amount) ?? 0) > 0);
  const request: StartRequest = {
    image: detail.image,
    name: detail.name,
    ...(type === "batch" ? { type, ...given("command", detail.startupCommand) } : {}),
    ...(resources.length > 0 ? { resources: Object.fromEntries(resources) } : {}),
    ...given("sharedMemory", detail.sharedMemory),
    ...given("group", group),
    ...given("resourceGroup", detail.resourceGroup),
    ...(mounts.length > 0 ? { mounts } : {}),
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(detail.clusterSize > 1 ? { clusterSize: detail.clusterSize } : {}),
    ...given("tag", detail.tag),
  };
  return { request, detail };
}

function given<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}

/** What becomes of files when a session with these folders is destroyed, as two sentences. */
export function fateOfFiles(mounts: readonly string[]): string {
  return mounts.length === 0
    ? l10n.t("Programs end, and all files in /home/work are lost: this session has no virtual folders.")
    : l10n.t(
        "Programs end, and all files in /home/work are lost, but for those in its virtual folders, which stay: {0}.",
        mounts.join(", "),
      );
}

/** Variables that a person gave; servers tell them as Python prints a mapping. A session that can't be asked has none to tell. */
async function environmentOf(
  client: BackendAIClient,
  id: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  try {
    const { environ } = await client.sessions.info(id, { signal });
    const variables = Object.entries(typeof environ === "string" ? mappingOf(environ) : {});
    return Object.fromEntries(variables.filter(([name]) => !name.startsWith("BACKEND_")));
  } catch (error) {
    if (error instanceof ApiError) {
      return {};
    }
    throw error;
  }
}

const pythonText = String.raw`'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"`;

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** `{'A': '1', 'B': "it's"}` as a record; what is no text is left out. */
export function mappingOf(python: string): Readonly<Record<string, string>> {
  const pairs = python.matchAll(new RegExp(`(?:${pythonText})\\s*:\\s*(?:${pythonText})`, "g"));
  const plain = (text: string): string =>
    text.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
  return Object.fromEntries(
    [...pairs].map(([, a, b, c, d]) => [plain(a ?? b ?? ""), plain(c ?? d ?? "")] as const),
  );
}
