import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { homeDirectory } from "../../api/index.js";
import { formatBytes } from "../../base/text.js";
import type { NamedFile } from "../../files/access/fileAccess.js";
import { tool } from "../tool.js";
import { pathConsent, sessionPath } from "./sessionPath.js";
import { whichSession } from "./whichSession.js";

/** Entries that are told. */
const most = 500;

export const listFilesInput = z.strictObject({
  session: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  path: z.optional(z.string().check(z.minLength(1), z.maxLength(4096))),
});

type ListFilesInput = z.infer<typeof listFilesInput>;

/** What is in a folder of a session. */
export const listFiles = tool<ListFilesInput>({
  name: "backendai_list_files",
  changes: false,
  limitMs: () => 30_000,
  parse: (input) => z.parse(listFilesInput, input),
  progress: l10n.t("Listing files of a session of Backend.AI"),
  consent: async ({ session, path = homeDirectory }, place) =>
    pathConsent({ session, path, title: l10n.t("List a folder of a session?"), verb: "list" }, place),
  answer: async ({ session: asked, path = homeDirectory }, place) => {
    const { client, filesOf, signal } = place;
    const session = whichSession(await place.sessions(), asked);
    const folder = sessionPath(path);
    const entries = [...(await (await filesOf(client, session.id)).list(folder, { signal }))].sort(
      byKindAndName,
    );
    const more = entries.length > most ? ` The first ${String(most)}:` : "";
    return {
      facts: `${folder} in session ${session.name} on ${place.server}: ${entries.length === 1 ? "1 entry" : `${String(entries.length)} entries`}, folders first.${more}`,
      body: { text: entries.slice(0, most).map(lineOf).join("\n"), keep: "start" },
    };
  },
});

function byKindAndName(a: NamedFile, b: NamedFile): number {
  const kinds = Number(b.type === "directory") - Number(a.type === "directory");
  return kinds || (a.name < b.name ? -1 : 1);
}

/** A name with line breaks is no two entries. */
function lineOf({ name, type, isLink, size, mtimeMs }: NamedFile): string {
  const shown = name.replaceAll(/[\r\n]/g, "\\n");
  const link = isLink ? " (link)" : "";
  if (type === "directory") {
    return `${shown}/${link}`;
  }
  const time =
    Number.isFinite(mtimeMs) && mtimeMs > 0 ? `  ${new Date(mtimeMs).toISOString().slice(0, 16)}` : "";
  return `${shown}${link}  ${type === "file" ? formatBytes(size) : type}${time}`;
}
