import { AnsiUp } from "ansi_up";

/** Escape sequences of any kind, also cut off ones. */
const escapes =
  /\x1b(?:\[[0-9:;<=>?]{0,60}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,4000}(?:\x07|\x1b\\)|[()#%][0-9A-Za-z]|[^[\]]|\[?|\])/g;

/** Characters without a picture, but for tabs and line ends. */
const controls = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;

/**
 * Terminal text as escaped HTML: colours become classes such as `ansi-red-fg`, all other escapes and links are left out.
 * @param style Escapes that bring the colours in which the text begins.
 */
export function ansiHtml(text: string, style = ""): string {
  const converter = new AnsiUp();
  converter.use_classes = true;
  return converter.ansi_to_html(style + coloursOnly(text));
}

/** Terminal text without its escapes. */
export function plainText(text: string): string {
  return text.replaceAll(escapes, "").replaceAll(controls, "");
}

/** What the converter does not know, it would show or swallow with what follows. */
function coloursOnly(text: string): string {
  return text
    .replaceAll(escapes, (escape) => (/^\x1b\[[\d;]*m$/.test(escape) ? escape : ""))
    .replaceAll(controls, "");
}
