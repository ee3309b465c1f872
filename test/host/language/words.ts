/** What the extension says in a language, so that a journey can be made in each of them. */
import { koreanBundle, readBundle } from "../../../scripts/support/translations.js";
import { readManifest } from "../../support/manifest.js";
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
  readonly #manifest: Manifest;

  constructor(readonly language: Language) {
    this.#code = language === "en" ? {} : readBundle(koreanBundle);
    this.#manifest = readManifest(language) as Manifest;
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
    return known(found?.title, id);
  }

  /** The name of a view. */
  view(id: string): string {
    const found = Object.values(this.#manifest.contributes.views)
      .flat()
      .find((view) => view.id === id);
    return known(found?.name, id);
  }

  /** The title of a walkthrough; `undefined` where the manifest has none of that id. */
  walkthrough(id: string): string | undefined {
    const found = this.#manifest.contributes.walkthroughs?.find((walkthrough) => walkthrough.id === id);
    return found?.title;
  }

  /** The label of the button in a welcome view that runs this command. */
  welcomeButton(command: string): string {
    for (const { contents } of this.#manifest.contributes.viewsWelcome) {
      for (const [, label, link] of contents.matchAll(/\[([^\]]+)\]\(command:([\w.]+)\)/g)) {
        if (link === command && label !== undefined) {
          return label;
        }
      }
    }
    throw new Error(`No welcome view has a button for ${command}.`);
  }
}

function known(text: string | undefined, what: string): string {
  if (text === undefined) {
    throw new Error(`The manifest has no text for ${what}.`);
  }
  return text;
}
