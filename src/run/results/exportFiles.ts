import type { HtmlItem, ImageItem, ResultItem } from "./resultItem.js";
import { plainText } from "./render/ansiHtml.js";
import type { RunResults } from "./runResults.js";

/** A file to be written. */
export interface ExportFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const extensions: Readonly<Record<ImageItem["mimeType"], string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/svg+xml": "svg",
};

/** An item as a file named after its run, such as `plot-3.png`. HTML is as the program gave it, scripts and all. */
export function exportFile(run: RunResults, item: ImageItem | HtmlItem): ExportFile {
  const name = `${baseName(run)}-${item.id}`;
  return item.kind === "image"
    ? { name: `${name}.${extensions[item.mimeType]}`, content: Buffer.from(item.base64, "base64") }
    : { name: `${name}.html`, content: Buffer.from(withCharset(item.html), "utf8") };
}

/** Every picture and piece of HTML of a run as a file, and its text as another. */
export function exportFiles(run: RunResults): ExportFile[] {
  const text = run.items.map((item) => (item.kind === "text" ? plainText(item.text) : "")).join("");
  return [
    ...run.items.filter(isFile).map((item) => exportFile(run, item)),
    ...(text === "" ? [] : [{ name: `${baseName(run)}.txt`, content: Buffer.from(text, "utf8") }]),
  ];
}

/** A name for files of a run, from its title: `plots/a b.py` → `a b`. */
export function baseName({ title }: Pick<RunResults, "title">): string {
  const last = title.split(/[\\/]/).at(-1) ?? "";
  const name = last
    .replace(/\.\w{1,10}$/, "")
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, "_")
    .replace(/^[. ]+/, "")
    .slice(0, 60);
  return name === "" ? "results" : name;
}

/** Whether an item is worth a file of its own. */
export function isFile(item: ResultItem): item is ImageItem | HtmlItem {
  return item.kind === "image" || item.kind === "html";
}

/** A piece of a page would be read in the encoding of the country. */
function withCharset(html: string): string {
  // for programs
  return /^\s*(<!doctype|<html)/i.test(html) ? html : `<!doctype html>\n<meta charset="utf-8">\n${html}`;
}
