import * as l10n from "@vscode/l10n";
import type { HtmlItem, ImageItem, ResultItem } from "../resultItem.js";
import { ansiHtml } from "./ansiHtml.js";
import { escapeHtml } from "./escapeHtml.js";
import { frameDocument, hasScripts } from "./frameDocument.js";

/** How items are drawn. */
export interface RenderOptions {
  /** Whether there are buttons to copy and to save. A page in a file has none. */
  readonly hasActions: boolean;
}

/** Name of a type for people. */
const typeNames: Readonly<Record<ImageItem["mimeType"], string>> = {
  "image/png": l10n.t("PNG picture"),
  "image/jpeg": l10n.t("JPEG picture"),
  "image/gif": l10n.t("GIF picture"),
  "image/webp": l10n.t("WebP picture"),
  "image/svg+xml": l10n.t("SVG drawing"),
};

/** An item as one element of the page, which bears `key`. Everything that comes from the program is escaped or framed. */
export function renderItem(key: string, item: ResultItem, options: RenderOptions): string {
  switch (item.kind) {
    case "text":
      return element("pre", key, { className: `text ${item.stream}`, body: ansiHtml(item.text, item.style) });
    case "note":
      return element("p", key, { className: "note", body: escapeHtml(item.text) });
    case "image":
      return element("figure", key, {
        className: "image",
        body: picture(item) + actions(options, "copy", "save"),
      });
    case "html":
      return element("div", key, { className: "html", body: framed(item, options) });
  }
}

/** In an `img` no script of a drawing runs, and nothing that it names is loaded. */
function picture({ mimeType, base64 }: ImageItem): string {
  const title = escapeHtml(l10n.t("Click for its own size"));
  const name = typeNames[mimeType];
  const damaged = l10n.t("This {0} can't be drawn: its data are damaged.", name);
  const words = `alt="${escapeHtml(name)}" title="${title}" data-damaged="${escapeHtml(damaged)}"`; // for programs
  return `<img src="data:${mimeType};base64,${base64}" ${words}>`; // for programs
}

/** `allow-same-origin` lets the page measure the frame and lend it the theme; scripts stay forbidden. */
function framed({ html }: HtmlItem, options: RenderOptions): string {
  const title = escapeHtml(l10n.t("HTML output"));
  // for programs
  const frame = `<iframe sandbox="allow-same-origin" title="${title}" srcdoc="${escapeHtml(frameDocument(html))}"></iframe>`;
  const way = options.hasActions ? l10n.t("Save it and open it in a browser to see all of it.") : "";
  const words = l10n.t("Scripts in this output were left out, so part of it may be missing.");
  const note = hasScripts(html) ? `<p class="note">${escapeHtml(words)} ${escapeHtml(way)}</p>` : "";
  return frame + note + actions(options, "save");
}

function actions({ hasActions }: RenderOptions, ...names: readonly ("copy" | "save")[]): string {
  const titles = { copy: l10n.t("Copy"), save: l10n.t("Save") };
  // for programs
  const buttons = names.map((name) => `<button data-action="${name}">${escapeHtml(titles[name])}</button>`);
  return hasActions ? `<div class="actions">${buttons.join("")}</div>` : ""; // for programs
}

function element(
  tag: string,
  key: string,
  { className, body }: { readonly className: string; readonly body: string },
): string {
  return `<${tag} class="${className}" data-key="${key}">${body}</${tag}>`;
}
