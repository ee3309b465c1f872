import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type * as vscode from "vscode";
import * as z from "zod/mini";
import { formatBytes } from "../../../base/text.js";
import type { FilePlace } from "../../filePlace.js";
import { fileScheme } from "../../../platform/contributedIds.js";
import { partText } from "../../provider/partText.js";
import { copyScheme } from "./copyScheme.js";
import { placeIn, uriOf } from "./sessionUris.js";
import type { ProviderParts } from "./providerParts.js";

/** Which content of a file: the session's as it is when asked for, a kept one, or the beginning or end of it. */
export type CopyKind =
  | { readonly kind: "now" }
  | { readonly kind: "previous"; readonly id: string }
  | { readonly kind: "first" | "last"; readonly bytes: number };

const Query = z.object({
  path: z.string(),
  kind: z.enum(["now", "previous", "first", "last"]),
  id: z.optional(z.string()),
  bytes: z.optional(z.number()),
});

/** The address of a copy; its name is the file's, so that it is shown in the file's language. */
export function copyUri(place: FilePlace, copy: CopyKind): vscode.Uri {
  const { path } = place;
  const base = posix.basename(path);
  // The end of the name tells the language.
  const name =
    copy.kind === "first"
      ? l10n.t("First {0} of {1}", formatBytes(copy.bytes), base)
      : copy.kind === "last"
        ? l10n.t("Last {0} of {1}", formatBytes(copy.bytes), base)
        : base;
  const shown = uriOf({ ...place, path: posix.join(posix.dirname(path), name) });
  return shown.with({ scheme: copyScheme, query: JSON.stringify({ path, ...copy }) });
}

/** What a copy's document says. */
export async function copyText({ system, previous }: ProviderParts, uri: vscode.Uri): Promise<string> {
  const { path, kind, id = "", bytes = 0 } = Query.parse(JSON.parse(uri.query));
  const place = { ...placeIn(uri.with({ scheme: fileScheme })), path };
  if (kind === "previous") {
    return new TextDecoder().decode(await previous.read(place, id));
  }
  if (kind === "now") {
    return new TextDecoder().decode(await system.read(place));
  }
  const { size } = await system.stat(place);
  const start = kind === "first" ? 0 : Math.max(0, size - bytes);
  const part = await system.readPart(place, start, Math.min(size, start + bytes));
  return part.byteLength === size ? new TextDecoder().decode(part) : partText(part, kind === "first");
}
