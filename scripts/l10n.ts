/**
 * `npm run l10n`: brings the Korean bundle in line with the source (`docs/translations.md`): what no file says any more goes, the
 * rest is sorted, and what is to be done is printed. Ends with 1 while something is.
 *
 *     npm run l10n -- src/files     texts that are not translated, of these files alone
 */
import { readFileSync, writeFileSync } from "node:fs";
import { koreanBundle, readBundle, textsOfSource } from "./support/translations.js";
import { findUntranslated } from "./support/untranslated.js";

const wanted = process.argv.slice(2);
const korean = readBundle(koreanBundle);
const texts = textsOfSource().map(({ key }) => key);
const kept = texts.filter((text) => text in korean);
const missing = texts.filter((text) => !(text in korean));

const sorted = Object.fromEntries(kept.map((text) => [text, korean[text]]));
const content = `${JSON.stringify(sorted, undefined, 2)}\n`;
if (content !== readFileSync(koreanBundle, "utf8")) {
  writeFileSync(koreanBundle, content);
}

const bare = findUntranslated().filter(
  ({ file }) => wanted.length === 0 || wanted.some((start) => file.startsWith(start)),
);
for (const { file, line, text } of bare) {
  console.log(`${file}:${line}: not translated: ${JSON.stringify(text)}`);
}
for (const text of missing) {
  console.log(`without Korean: ${JSON.stringify(text)}`);
}
console.log(`${texts.length} texts, ${missing.length} without Korean, ${bare.length} not translated at all`);
process.exitCode = missing.length + bare.length === 0 ? 0 : 1;
