/** The texts of the source and of the manifest, and their translations. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import * as z from "zod/mini";
import { saidText, type SaidText, sourceFiles } from "./sourceTexts.js";

export const koreanBundle = "l10n/bundle.l10n.ko.json";

const Bundle = z.record(z.string(), z.string());

/** A file of texts by key: a bundle, or the texts of the manifest. */
export function readBundle(file: string): Record<string, string> {
  return Bundle.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** All that is said by `l10n.t` in `src`, sorted by key. */
export function textsOfSource(): SaidText[] {
  const found = new Map<string, SaidText>();
  const visit = (node: ts.Node): void => {
    const text = saidText(node);
    if (text !== undefined) {
      found.set(text.key, text);
    }
    ts.forEachChild(node, visit);
  };
  for (const { source } of sourceFiles((_, text) => text.includes("l10n.t("))) {
    visit(source);
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The placeholders of a text, `{0}` or `{name}`, sorted; a text may name one twice. */
export function placeholders(text: string): string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}
