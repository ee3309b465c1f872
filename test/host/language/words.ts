/** What the extension says in a language, so that a journey can be made in each of them. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { extensionRoot } from "../paths.js";
import type { Language } from "./languagePack.js";

type Texts = Readonly<Record<string, string | undefined>>;

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs?: readonly { readonly id: string; readonly title: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
  };
}

/** The texts of the extension as a person meets them who has set VS Code to `language`. */
export class Words {
  readonly #code: Texts;
  readonly #manifestTexts: Texts;
  readonly #manifest = readJson("package.json") as Manifest;

  constructor(readonly language: Language) {
    this.#code = language === "en" ? {} : textsOf(`l10n/bundle.l10n.${language}.json`);
    const translated = language === "en" ? {} : textsOf(`package.nls.${language}.json`);
    this.#manifestTexts = { ...textsOf("package.nls.json"), ...translated };
  }

  /** A text of the code, by its English; what has no translation is said in English. */
  text(english: string, ...values: readonly (string | number)[]): string {
    const text = this.#code[english] ?? english;
    return text.replaceAll(/\{(\d+)\}/g, (all, index: string) => String(values[Number(index)] ?? all));
  }

  /** Finds a text of the code wherever it stands; a placeholder is anything on one line. */
  pattern(english: string): RegExp {
    const parts = this.text(english).split(/\{\d+\}/);
    return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+?"));
  }

  /** The title of a command. */
  command(id: string): string {
    const found = this.#manifest.contributes.commands.find(({ command }) => command === id);
    return this.#inManifest(found?.title, id);
  }

  /** The name of a view. */
  view(id: string): string {
    const found = Object.values(this.#manifest.contributes.views)
      .flat()
      .find((view) => view.id === id);
    return this.#inManifest(found?.name, id);
  }

  /** The title of a walkthrough; `undefined` where the manifest has none of that id. */
  walkthrough(id: string): string | undefined {
    const found = this.#manifest.contributes.walkthroughs?.find((walkthrough) => walkthrough.id === id);
    return found && this.#inManifest(found.title, id);
  }

  /** The label of the button in a welcome view that runs this command. */
  welcomeButton(command: string): string {
    for (const { contents } of this.#manifest.contributes.viewsWelcome) {
      for (const [, label, link] of this.#inManifest(contents, contents).matchAll(
        /\[([^\]]+)\]\(command:([\w.]+)\)/g,
      )) {
        if (link === command && label !== undefined) {
          return label;
        }
      }
    }
    throw new Error(`No welcome view has a button for ${command}.`);
  }

  /** A text of the manifest, which may be the name of one in `package.nls.json`. */
  #inManifest(text: string | undefined, what: string): string {
    const key = /^%(.+)%$/.exec(text ?? "")?.[1];
    const found = key === undefined ? text : this.#manifestTexts[key];
    if (found === undefined) {
      throw new Error(`The manifest has no text for ${what}.`);
    }
    return found;
  }
}

function textsOf(file: string): Texts {
  return existsSync(path.join(extensionRoot, file)) ? (readJson(file) as Texts) : {};
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(extensionRoot, file), "utf8"));
}
