/** The texts of the source and of the manifest, and their translations. */
import { getL10nJson } from "@vscode/l10n-dev";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod/mini";

export const koreanBundle = "l10n/bundle.l10n.ko.json";

const Bundle = z.record(z.string(), z.string());

/** A file of texts by key: a bundle, or the texts of the manifest. */
export function readBundle(file: string): Record<string, string> {
  return Bundle.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** Keys of all that is said by `l10n.t` in `src`, sorted. A text with a comment has it behind a slash in its key. */
export async function textsOfSource(): Promise<string[]> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const sources = files.map((name) => ({
    extension: ".ts",
    contents: readFileSync(path.join("src", name), "utf8"),
  }));
  return Object.keys(await getL10nJson(sources.filter(({ contents }) => contents.includes("l10n.t")))).sort();
}

/** The placeholders of a text, `{0}` or `{name}`, sorted; a text may name one twice. */
export function placeholders(text: string): string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}
