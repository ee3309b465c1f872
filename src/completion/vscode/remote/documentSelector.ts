import type * as vscode from "vscode";
import type { SessionSummary } from "../../../api/index.js";
import { fileScheme } from "../../../platform/contributedIds.js";
import type { ServedLanguage } from "../../remote/servers/languageServers.js";

/** The documents that a server of a session serves: files of this window, and those of the session by its name or id. */
export function documentSelectorOf(
  { languageIds }: ServedLanguage,
  session: Pick<SessionSummary, "id" | "name">,
): vscode.DocumentFilter[] & { language: string; scheme: string }[] {
  return languageIds.flatMap((language) => [
    { language, scheme: "file" },
    { language, scheme: fileScheme, pattern: `/{${session.name},${session.id}}/**` },
  ]);
}
