import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** The languages that the extension speaks. */
export type Language = "en" | "ko";

const languages = [{ id: "ko", label: "한국어" }] as const satisfies readonly {
  id: Language;
  label: string;
}[];

/**
 * Lets the VS Code of a profile be set to any of our languages, without a language pack from a marketplace.
 *
 * A server takes a display language only where `languagepacks.json` of its data folder names a file with texts of the workbench in it:
 * what installing a language pack leaves there. Ours has no texts, so the workbench itself goes on in English; but the page, the
 * manifests of extensions (`package.nls.ko.json`) and the extension host (`vscode.env.language`, `bundle.l10n.ko.json`) are Korean.
 */
export async function addLanguages(dataFolder: string): Promise<void> {
  const folder = path.join(dataFolder, "languages");
  await mkdir(folder);
  const texts = path.join(folder, "main.i18n.json");
  await writeFile(texts, JSON.stringify({ "": [], version: "1.0.0", contents: {} }));
  const packs = languages.map(({ id, label }) => [
    id,
    {
      hash: "none", // names the folder in which the server keeps what it made of the texts
      label,
      extensions: [{ extensionIdentifier: { id: `backendai-development.${id}` }, version: "1.0.0" }],
      translations: { vscode: texts },
    },
  ]);
  await writeFile(path.join(dataFolder, "languagepacks.json"), JSON.stringify(Object.fromEntries(packs)));
}
