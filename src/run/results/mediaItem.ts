import * as l10n from "@vscode/l10n";
import { Buffer } from "node:buffer";
import { formatBytes, shorten } from "../../base/text.js";
import type { ImageItem, NoteItem } from "./resultItem.js";

/** A `media` event of a run. */
export interface Media {
  readonly mimeType: string;
  /** A data URL; the text itself for `image/svg+xml`. */
  readonly data: string;
}

/** How the pictures that browsers draw begin, in hexadecimal. A type that a server names is not believed. */
const beginnings: readonly (readonly [start: RegExp, mimeType: ImageItem["mimeType"]])[] = [
  [/^89504e470d0a1a0a/, "image/png"],
  [/^ffd8ff/, "image/jpeg"],
  [/^47494638(37|39)61/, "image/gif"],
  [/^52494646.{8}57454250/, "image/webp"],
];

/** The picture of a `media` event, or a note that says why there is none. Never throws, whatever the data are. */
export function mediaItem(id: number, { mimeType, data }: Media): ImageItem | NoteItem {
  const type = shorten(mimeType.toLowerCase(), 60);
  if (type === "image/svg+xml" && !data.startsWith("data:")) {
    return svgItem(id, data);
  }
  const base64 = base64Of(data);
  if (base64 === undefined) {
    return unreadable(id, type, data);
  }
  if (type === "image/svg+xml") {
    return svgItem(id, Buffer.from(base64, "base64").toString("utf8"));
  }
  const head = Buffer.from(base64.slice(0, 24), "base64").toString("hex");
  const known = beginnings.find(([start]) => start.test(head));
  if (known !== undefined) {
    return { kind: "image", id, mimeType: known[1], base64 };
  }
  return type.startsWith("image/") ? unreadable(id, type, data) : noPicture(id, type, data);
}

/** The payload of a data URL without white space. Searching for what is wrong never steps back, so that megabytes are quick. */
function base64Of(data: string): string | undefined {
  const comma = data.indexOf(",");
  if (comma < 0 || comma > 200 || !/^data:[^,]*;base64$/i.test(data.slice(0, comma))) {
    return undefined;
  }
  const base64 = data.slice(comma + 1).replace(/\s+/g, "");
  return base64 === "" || /[^A-Za-z0-9+/=]/.test(base64) ? undefined : base64;
}

/** In an `img`, a drawing without the name of its language is no picture; in a page it was one. */
function svgItem(id: number, text: string): ImageItem | NoteItem {
  const start = /<svg(?=[\s/>])/.exec(text);
  if (start === null) {
    return unreadable(id, "image/svg+xml", text);
  }
  const end = start.index + start[0].length;
  const tag = text.slice(start.index, text.indexOf(">", end) + 1);
  const named = /\sxmlns\s*=/.test(tag)
    ? text
    : `${text.slice(0, end)} xmlns="http://www.w3.org/2000/svg"${text.slice(end)}`;
  return {
    kind: "image",
    id,
    mimeType: "image/svg+xml",
    base64: Buffer.from(named, "utf8").toString("base64"),
  };
}

function unreadable(id: number, type: string, data: string): NoteItem {
  return {
    kind: "note",
    id,
    text: l10n.t("A picture ({0}, {1}) came damaged and can't be shown.", type, formatBytes(data.length)),
  };
}

function noPicture(id: number, type: string, data: string): NoteItem {
  return {
    kind: "note",
    id,
    text: l10n.t("Output of type {0} ({1}) can't be shown here.", type, formatBytes(data.length)),
  };
}
