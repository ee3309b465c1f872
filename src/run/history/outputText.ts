import { stripVTControlCharacters } from "node:util";

/** Output as a text to read: without colours, and each line as it stood last, as progress bars write over theirs. */
export function outputText(output: Uint8Array): string {
  return stripVTControlCharacters(new TextDecoder().decode(output))
    .replace(/\r+\n/g, "\n")
    .replace(/^.*\r(?!$)/gm, "");
}
